"""Builds the job that a target describes, checked as far as it can be before anything is uploaded."""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from workspace_jobs.azure_errors import azure_errors
from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.jobs.targets import TRAINING, Described, JobFile
from workspace_jobs.names import EXPERIMENT, JOB, check_name, experiment_from
from workspace_jobs.quiet import make_quiet

if TYPE_CHECKING:
    from azure.ai.ml.entities import Job

CONDA_FILE = TRAINING / "conda.yaml"
SCRIPT_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest"
INPUT_REFERENCE = re.compile(r"\$\{\{\s*inputs\.(\w+)\s*\}\}")


@dataclass(frozen=True)
class Options:
    """What the command line adds to a target."""

    name: str | None = None
    experiment: str | None = None
    compute: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def built(target: Described, options: Options) -> Iterator["Job"]:
    """Yield the job, whose files exist until the context ends; nothing is sent. Raises JobsError."""
    make_quiet()
    _check_names(options)
    with tempfile.TemporaryDirectory(prefix="mlws-job-") as scratch:
        job = _job(target, options, Path(scratch))
        # The SDK's jobs share these three without a common declaration of them.
        entity: Any = job
        entity.name = options.name or entity.name
        entity.experiment_name = options.experiment or entity.experiment_name or _default_experiment()
        entity.compute = options.compute or entity.compute
        check_name(EXPERIMENT, entity.experiment_name, "the job's experiment_name")
        if entity.name:
            check_name(JOB, entity.name, "the job's name")
        yield job


def parse_settings(settings: Sequence[str]) -> dict[str, Any]:
    """Read `inputs.alpha=0.1` and the like; values are YAML, so that 0.1 is a number. Raises JobsError."""
    parsed: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not re.fullmatch(r"\w+(\.\w+)*", key):
            raise JobsError(f"--set {setting}: write it as inputs.alpha=0.1")
        try:
            parsed[key] = yaml.safe_load(value) if value else ""
        except yaml.YAMLError as error:
            raise JobsError(f"--set {setting}: the value is not YAML: put it in quotes") from error
    return parsed


def _check_names(options: Options) -> None:
    if options.name is not None:
        check_name(JOB, options.name, "--name")
    if options.experiment is not None:
        check_name(EXPERIMENT, options.experiment, "--experiment")


def _default_experiment() -> str:
    """Name the experiment as azure-ai-ml documents it: after the working folder."""
    return experiment_from(Path.cwd().name)


def _job(target: Described, options: Options, scratch: Path) -> "Job":
    if isinstance(target, JobFile):
        return _from_file(target.path, options.settings)
    from workspace_jobs.training import digits_automl

    limits = digits_automl.limits(dict(options.settings))
    with azure_errors("build the AutoML job"):
        return digits_automl.build(digits_automl.write_table(scratch / "digits"), limits)


def _from_file(path: Path, settings: Mapping[str, Any]) -> "Job":
    _check_settings(path, settings)
    from azure.ai.ml import load_job

    with azure_errors(f"read {path}"):
        job = load_job(path, params_override=[{key: value} for key, value in settings.items()])
    _check_input_references(job, path)
    return job


def _check_settings(path: Path, settings: Mapping[str, Any]) -> None:
    """Refuse an input that the file does not have; the SDK would add it, and nothing would read it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise JobsError(f"{path} is not YAML ({' '.join(str(error).split())}): mend it") from error
    if not isinstance(content, dict):
        raise JobsError(f"{path} does not hold keys and values: write an Azure ML job (`type`, `command`, ...)")
    inputs = content.get("inputs") or {}
    for key in settings:
        section, _, name = key.partition(".")
        if section == "inputs" and name.partition(".")[0] not in inputs:
            raise JobsError(f"--set {key}: {path} has no input `{name}`: {nearest(name, inputs)}")


def _check_input_references(job: "Job", path: Path) -> None:
    """Refuse a command that refers to an input it does not have; the SDK notices after the upload."""
    command = getattr(job, "command", None)
    inputs = getattr(job, "inputs", None) or {}
    for name in INPUT_REFERENCE.findall(command) if isinstance(command, str) else ():
        if name not in inputs:
            raise JobsError(
                f"{path}: `command` refers to the input `{name}`, which is not there: {nearest(name, inputs)}"
            )

"""A training job in a workspace: its code, the launcher and what is to be launched, uploaded as one folder."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from workspace_jobs.connection import Workspace
from workspace_jobs.errors import JobsError
from workspace_jobs.jobs.building import CONDA_FILE, SCRIPT_IMAGE, Options
from workspace_jobs.jobs.submission import submit
from workspace_jobs.jobs.targets import JobFile
from workspace_jobs.training.job import Asked, launch_spec
from workspace_jobs.training.launch.spec import LaunchSpec

SPEC_FILE = "mlws-launch.json"
LAUNCH = f"python -m workspace_jobs.training.launch {SPEC_FILE}"
_PACKAGE = Path(__file__).resolve().parents[1]
# The part of this package that runs on a compute.
CARRIED = ("__init__.py", "errors.py", "logging_policy.py", "training/__init__.py", "training/launch", "tracking")


def submit_training(workspace: Workspace, asked: Asked, compute: str | None) -> str:
    """Submit the job and return its name in the workspace. Raises JobsError."""
    spec = launch_spec(asked)
    inputs = {name: job_input(workspace, path) for name, path in spec.data.items()}
    description = {
        "type": "command",
        "display_name": asked.name or spec.target.name,
        "tags": dict(spec.tags),
        "command": " ".join([LAUNCH, *(f"--data {name}=${{{{inputs.{name}}}}}" for name in inputs)]),
        **({"inputs": inputs} if inputs else {}),
    }
    with job_file(spec, description, asked.environment) as path:
        options = Options(asked.name, spec.experiment, compute)
        job = submit(workspace, JobFile(path), options, workspace.config.policy.with_autolog(asked.autolog))
    return str(job.name)


@contextmanager
def job_file(spec: LaunchSpec, description: Mapping[str, Any], environment: str | None) -> Iterator[Path]:
    """Yield an Azure ML job file with code and environment of a launch, and with what `description` says besides."""
    with job_with_code(lambda folder: write_code(spec, folder), description, environment) as path:
        yield path


@contextmanager
def job_with_code(
    write: Callable[[Path], None],
    description: Mapping[str, Any],
    environment: str | None,
    conda_file: Path = CONDA_FILE,
) -> Iterator[Path]:
    """The same with the code that `write` puts into a folder; `conda_file` is for no `environment`."""
    with tempfile.TemporaryDirectory(prefix="mlws-code-") as scratch:
        code = Path(scratch) / "code"
        write(code)
        default = {"image": SCRIPT_IMAGE, "conda_file": str(conda_file)}
        runs = {"code": str(code), "environment": f"azureml:{environment}" if environment else default}
        # In a sweep it is the trial that runs.
        of_sweep = {"trial": {**runs, **description["trial"]}} if "trial" in description else runs
        stated = {**description, **of_sweep}
        path = Path(scratch) / "job.yaml"
        path.write_text(yaml.safe_dump(stated, sort_keys=False), encoding="utf-8")
        yield path


def write_code(spec: LaunchSpec, folder: Path) -> None:
    """Write what is uploaded: the code, the launcher, and the spec without any path of this machine."""
    for relative in spec.files:
        _copy(Path(spec.root) / relative, folder / relative)
    write_package(CARRIED, folder)
    replace(spec, root=".", data={}).write(folder / SPEC_FILE)


def write_package(parts: Iterable[str], folder: Path) -> None:
    """Write modules and folders of this package, as they are imported, into `folder`."""
    for name in parts:
        part = _PACKAGE / name
        for file in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if file.is_file() and file.suffix != ".pyc":
                _copy(file, folder / "workspace_jobs" / file.relative_to(_PACKAGE))


def job_input(workspace: Workspace, path: str) -> dict[str, str]:
    """Describe data as a job's input: a file or folder here, an address, or `azureml:NAME:VERSION`."""
    if path.startswith("azureml:") and not path.startswith("azureml://"):
        name, _, version = path.removeprefix("azureml:").rpartition(":")
        if not name:
            raise JobsError(f"--data {path}: write the version too, as azureml:NAME:VERSION")
        with workspace.errors(f"read data `{path}`"):
            return {"type": str(workspace.ml_client.data.get(name, version).type), "path": path}
    if "://" in path:
        return {"type": "uri_file" if Path(path).suffix else "uri_folder", "path": path}
    if not Path(path).exists():
        raise JobsError(f"--data {path}: there is no such file or folder here: write an azureml: address otherwise")
    return {"type": "uri_folder" if Path(path).is_dir() else "uri_file", "path": str(Path(path).absolute())}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)

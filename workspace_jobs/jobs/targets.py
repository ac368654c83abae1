"""Says what `mlws jobs submit TARGET` means: a bundled job, an Azure ML job file or a Python script."""

from dataclasses import dataclass
from pathlib import Path

from workspace_jobs.errors import JobsError, nearest

TRAINING = Path(__file__).resolve().parent.parent / "training"


@dataclass(frozen=True)
class JobFile:
    """A job in Azure ML's own YAML."""

    path: Path


@dataclass(frozen=True)
class Script:
    """A Python script, to be submitted as `mlws train` submits it."""

    path: Path


@dataclass(frozen=True)
class DigitsAutoML:
    """The bundled AutoML job, which is built rather than read since it brings its table along."""


# What a job is built from as it stands.
Described = JobFile | DigitsAutoML
Target = Described | Script

BUNDLED: dict[str, Described] = {
    "elastic-net": JobFile(TRAINING / "elastic_net" / "job.yaml"),
    "digits-automl": DigitsAutoML(),
}


def resolve(target: str) -> Target:
    """Return what `target` names. Raises JobsError where that is nothing."""
    if target in BUNDLED:
        return BUNDLED[target]
    path = Path(target)
    if path.is_dir():
        raise JobsError(f"{target} is a folder: name a job file or a Python script in it")
    if not path.is_file():
        raise JobsError(f"{target} is neither a file nor a bundled job: {nearest(target, BUNDLED)}")
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return JobFile(path)
        case ".py":
            return Script(path)
    raise JobsError(f"{target} is not a job: name an Azure ML job file (.yaml), a Python script (.py) or a bundled job")

"""What a job is, resolved: the only thing that passes from the Azure ML service to the runner.

Everything that needs ARM (asset ids, datastores, code ids) is already turned into blob folders here, so a job
can be prepared, run and finished by a process that knows nothing of the server, even after the server died.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from localazure.runner.errors import RunnerError

JobKind = Literal["command", "automl", "sweep"]
# JSON as Python has it; the leaves are judged where they are used.
Json = Mapping[str, object]

# Azure's own rule for job names, which also makes them safe folder names.
_JOB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}")


@dataclass(frozen=True)
class BlobFolder:
    """A place in blob storage: the blob named `prefix`, and every blob under `prefix/`.

    An empty prefix is the whole container.
    """

    account: str
    container: str
    prefix: str

    def child(self, path: str) -> "BlobFolder":
        """The place `path` (with forward slashes) below this one."""
        return dataclasses.replace(self, prefix="/".join(part for part in (self.prefix.strip("/"), path) if part))


@dataclass(frozen=True)
class LiteralInput:
    """An input given by its value."""

    value: str


@dataclass(frozen=True)
class BlobInput:
    """An input that is downloaded; `type` is Azure's jobInputType (uri_file, uri_folder, mltable, ...)."""

    folder: BlobFolder
    type: str


@dataclass(frozen=True)
class BlobOutput:
    """An output that is uploaded; `type` is Azure's jobOutputType (uri_file, mlflow_model, ...)."""

    folder: BlobFolder
    type: str


@dataclass(frozen=True)
class EnvironmentSpec:
    """The environment a job asked for. `conda` is the parsed conda file, None when there is none."""

    name: str
    version: str
    image: str | None = None
    conda: Json | None = None


@dataclass(frozen=True)
class WorkspaceRef:
    """Which workspace the job belongs to; becomes the job's AZUREML_ARM_* variables."""

    subscription_id: str
    resource_group: str
    workspace: str


@dataclass(frozen=True)
class JobSpec:
    """One job, ready to run.

    Parameters
    ----------
    name: the job's name, also its run id and its folder's name.
    kind: "command" runs `command`; "automl" runs `task` on its data inputs: `training_data`, and if
        given `validation_data` and `test_data`; "sweep" submits the trials of `task` as jobs of their own.
    workspace: becomes AZUREML_ARM_SUBSCRIPTION, _RESOURCEGROUP and _WORKSPACE_NAME.
    environment: None means the server's own Python.
    timeout_seconds: how long the command may run; None is without limit.
    logs: where `user_logs/std_log.txt`, `outputs/` and `logs/` go; None keeps them in the job's folder only.
    tracking_uri: http address of the MLflow server; None runs without MLflow.
    artifact_uri: where the run's artifacts live, told to the MLflow server.
    task: Azure's taskDetails of an AutoML job, or all properties of a sweep job, as the REST API has them.
    identity: variables that give the job its managed identity and its way to the embedded Azure.
    """

    name: str
    kind: JobKind = "command"
    command: str = ""
    code: BlobFolder | None = None
    inputs: Mapping[str, LiteralInput | BlobInput] = field(default_factory=dict)
    outputs: Mapping[str, BlobOutput] = field(default_factory=dict)
    environment: EnvironmentSpec | None = None
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float | None = None
    logs: BlobFolder | None = None
    workspace: WorkspaceRef | None = None
    tracking_uri: str | None = None
    experiment: str = "Default"
    run_name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    artifact_uri: str = ""
    task: Json = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _JOB_NAME.fullmatch(self.name):
            raise RunnerError(
                f"The job name {self.name!r} is not valid: write letters, digits, '-', '_' and '.', "
                "starting with a letter or digit, at most 255 characters."
            )

    def to_json(self) -> str:
        """This spec as JSON text; `from_json` gives an equal one back."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "JobSpec":
        """The spec that `to_json` wrote."""
        raw = json.loads(text)
        raw["inputs"] = {name: _input(value) for name, value in raw["inputs"].items()}
        raw["outputs"] = {name: output_from(value) for name, value in raw["outputs"].items()}
        raw["code"] = _folder(raw["code"])
        raw["logs"] = _folder(raw["logs"])
        raw["environment"] = EnvironmentSpec(**raw["environment"]) if raw["environment"] else None
        raw["workspace"] = WorkspaceRef(**raw["workspace"]) if raw["workspace"] else None
        return cls(**raw)


def output_from(raw: Json) -> BlobOutput:
    """The output whose fields `raw` has."""
    return BlobOutput(folder=BlobFolder(**cast("dict[str, str]", raw["folder"])), type=str(raw["type"]))


def _input(raw: Json) -> LiteralInput | BlobInput:
    if "value" in raw:
        return LiteralInput(str(raw["value"]))
    return BlobInput(folder=BlobFolder(**cast("dict[str, str]", raw["folder"])), type=str(raw["type"]))


def _folder(raw: Mapping[str, str] | None) -> BlobFolder | None:
    return None if raw is None else BlobFolder(**raw)

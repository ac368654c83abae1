"""From a job as the SDKs submit it to a job as the runner runs it: every address resolved, every reference checked."""

import re
from dataclasses import dataclass

import yaml

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager
from localazure.arm.store import Json, Resource
from localazure.home import LOOPBACK, Home, Settings
from localazure.identity.principals import Principals
from localazure.identity.resources import principal_of
from localazure.identity.tokens import Principal
from localazure.local_environment import client_environment
from localazure.machine_learning.assets import blob_folder
from localazure.machine_learning.run_artifacts import artifact_folder, artifact_uri
from localazure.machine_learning.types import DEFAULT_STORE, workspace_id
from localazure.runner.spec import (
    BlobFolder,
    BlobInput,
    BlobOutput,
    EnvironmentSpec,
    JobKind,
    JobSpec,
    LiteralInput,
    WorkspaceRef,
)

KINDS: dict[str, JobKind] = {"Command": "command", "AutoML": "automl", "Sweep": "sweep"}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?")
_TABLES = {"training_data": "trainingData", "validation_data": "validationData", "test_data": "testData"}


@dataclass(frozen=True)
class JobTranslator:
    """Knows the workspace side of a job: assets, datastores, identities, the tracking server."""

    home: Home
    settings: Settings
    principals: Principals

    def spec(self, arm: ResourceManager, job: Resource) -> JobSpec:
        """The job, ready to run. Raises ArmError for a reference that leads nowhere."""
        properties = job.properties
        workspace = arm.store.get(workspace_id(job.id))
        assert workspace is not None
        artifacts = artifact_folder(arm, workspace, job.name)
        segments = workspace.id.split("/")
        kind = KINDS[properties["jobType"]]
        return JobSpec(
            name=job.name,
            kind=kind,
            command=properties.get("command") or "",
            code=_code(arm, workspace, properties),
            inputs=_inputs(arm, workspace, properties),
            outputs=_outputs(arm, workspace, job),
            environment=_environment(arm, properties.get("environmentId")),
            environment_variables=properties.get("environmentVariables") or {},
            timeout_seconds=seconds((properties.get("limits") or {}).get("timeout")),
            logs=artifacts,
            workspace=WorkspaceRef(segments[2], segments[4], workspace.name),
            tracking_uri=f"http://{LOOPBACK}:{self.settings.ports.mlflow}",
            experiment=properties["experimentName"],
            run_name=properties.get("displayName") or job.name,
            tags={name: str(value) for name, value in (properties.get("tags") or {}).items()},
            artifact_uri=artifact_uri(artifacts),
            task=properties if kind == "sweep" else properties.get("taskDetails") or {},
            identity=self._identity(arm, workspace, properties),
        )

    def _identity(self, arm: ResourceManager, workspace: Resource, properties: Json) -> dict[str, str]:
        """A job acts as its compute's identity, else as the workspace's."""
        compute = arm.store.get(properties.get("computeId") or "")
        principal = (principal_of(arm, compute) if compute is not None else None) or principal_of(arm, workspace)
        nobody = Principal("00000000-0000-0000-0000-000000000000", "", "nobody")
        header = self.principals.header_of(principal or nobody)
        return client_environment(self.home, self.settings, header)


def seconds(duration: str | None) -> float | None:
    """An ISO 8601 duration (PT1H30M) in seconds."""
    if not duration:
        return None
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise ArmError(400, "UserError", f"'{duration}' is no ISO 8601 duration such as PT1H30M.")
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return days * 86_400 + hours * 3_600 + minutes * 60 + rest


def _code(arm: ResourceManager, workspace: Resource, properties: Json) -> BlobFolder | None:
    code = properties.get("codeId")
    return blob_folder(arm, workspace.id, code) if code else None


def _inputs(arm: ResourceManager, workspace: Resource, properties: Json) -> dict[str, LiteralInput | BlobInput]:
    if properties["jobType"] == "Sweep":
        # Its trials have them.
        return {}
    if properties["jobType"] == "AutoML":
        task = properties.get("taskDetails") or {}
        tables = {name: task[key] for name, key in _TABLES.items() if task.get(key)}
    else:
        tables = properties.get("inputs") or {}
    return {name: _input(arm, workspace, given) for name, given in tables.items()}


def _input(arm: ResourceManager, workspace: Resource, given: Json) -> LiteralInput | BlobInput:
    if given["jobInputType"] == "literal":
        return LiteralInput(str(given["value"]))
    return BlobInput(blob_folder(arm, workspace.id, given["uri"]), given["jobInputType"])


def _outputs(arm: ResourceManager, workspace: Resource, job: Resource) -> dict[str, BlobOutput]:
    asked = {} if job.properties["jobType"] == "Sweep" else job.properties.get("outputs") or {}
    return {
        name: BlobOutput(blob_folder(arm, workspace.id, wanted["uri"]), wanted["jobOutputType"])
        for name, wanted in asked.items()
        if name != "default"
    }


def default_output_uri(job_name: str, output: str) -> str:
    """Where Azure ML puts an output that the job gives no place for."""
    return f"azureml://datastores/{DEFAULT_STORE}/paths/azureml/{job_name}/{output}/"


def _environment(arm: ResourceManager, environment_id: str | None) -> EnvironmentSpec | None:
    if not environment_id:
        return None
    environment = arm.store.get(environment_id.removeprefix("azureml:"))
    if environment is None:
        if environment_id.startswith("azureml://registries/"):
            name, _, version = environment_id.split("/environments/", 1)[-1].partition("/versions/")
            return EnvironmentSpec(name, version)
        raise ArmError(400, "UserError", f"The environment '{environment_id}' was not found.")
    conda = environment.properties.get("condaFile")
    segments = environment.id.split("/")
    return EnvironmentSpec(
        name=segments[-3],
        version=segments[-1],
        image=environment.properties.get("image"),
        conda=yaml.safe_load(conda) if conda else None,
    )

"""Jobs: accepted here, run by the runner, and kept up to date as it reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import Action, ResourceType
from localazure.arm.store import Json, Resource
from localazure.home import LOOPBACK
from localazure.machine_learning.job_spec import KINDS, JobTranslator, default_output_uri
from localazure.machine_learning.types import ARTIFACT_STORE, DATASTORE, JOB, artifact_prefix, workspace_id
from localazure.runner.errors import RunnerError
from localazure.runner.queue import JobQueue
from localazure.runner.spec import BlobFolder
from localazure.runner.state import JobState
from localazure.sweeps.errors import SweepError
from localazure.sweeps.sampling import search_space

_READ_ONLY = ("status", "services")


@dataclass
class JobLedger:
    """Writes what the runner reports into the job's resource."""

    arm: ResourceManager
    _ids: dict[str, str] = field(default_factory=dict)

    def report(self, name: str, state: JobState) -> None:
        """Called by the queue whenever a job's state differs from what it was."""
        job = self._find(name)
        if job is None:
            return
        properties = job.properties
        properties["status"] = str(state.status)
        properties["properties"] = {**(properties.get("properties") or {}), **state.properties}
        for output, place in state.outputs.items():
            uri = _datastore_uri(self.arm, workspace_id(job.id), place.folder)
            properties["outputs"][output] = {
                "jobOutputType": place.type,
                "mode": "ReadWriteMount",
                "uri": uri,
                **{k: v for k, v in (properties["outputs"].get(output) or {}).items() if v is not None},
            }
        job.private["run"] = {"started": state.started, "ended": state.ended, "error": state.error}
        self.arm.store.put(job)

    def _find(self, name: str) -> Resource | None:
        if name not in self._ids:
            self._ids = {one.name: one.id for one in self.arm.store.of_type(JOB)}
        return self.arm.store.get(self._ids.get(name, ""))


class Job(ResourceType):
    """https://learn.microsoft.com/rest/api/azureml/jobs"""

    type: ClassVar[str] = JOB
    required: ClassVar[tuple[str, ...]] = ("properties.jobType",)
    kept: ClassVar[tuple[str, ...]] = _READ_ONLY

    def __init__(self, translator: JobTranslator, queue: JobQueue) -> None:
        self._translator = translator
        self._queue = queue

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Say plainly what is not run here, rather than keep a job that never ends."""
        properties = body["properties"]
        if properties["jobType"] not in KINDS:
            kinds = ", ".join(KINDS)
            message = f"The embedded Azure runs jobs of type {kinds}; '{properties['jobType']}' jobs it does not."
            raise ArmError(400, "UserError", message)
        if properties["jobType"] == "Sweep":
            _check_sweep(properties)
        compute = properties.get("computeId")
        if compute and compute.lower() != "local" and arm.store.get(compute) is None:
            raise ArmError(400, "UserError", f"The compute target '{compute.rsplit('/', 1)[-1]}' was not found.")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Defaults that the SDKs rely on, and a place for each output."""
        properties = resource.properties
        properties.pop("provisioningState", None)
        properties.setdefault("status", "NotStarted")
        properties["experimentName"] = properties.get("experimentName") or "Default"
        properties["displayName"] = properties.get("displayName") or resource.name
        for name, value in (("isArchived", False), ("properties", {}), ("tags", {}), ("inputs", {})):
            properties[name] = properties.get(name) or value
        properties["outputs"] = _placed(resource.name, properties)
        properties["services"] = self._services(resource)

    async def provision(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Queue it, once."""
        if existing is not None:
            return
        spec = self._translator.spec(arm, resource)
        try:
            self._queue.submit(spec)
        except RunnerError as problem:
            raise ArmError(409, "UserError", str(problem)) from None

    @property
    def actions(self) -> Mapping[str, Action]:
        """`cancel`."""

        async def cancel(_: ResourceManager, job: Resource, __: Json) -> None:
            self._queue.cancel(job.name)

        return {"cancel": cancel}

    def _services(self, resource: Resource) -> Json:
        ports = self._translator.settings.ports
        # The SDK adds "&tid=..." to a link that has a query on Azure, so it must have one here.
        studio = f"{resource.name}?wsid={workspace_id(resource.id)}"
        return {
            "Tracking": {"jobServiceType": "Tracking", "endpoint": f"http://{LOOPBACK}:{ports.mlflow}"},
            "Studio": {
                "jobServiceType": "Studio",
                "endpoint": f"http://{LOOPBACK}:{ports.front_door}/studio/runs/{studio}",
            },
        }


def _check_sweep(properties: Json) -> None:
    for name in ("trial", "searchSpace", "samplingAlgorithm", "objective"):
        if not properties.get(name):
            raise ArmError(400, "UserError", f"A sweep job needs '{name}', which is missing.")
    try:
        search_space(properties["searchSpace"])
    except SweepError as problem:
        raise ArmError(400, "UserError", str(problem)) from None


def run_times(job: Resource) -> tuple[str | None, str | None]:
    """When a job started and ended, as ISO 8601 in UTC; None for what has not happened."""
    run = job.private.get("run") or {}
    started, ended = (
        datetime.fromtimestamp(run[name], UTC).isoformat() if run.get(name) else None for name in ("started", "ended")
    )
    return started, ended


def _placed(job_name: str, properties: Json) -> Json:
    """A place for each output. Command jobs and sweeps have one more, where the SDK looks for the logs to stream."""
    placed = {
        name: {**wanted, "uri": wanted.get("uri") or default_output_uri(job_name, name)}
        for name, wanted in (properties.get("outputs") or {}).items()
    }
    if properties["jobType"] != "AutoML":
        placed["default"] = {
            "jobOutputType": "uri_folder",
            "mode": "ReadWriteMount",
            "uri": f"azureml://datastores/{ARTIFACT_STORE}/{artifact_prefix(job_name)}",
        }
    return placed


def _datastore_uri(arm: ResourceManager, workspace: str, folder: BlobFolder) -> str:
    """The address of a place in one of the workspace's datastores."""
    for datastore in arm.store.of_type(DATASTORE, below=workspace):
        properties = datastore.properties
        if (properties["accountName"], properties.get("containerName")) == (folder.account, folder.container):
            return f"azureml://datastores/{datastore.name}/paths/{folder.prefix}"
    return f"https://{folder.account}.blob.core.windows.net/{folder.container}/{folder.prefix}"

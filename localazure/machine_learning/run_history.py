"""Run history: what `jobs.stream` and `jobs.download` ask the workspace's own API about a job."""

import uuid

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager
from localazure.arm.store import Json, Resource
from localazure.machine_learning.assets import container_sas
from localazure.machine_learning.jobs import run_times
from localazure.machine_learning.types import JOB, PARENT_TAG, artifact_prefix, workspace_id
from localazure.machine_learning.workspaces import artifact_container, storage_account

_LOG = "user_logs/std_log.txt"
_DATA_TYPES = frozenset({"uri_file", "uri_folder", "mltable"})


def job_of_run(arm: ResourceManager, workspace: str, run_id: str) -> Resource:
    """The job whose run it is. Raises ArmError 404."""
    job = arm.store.get(f"{workspace}/jobs/{run_id}")
    if job is None:
        raise ArmError(404, "NotFound", f"Run {run_id} was not found.")
    return job


def run_details(arm: ResourceManager, job: Resource) -> Json:
    """`GET .../runs/{id}/details`: status, times, the error in a sentence, and the log with a way to read it."""
    started, ended = run_times(job)
    error = (job.private.get("run") or {}).get("error")
    return {
        **_run(job),
        "startTimeUtc": started,
        "endTimeUtc": ended,
        "error": {"error": {"code": "UserError", "message": error}} if error else None,
        "logFiles": {_LOG: _log_address(arm, job)} if started else {},
        "warnings": [],
        "inputDatasets": [],
        "outputDatasets": [],
    }


def update_run(arm: ResourceManager, job: Resource, changes: Json) -> Json:
    """`PATCH .../runs/{id}`: what `jobs.create_or_update` and `jobs.archive` may change of a run."""
    properties = job.properties
    for name in ("displayName", "description", "tags", "properties"):
        if changes.get(name) is not None:
            properties[name] = changes[name]
    if changes.get("hidden") is not None:
        properties["isArchived"] = bool(changes["hidden"])
    arm.store.put(job)
    return _run(job)


def run_children(arm: ResourceManager, job: Resource) -> Json:
    """`GET .../runs/{id}/children`: the trials of a sweep, in the order they were submitted."""
    jobs = arm.store.of_type(JOB, below=workspace_id(job.id))
    return {"value": [_run(one) for one in jobs if _parent(one) == job.name]}


def run_data(job: Resource) -> Json:
    """`POST .../rundata`: the run with its outputs as references, resolved by `resolved_outputs`."""
    outputs = {
        name: {
            "assetId": f"azureml://jobs/{job.name}/outputs/{name}",
            # A model is answered as the folder it is: azure-ai-ml 1.35.2 cannot resolve references to models (it
            # builds BatchGetResolvedUrisDto without the 'values' that its constructor asks for).
            "type": output["jobOutputType"] if output["jobOutputType"] in _DATA_TYPES else "uri_folder",
        }
        for name, output in (job.properties.get("outputs") or {}).items()
        if name != "default"
    }
    return {"runMetadata": {**_run(job), "outputs": outputs}, "runDefinition": {}, "jobSpecification": None}


def resolved_outputs(arm: ResourceManager, workspace: str, asset_ids: list[str]) -> Json:
    """`POST .../batchGetResolvedUris`: references of `run_data` as datastore addresses."""
    values: Json = {}
    for asset_id in asset_ids:
        run_id, _, output = asset_id.removeprefix("azureml://jobs/").partition("/outputs/")
        uri = job_of_run(arm, workspace, run_id).properties["outputs"][output]["uri"]
        segments = workspace.split("/")
        place = f"subscriptions/{segments[2]}/resourcegroups/{segments[4]}/workspaces/{segments[8]}"
        long_form = uri.replace("azureml://datastores/", f"azureml://{place}/datastores/", 1)
        values[asset_id] = {"uri": long_form, "path": long_form}
    return {"values": values}


def _run(job: Resource) -> Json:
    properties = job.properties
    return {
        "runId": job.name,
        "runUuid": str(uuid.uuid5(uuid.NAMESPACE_URL, job.id.lower())),
        "rootRunId": _parent(job) or job.name,
        "parentRunId": _parent(job),
        "experimentId": str(uuid.uuid5(uuid.NAMESPACE_URL, properties["experimentName"])),
        "displayName": properties["displayName"],
        "status": properties["status"],
        "tags": properties["tags"],
        "properties": properties["properties"],
        "hidden": properties["isArchived"],
    }


def _parent(job: Resource) -> str | None:
    """The sweep that a trial belongs to."""
    parent = (job.properties.get("tags") or {}).get(PARENT_TAG)
    return None if parent is None else str(parent)


def _log_address(arm: ResourceManager, job: Resource) -> str:
    workspace = arm.store.get(workspace_id(job.id))
    assert workspace is not None
    account = storage_account(arm, workspace)
    container = artifact_container(workspace)
    sas = container_sas(account, container, "r")
    blob = f"{container}/{artifact_prefix(job.name)}/{_LOG}"
    return f"https://{account.name}.blob.core.windows.net/{blob}?{sas}"

"""Where runs of a workspace keep their files: in its own container, whether a job made them or somebody else."""

import json
import uuid

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager
from localazure.arm.store import Resource
from localazure.machine_learning.types import artifact_prefix
from localazure.machine_learning.workspaces import artifact_container, storage_account
from localazure.runner.spec import BlobFolder


def artifact_folder(arm: ResourceManager, workspace: Resource, run_id: str) -> BlobFolder:
    """The blobs of a run."""
    account = storage_account(arm, workspace)
    return BlobFolder(account.name, artifact_container(workspace), artifact_prefix(run_id))


def artifact_uri(folder: BlobFolder) -> str:
    """The address of `folder` that MLflow's clients understand."""
    return f"wasbs://{folder.container}@{folder.account}.blob.core.windows.net/{folder.prefix}"


def placed(arm: ResourceManager, workspace_id: str, request: bytes) -> bytes:
    """A request to create a run, with the run's id and place, which the MLflow server cannot know.

    Raises ArmError 404 where there is no such workspace, and 400 for what is no JSON object.
    """
    workspace = arm.store.get(workspace_id)
    if workspace is None:
        raise ArmError(404, "ResourceNotFound", f"The workspace {workspace_id} was not found.")
    try:
        body = json.loads(request)
        asked = {tag["key"]: tag["value"] for tag in body.get("tags") or []}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ArmError(400, "BadRequest", "The request to create a run is no JSON object with tags.") from None
    run_id = uuid.uuid4().hex
    place = artifact_uri(artifact_folder(arm, workspace, run_id))
    wanted = {"localazure.run_id": run_id, "localazure.artifact_uri": place, **asked}
    body["tags"] = [{"key": key, "value": value} for key, value in wanted.items()]
    return json.dumps(body).encode()

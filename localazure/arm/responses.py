"""Collections as Azure answers them, with the few query parameters that the SDKs rely on."""

from collections.abc import Mapping

from localazure.arm.ids import ResourcePath
from localazure.arm.store import Json, Resource

_JOBS = "microsoft.machinelearningservices/workspaces/jobs"


def collection(resources: list[Resource], path: ResourcePath, query: Mapping[str, str]) -> Json:
    """`{"value": [...]}`; jobs newest first, and asset versions when asked; filtered and cut as the query says."""
    wanted = {name.lower().lstrip("$"): value for name, value in query.items()}
    if path.type.lower() == _JOBS:
        resources = resources[::-1]
    if path.type.lower().endswith("/versions"):
        resources = [one for one in resources if _has_digest(one, wanted.get("hash"))]
        resources = resources[::-1] if "orderby" in wanted else resources
    if "isdefault" in wanted:
        flag = wanted["isdefault"].lower() == "true"
        resources = [one for one in resources if bool(one.properties.get("isDefault")) == flag]
    if wanted.get("top", "").isdigit():
        resources = resources[: int(wanted["top"])]
    return {"value": [one.body for one in resources]}


def _has_digest(resource: Resource, digest: str | None) -> bool:
    """azure-ai-ml asks for code of the same hash before it uploads (`codes/{name}/versions?hash=`)."""
    if digest is None:
        return True
    own = resource.properties.get("properties") or {}
    return digest in (own.get("hash_sha256"), own.get("azureml.hash"))

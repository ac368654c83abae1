"""What `az resource list`, `az ... show`, `az ml ... list`, Azure Resource Graph and Azure's REST interface give."""

from collections.abc import Iterator
from typing import Any

from naming.lint.model import NamedResource
from naming.lint.sources.bodies import variant_of
from naming.lint.sources.documents import Document, tags_of, text_of
from naming.lint.sources.notes import NAMELESS, Notes
from naming.lint.sources.places import Place, place_of_id
from naming.lint.sources.reading import Reading

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_ML_IDS = "azureml:"
# What `az ml` calls the kinds of things in a workspace, where it prints no resource id: lower-case value of "type".
_ML_TYPES = {
    **dict.fromkeys(("azure_blob", "azure_file", "azure_data_lake_gen1", "azure_data_lake_gen2", "hdfs"), "datastores"),
    **dict.fromkeys(("one_lake",), "datastores"),
    **dict.fromkeys(("uri_file", "uri_folder", "mltable"), "data"),
    **dict.fromkeys(("custom_model", "mlflow_model", "triton_model"), "models"),
    **dict.fromkeys(("amlcompute", "computeinstance", "kubernetes", "synapsespark", "virtualmachine"), "computes"),
    **dict.fromkeys(("command", "pipeline", "sweep", "automl", "spark"), "jobs"),
}
# Keys that only one kind of thing in a workspace has.
_ML_KEYS = {
    "conda_file": "environments",
    "inference_config": "environments",
    "image": "environments",
    "mirror_traffic": "onlineEndpoints",
    "traffic": "onlineEndpoints",
    "defaults": "batchEndpoints",
}
_ML_VARIANTS = {
    "amlcompute": "AmlCompute",
    "computeinstance": "ComputeInstance",
    "kubernetes": "Kubernetes",
    "synapsespark": "SynapseSpark",
    "virtualmachine": "VirtualMachine",
}
_MLFLOW = {"experiments": "experiments", "registered_models": "models"}


def recognises(value: object) -> bool:
    """Whether `value` lists what Azure, a workspace or MLflow has."""
    if isinstance(value, dict):
        lists = any(isinstance(value.get(key), list) for key in ("value", "data", *_MLFLOW))
        return lists or (isinstance(value.get("name"), str) and isinstance(value.get("id") or value.get("type"), str))
    return isinstance(value, list)


def read(document: Document, file: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield what is listed."""
    reading = Reading(document, file, notes)
    for kind, item in _items(document.value):
        name = text_of(item, "name")
        if not name or not isinstance(item, dict):
            notes.leave_out(file, NAMELESS)
            continue
        resource_id = text_of(item, "id").removeprefix(_ML_IDS)
        place = place_of_id(resource_id) or _by_type(file, item, name, kind)
        if place is None:
            notes.unknown_type(file, text_of(item, "type") or "objects without a type")
            continue
        yield from _resource(reading, place, item, resource_id or None)


def _items(value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - whatever JSON there is
    if isinstance(value, list):
        yield from (("", item) for item in value)
        return
    lists = [key for key in ("value", "data", *_MLFLOW) if isinstance(value.get(key), list)]
    for key in lists:
        yield from ((_MLFLOW.get(key, ""), item) for item in value[key])
    if not lists:
        yield "", value


def _resource(reading: Reading, place: Place, item: dict[str, Any], resource_id: str | None) -> Iterator[NamedResource]:
    variant = variant_of(item) or _ML_VARIANTS.get(text_of(item, "type").lower())
    shown = text_of(item, "id") or text_of(item, "name")
    is_asset = "version" in item or "/versions/" in (resource_id or "")
    add = reading.once if is_asset else reading.resource
    location = text_of(item, "location")
    yield from add(place, variant=variant, tags=_tags(item), address=resource_id, shown=shown, location=location)
    yield from reading.experiment(place, item, resource_id)


def _tags(item: dict[str, Any]) -> dict[str, str] | None:
    # A list that was cut down to names and types (--query) doesn't know the tags.
    return tags_of(item) if "tags" in item else None


def _by_type(file: str, item: dict[str, Any], name: str, kind: str) -> Place | None:
    resource_type = text_of(item, "type")
    if "/" in resource_type:
        *parents, own = name.split("/")
        group = text_of(item, "resourceGroup")
        subscription = text_of(item, "subscriptionId")
        above = f"/subscriptions/{subscription or file}" + (f"/resourceGroups/{group}" if group else "")
        return Place(resource_type, own, "/".join([above, *parents]))
    key = next((child for mark, child in _ML_KEYS.items() if mark in item), "")
    child = kind or _ML_TYPES.get(resource_type.lower(), "") or key
    workspace = text_of(item, "workspace_name") or text_of(item, "workspaceName")
    return Place(f"{_WORKSPACE}/{child}", name, f"{file}/workspaces/{workspace}") if child else None

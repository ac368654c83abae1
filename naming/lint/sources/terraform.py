"""What `terraform show -json` prints of a plan or a state: azurerm and azapi resources, in modules too.

Which ARM type an azurerm resource is, and which of its arguments name it, is in terraform_types.toml.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from naming.lint.model import NamedResource
from naming.lint.sources.bodies import variant_of
from naming.lint.sources.documents import Document, object_in, object_of, objects_in, tags_of, text_of
from naming.lint.sources.notes import UNRESOLVED, Notes
from naming.lint.sources.places import Path, Place, is_extension, path, place_of_id, place_on
from naming.lint.sources.reading import Reading

_TYPES = FilePath(__file__).parent / "terraform_types.toml"
_AZAPI = "azapi_resource"
_AZURERM = "azurerm_"


def recognises(value: object) -> bool:
    """Whether `value` is a plan or a state, as `terraform show -json` prints it."""
    return isinstance(value, dict) and ("planned_values" in value or "terraform_version" in value)


def read(document: Document, file: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield the Azure resources that there will be, or that there are."""
    reading = Reading(document, file, notes)
    values = object_in(document.value, "planned_values", file) or object_in(document.value, "values", file)
    for resource in _resources(object_in(values, "root_module", file), file):
        if text_of(resource, "mode") == "data":
            continue
        kind = text_of(resource, "type")
        if kind == _AZAPI:
            yield from _azapi(reading, resource)
        elif kind.startswith(_AZURERM):
            yield from _azurerm(reading, kind, resource)


def planned_place(where: Path, values: dict[str, Any], address: str) -> Place | None:
    """Return where a resource with these values will stand, None when its name is not known."""
    name = text_of(values, where.key)
    group = text_of(values, "resource_group_name")
    if not name:
        return None
    on = None if group or len(where.segments) > 1 else place_on(where.type, name, lambda key: text_of(values, key))
    if on is not None or is_extension(where.type):
        return on or Place(where.type, name, address)
    group_id = f"/subscriptions/of the plan/resourceGroups/{group}" if group else "/subscriptions/of the plan"
    # A parent that is unknown is nobody else's either: better no finding than a wrong one.
    return where.place(name, group_id, lambda keys: _either(values, keys)) or Place(where.type, name, address)


@cache
def azurerm_templates() -> Mapping[str, str]:
    """Return the paths of terraform_types.toml by azurerm type."""
    templates: Mapping[str, str] = tomllib.loads(_TYPES.read_text("utf-8"))["types"]
    return templates


def _resources(module: dict[str, Any], file: str) -> Iterator[dict[str, Any]]:
    modules = [module]
    while modules:
        current = modules.pop()
        yield from objects_in(current, "resources", file)
        modules.extend(reversed(objects_in(current, "child_modules", file)))


def _azurerm(reading: Reading, kind: str, resource: dict[str, Any]) -> Iterator[NamedResource]:
    values = object_of(resource, "values")
    template = azurerm_templates().get(kind)
    if template is None:
        # Most of these tie other resources together (an association, an assignment) and have no name.
        if text_of(values, "name"):
            reading.notes.unknown_type(reading.file, kind)
        return
    where = path(template)
    address = text_of(resource, "address")
    place = place_of_id(text_of(values, "id")) or planned_place(where, values, address)
    if place is None:
        reading.notes.leave_out(reading.file, UNRESOLVED)
        return
    variant = where.variant or variant_of(values)
    tags = tags_of(values) if "tags" in values else None
    location = text_of(values, "location")
    yield from reading.resource(
        place, variant=variant, tags=tags, address=address or None, shown=address, location=location
    )


def _either(values: dict[str, Any], keys: str) -> str | None:
    """Return what the first argument holds that is given, of those that a hole names: `account_id|account_name`."""
    return next(filter(None, (text_of(values, key) for key in keys.split("|"))), None)


def _azapi(reading: Reading, resource: dict[str, Any]) -> Iterator[NamedResource]:
    values = object_of(resource, "values")
    name, address = text_of(values, "name"), text_of(resource, "address")
    if not name:
        reading.notes.leave_out(reading.file, UNRESOLVED)
        return
    parent = text_of(values, "parent_id") or address
    place = Place(text_of(values, "type").partition("@")[0], name, parent)
    body = object_of(values, "body")
    tags = tags_of(values) if "tags" in values else None
    variant, location = variant_of(body), text_of(values, "location")
    yield from reading.resource(place, variant=variant, tags=tags, address=address, shown=address, location=location)

"""ARM templates, written by hand or by `bicep build`: resources, those inside them, copies and nested deployments.

Names are worked out from parameters' defaults and variables; a name that only Azure knows is left out and counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from naming.lint.model import NamedResource
from naming.lint.sources.arm_expressions import MOST_COPIES, Expressions, Unresolved
from naming.lint.sources.bodies import variant_of
from naming.lint.sources.documents import Document, object_of, text_of
from naming.lint.sources.notes import UNRESOLVED, Notes
from naming.lint.sources.places import RESOURCE_GROUP, Place
from naming.lint.sources.reading import Reading

_DEPLOYMENT = "microsoft.resources/deployments"
# What older templates put inside the resource that it is on starts so; its name starts with its provider.
_ON_PARENT = "providers/"
_LINKED = "what they deploy is in a template of its own, which they link"
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class _Level:
    """Where in a template a resource stands: what it may refer to, and what it is inside of."""

    expressions: Expressions
    group: str
    type: str = ""
    name: str = ""
    index: int | None = None
    depth: int = 0


def recognises(value: object) -> bool:
    """Whether `value` is a template."""
    if not isinstance(value, dict):
        return False
    schema = text_of(value, "$schema").lower()
    is_template = "deploymenttemplate.json" in schema or "contentVersion" in value
    return is_template and isinstance(value.get("resources"), list | dict)


def read(document: Document, file: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield the resources that the template deploys."""
    reading = Reading(document, file, notes)
    template = document.value
    level = _Level(_expressions(template, {}), group=file)
    yield from _resources(reading, template.get("resources"), level)


def _expressions(template: dict[str, Any], given: dict[str, Any]) -> Expressions:
    declared = object_of(template, "parameters")
    parameters = {
        name: parameter["defaultValue"]
        for name, parameter in declared.items()
        if isinstance(parameter, dict) and "defaultValue" in parameter
    }
    return Expressions({**parameters, **given}, object_of(template, "variables"))


def _resources(reading: Reading, resources: object, level: _Level) -> Iterator[NamedResource]:
    """Yield what is in a list of resources, or in an object of them as newer Bicep writes it."""
    found = list(resources.values()) if isinstance(resources, dict) else resources
    for resource in found if isinstance(found, list) else []:
        if not isinstance(resource, dict) or level.depth >= _DEEPEST:
            reading.notes.leave_out(reading.file, "they are no objects, or stand too deep inside one another")
        elif not resource.get("existing"):
            yield from _copies(reading, resource, level)


def _copies(reading: Reading, resource: dict[str, Any], level: _Level) -> Iterator[NamedResource]:
    copy = object_of(resource, "copy")
    if not copy:
        yield from _resource(reading, resource, level)
        return
    try:
        count = level.expressions.value(copy.get("count"))
    except Unresolved:
        count = None
    if not isinstance(count, int) or isinstance(count, bool) or count > MOST_COPIES:
        reading.notes.leave_out(reading.file, UNRESOLVED)
        return
    for index in range(count):
        copied = _Level(level.expressions, level.group, level.type, level.name, index, level.depth)
        yield from _resource(reading, resource, copied)


def _resource(reading: Reading, resource: dict[str, Any], level: _Level) -> Iterator[NamedResource]:
    if _is_off(resource, level):
        return
    resource_type = text_of(resource, "type")
    if level.type and not resource_type.lower().startswith(f"{level.type.lower()}/"):
        resource_type = f"{level.type}/{resource_type}"
    if resource_type.lower() == _DEPLOYMENT:
        yield from _nested(reading, resource, level)
    written = resource.get("name")
    try:
        name = level.expressions.text(written, level.index)
    except Unresolved:
        reading.notes.leave_out(reading.file, UNRESOLVED)
        return
    if level.name and ("/" not in name or text_of(resource, "type").lower().startswith(_ON_PARENT)):
        name = f"{level.name}/{name}"
    yield from reading.resource(
        _on(resource, _place(resource_type, name, level), level),
        variant=_variant(resource, level),
        tags=_tags(resource, level),
        address=None if level.index is not None else f"{reading.file}#{resource_type}/{name}",
        shown=written if isinstance(written, str) else name,
        location=_text(resource.get("location"), level),
    )
    below = _Level(level.expressions, level.group, resource_type, name, level.index, level.depth + 1)
    yield from _resources(reading, resource.get("resources"), below)


def _on(resource: dict[str, Any], place: Place, level: _Level) -> Place:
    """Return the place of a resource that says which other one it is on (`scope`): a lock, a diagnostic setting."""
    scope = resource.get("scope")
    if not scope:
        return place
    # What can't be worked out is the same wherever it is written in the same way, but for the copies.
    above = _text(scope, level) or f"{scope}#{level.index}"
    return Place(place.type, place.name, above if above.startswith("/") else f"{level.group}/{above}")


def _place(resource_type: str, name: str, level: _Level) -> Place:
    before, provider, extension = resource_type.rpartition("/providers/")
    if provider:
        return _place_on_parent(before, extension, name, level)
    namespace, *segments = resource_type.split("/")
    *parents, own = name.split("/")
    if resource_type == RESOURCE_GROUP:
        return Place(resource_type, name, level.group)
    if not parents:
        return Place(resource_type, own, level.group)
    pairs = [f"{segment}/{parent}" for segment, parent in zip(segments, parents, strict=False)]
    return Place(resource_type, own, "/".join([level.group, "providers", namespace, *pairs]))


def _place_on_parent(parent_type: str, extension: str, name: str, level: _Level) -> Place:
    """Return the place of what older templates put inside the resource that it is on: its provider is in its name.

    `Microsoft.KeyVault/vaults/providers/locks` called `kv-churn/Microsoft.Authorization/keep` is a lock `keep`.
    """
    parts = name.split("/")
    above = parent_type.count("/")
    namespace, own = "".join(parts[above : above + 1]), "/".join(parts[above + 1 :])
    parent = _place(parent_type, "/".join(parts[:above]), level)
    return Place(f"{namespace}/{extension}", own, f"{parent.scope_path}/{parent.type}/{parent.name}")


def _is_off(resource: dict[str, Any], level: _Level) -> bool:
    try:
        return level.expressions.value(resource.get("condition"), level.index) is False
    except Unresolved:
        return False


def _variant(resource: dict[str, Any], level: _Level) -> str | None:
    return _text(variant_of(resource), level)


def _text(written: object, level: _Level) -> str | None:
    try:
        return level.expressions.text(written, level.index)
    except Unresolved:
        return None


def _tags(resource: dict[str, Any], level: _Level) -> dict[str, str] | None:
    try:
        tags = level.expressions.value(resource.get("tags"), level.index)
        if tags is None:
            return {}
        if not isinstance(tags, dict):
            return None
        return {name: level.expressions.text(value, level.index) for name, value in tags.items()}
    except Unresolved:
        return None


def _nested(reading: Reading, resource: dict[str, Any], level: _Level) -> Iterator[NamedResource]:
    properties = object_of(resource, "properties")
    template = object_of(properties, "template")
    if object_of(properties, "templateLink"):
        reading.notes.leave_out(reading.file, _LINKED)
    try:
        group = level.expressions.text(resource.get("resourceGroup", ""), level.index)
    except Unresolved:
        group = str(resource.get("resourceGroup"))
    expressions = level.expressions
    if text_of(object_of(properties, "expressionEvaluationOptions"), "scope").lower() == "inner":
        expressions = _expressions(template, _given(properties, level))
    inside = f"{level.group}/resourceGroups/{group}" if group else level.group
    below = _Level(expressions, inside, index=level.index, depth=level.depth + 1)
    yield from _resources(reading, template.get("resources"), below)


def _given(properties: dict[str, Any], level: _Level) -> dict[str, Any]:
    """Return the parameters that a deployment passes on; of one that is unknown, the default must not be used."""
    given: dict[str, Any] = {}
    for name, parameter in object_of(properties, "parameters").items():
        try:
            given[name] = level.expressions.value(parameter.get("value"), level.index)
        except (Unresolved, AttributeError):
            given[name] = "[unknown()]"
    return given

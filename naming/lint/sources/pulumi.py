"""What `pulumi preview --json` and `pulumi stack export` print: the azure-native resources of a stack.

A resource that exists says in its id what it is; one that is planned is found by its token in pulumi_types.toml.
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
from naming.lint.sources.places import Path, Place, path, place_of_id, place_on, says_what_it_is_on
from naming.lint.sources.reading import Reading

# What stands in a preview for a value that is known only afterwards (pulumi's plugin.UnknownStringValue).
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SECRET = "[secret]"  # noqa: S105 - what is printed instead of one
_PREFIX = "azure-native:"
_TYPES = FilePath(__file__).parent / "pulumi_types.toml"
_GONE = frozenset(
    {"delete", "delete-replaced", "read-discard", "discard", "discard-replaced", "remove-pending-replace"}
)
_NOT_OURS = frozenset({"read", "read-replacement"})


def recognises(value: object) -> bool:
    """Whether `value` is a preview or an exported stack."""
    return isinstance(value, dict) and (
        isinstance(value.get("steps"), list) or isinstance(value.get("deployment"), dict)
    )


def read(document: Document, file: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield the azure-native resources that the stack has, or will have."""
    configuration = object_of(document.value, "config")
    readings: dict[str, Reading] = {}
    for urn, state in _states(document.value, file).items():
        stack = _stack(urn)
        environment = _setting(configuration, "mlws:environment") or stack or None
        reading = readings.setdefault(stack, Reading(document, file, notes, environment))
        yield from _resource(reading, urn, state, _subscription(configuration, stack))


def token_path(token: str) -> Path | None:
    """Return where resources of a token such as `azure-native:storage:StorageAccount` stand, None when unknown."""
    parts = token.removeprefix(_PREFIX).split(":")
    if not token.startswith(_PREFIX) or len(parts) != len(("module", "type")):
        return None
    template = token_templates().get(f"{parts[0].partition('/')[0]}:{parts[1]}")
    return None if template is None else path(template)


@cache
def token_templates() -> Mapping[str, str]:
    """Return the paths of pulumi_types.toml by `module:Type`."""
    read_types = tomllib.loads(_TYPES.read_text("utf-8"))
    return {**read_types["derived"], **read_types["curated"]}


def _states(value: dict[str, Any], file: str) -> dict[str, dict[str, Any]]:
    """Return the last state of each resource, by URN: a replacement has several steps."""
    found: dict[str, dict[str, Any]] = {}
    for step in objects_in(value, "steps", file):
        operation, state = text_of(step, "op"), object_of(step, "newState")
        if operation not in _GONE | _NOT_OURS:
            found[text_of(step, "urn")] = state
    for state in objects_in(object_in(value, "deployment", file), "resources", file):
        if not state.get("delete") and not state.get("external"):
            found[text_of(state, "urn")] = state
    return found


def _resource(reading: Reading, urn: str, state: dict[str, Any], subscription: str) -> Iterator[NamedResource]:
    token, inputs = text_of(state, "type"), object_of(state, "inputs")
    if not token.startswith(_PREFIX):
        return
    place = place_of_id(text_of(state, "id")) or _planned(reading, urn, token, inputs, subscription)
    if place is None:
        return
    add = reading.once if token.endswith("Version") else reading.resource
    variant, location = variant_of(inputs), _known(inputs, "location")
    yield from add(place, variant=variant, tags=tags_of(inputs), address=urn, shown=urn, location=location)
    yield from reading.experiment(place, inputs, urn)


def _planned(reading: Reading, urn: str, token: str, inputs: dict[str, Any], subscription: str) -> Place | None:
    where = token_path(token)
    if where is None:
        reading.notes.unknown_type(reading.file, token)
        return None
    name = _known(inputs, where.key)
    if not name:
        reading.notes.leave_out(reading.file, UNRESOLVED)
        return None
    if "resourceGroupName" not in inputs and len(where.segments) == 1 and says_what_it_is_on(inputs):
        return place_on(where.type, name, lambda key: _known(inputs, key)) or Place(where.type, name, urn)
    group = _known(inputs, "resourceGroupName")
    group_id = f"{subscription}/resourceGroups/{group}" if group else subscription
    if "resourceGroupName" in inputs and not group:
        group_id = f"{subscription}/resourceGroups/{urn}"
    # A parent that is unknown is nobody else's either: better no finding than a wrong one.
    return where.place(name, group_id, lambda key: _known(inputs, key)) or Place(where.type, name, urn)


def _known(inputs: dict[str, Any], key: str) -> str | None:
    value = text_of(inputs, key)
    return value if value and value not in (_UNKNOWN, _SECRET) else None


def _stack(urn: str) -> str:
    parts = urn.partition("::")[0].split(":")
    return parts[2] if parts[:2] == ["urn", "pulumi"] and len(parts) > len(("urn", "pulumi")) else ""


def _subscription(configuration: dict[str, Any], stack: str) -> str:
    return f"/subscriptions/{_setting(configuration, 'azure-native:subscriptionId') or f'of stack {stack}'}"


def _setting(configuration: dict[str, Any], key: str) -> str:
    return text_of(configuration, key) or text_of(configuration.get(key), "value")

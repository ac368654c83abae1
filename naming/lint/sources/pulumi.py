"""What `pulumi preview --json` and `pulumi stack export` print: the resources of azure-native and azure in a stack.

A resource that exists says in its id what it is; one that is planned is found by its token in pulumi_types.toml.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from naming.lint.model import NamedResource
from naming.lint.sources import pulumi_classic
from naming.lint.sources.bodies import variant_of
from naming.lint.sources.documents import Document, object_in, object_of, objects_in, tags_of, text_of
from naming.lint.sources.notes import UNRESOLVED, Notes
from naming.lint.sources.places import Path, Place, path, place_of_id, place_on, says_what_it_is_on
from naming.lint.sources.reading import Reading
from naming.lint.sources.terraform import planned_place

# What stands in a preview for a value that is known only afterwards (pulumi's plugin.UnknownStringValue).
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SECRET = "[secret]"  # noqa: S105 - what is printed instead of one
# azure-native, and the packages of single API versions that `pulumi package add azure-native storage 2024-01-01` makes.
_PACKAGE = re.compile(r"azure-native(?:_[a-z0-9]+_v[a-z0-9]+)?:")
_TYPES = FilePath(__file__).parent / "pulumi_types.toml"
_FORMER_TYPES = FilePath(__file__).parent / "pulumi_former_types.toml"
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
    """Yield the Azure resources that the stack has, or will have."""
    configuration = object_of(document.value, "config")
    readings: dict[str, Reading] = {}
    for urn, state in _states(document.value, file).items():
        stack = _stack(urn)
        environment = _setting(configuration, "mlws:environment") or stack or None
        reading = readings.setdefault(stack, Reading(document, file, notes, environment))
        yield from _resource(reading, urn, state, _subscription(configuration, stack))


def token_path(token: str) -> Path | None:
    """Return where resources of a token such as `azure-native:storage:StorageAccount` stand, None when unknown."""
    package = _PACKAGE.match(token)
    parts = token[package.end() :].split(":") if package else []
    if len(parts) != len(("module", "type")):
        return None
    named = f"{parts[0].partition('/')[0]}:{parts[1]}"
    templates = token_templates()
    template = templates.get(named) or templates.get(former_tokens().get(named, ""))
    return None if template is None else path(template)


@cache
def token_templates() -> Mapping[str, str]:
    """Return the paths of pulumi_types.toml by `module:Type`."""
    read_types = tomllib.loads(_TYPES.read_text("utf-8"))
    return {**read_types["derived"], **read_types["curated"]}


@cache
def former_tokens() -> Mapping[str, str]:
    """Return what earlier versions of azure-native called `module:Type`, and what it is called now."""
    former: Mapping[str, str] = tomllib.loads(_FORMER_TYPES.read_text("utf-8"))["former"]
    return former


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
    is_classic = token.startswith(pulumi_classic.PREFIX)
    if not is_classic and not _PACKAGE.match(token):
        return
    where = pulumi_classic.classic_path(token) if is_classic else token_path(token)
    # Settings of another resource have its id in the package azure, and are no resource of that name.
    place = place_of_id(text_of(state, "id")) if where or not is_classic else None
    place = place or _planned(urn, where, inputs, subscription, is_classic=is_classic)
    if place is None:
        if where is None and (not is_classic or _known(inputs, "name")):
            reading.notes.unknown_type(reading.file, token)
        elif where is not None:
            reading.notes.leave_out(reading.file, UNRESOLVED)
        return
    add = reading.once if token.endswith("Version") else reading.resource
    variant, location = (where and where.variant) or variant_of(inputs), _known(inputs, "location")
    yield from add(place, variant=variant, tags=tags_of(inputs), address=urn, shown=urn, location=location)
    yield from reading.experiment(place, inputs, urn)


def _planned(
    urn: str, where: Path | None, inputs: dict[str, Any], subscription: str, *, is_classic: bool
) -> Place | None:
    """Return where a resource will stand, None where that or its name is not known."""
    if where is None:
        return None
    if is_classic:
        known = {key: value for key, value in inputs.items() if value not in (_UNKNOWN, _SECRET)}
        if "resourceGroupName" in inputs and "resourceGroupName" not in known:
            known["resourceGroupName"] = urn
        return planned_place(where, pulumi_classic.azurerm_values(known), urn)
    name = _known(inputs, where.key)
    if not name:
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

"""Property values as Pulumi knows them: JSON, plus values that are secret and values not known yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

PropertyValue: TypeAlias = Any
"""JSON, with `Secret` and `UNKNOWN` at any depth. Any: mypy cannot narrow such a recursive union."""

Properties = dict[str, PropertyValue]
"""A Pulumi property map."""


class Unknown:
    """A value that only exists once something has been created. There is one: `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that the state must keep encrypted."""

    value: PropertyValue

    def __repr__(self) -> str:
        return "Secret(***)"


Path = tuple[str, ...]
"""A dotted path of resources.toml, split. Lists on the way are transparent."""


def reveal(value: PropertyValue) -> PropertyValue:
    """The value with every `Secret` unwrapped."""
    match value:
        case Secret():
            return reveal(value.value)
        case dict():
            return {key: reveal(item) for key, item in value.items()}
        case list():
            return [reveal(item) for item in value]
        case _:
            return value


def has_unknown(value: PropertyValue) -> bool:
    """Whether any part of the value is not known yet."""
    match value:
        case Unknown():
            return True
        case Secret():
            return has_unknown(value.value)
        case dict():
            return any(has_unknown(item) for item in value.values())
        case list():
            return any(has_unknown(item) for item in value)
        case _:
            return False


def lookup(properties: Mapping[str, Any], path: Path) -> PropertyValue:
    """The value at `path`, or None when there is none. Secrets on the way are looked into."""
    value: PropertyValue = properties
    for key in path:
        value = value.value if isinstance(value, Secret) else value
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def replaced(properties: Properties, path: Path, value: PropertyValue) -> Properties:
    """A copy with `value` at `path`; objects on the way that are missing are made."""
    head, *rest = path
    if not rest:
        return {**properties, head: value}
    inner = properties.get(head)
    if isinstance(inner, Secret):
        return {**properties, head: Secret(replaced(inner.value, tuple(rest), value))}
    return {**properties, head: replaced(inner if isinstance(inner, dict) else {}, tuple(rest), value)}


def without(value: PropertyValue, path: Path) -> PropertyValue:
    """A copy with whatever is at `path` left out, in every element of the lists on the way."""
    if isinstance(value, Secret):
        return Secret(without(value.value, path))
    if isinstance(value, list):
        return [without(item, path) for item in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    if len(path) == 1:
        return {key: item for key, item in value.items() if key != path[0]}
    return {**value, path[0]: without(value[path[0]], path[1:])}

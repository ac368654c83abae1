"""What differs between the last update's inputs and the program's, and whether that needs a new resource."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from localazure.pulumi_provider.catalogue import ResourceType
from localazure.pulumi_provider.property_values import (
    Path,
    PropertyValue,
    Unknown,
    has_unknown,
    lookup,
    reveal,
)

_ABSENT = object()
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ChangeKind(StrEnum):
    """What happens to one property."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Change:
    """One property that differs; `pulumi_path` is in Pulumi's syntax, such as `tags.env` or `a["b.c"][0]`."""

    pulumi_path: str
    top_level: str
    kind: ChangeKind
    replaces: bool


@dataclass(frozen=True)
class Difference:
    """All changes, in the order of their paths."""

    changes: tuple[Change, ...]
    same_id: bool
    """Whether a replacement would have the same resource id, so that the old one has to go first."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """Top-level inputs that need a new resource."""
        return tuple(dict.fromkeys(change.top_level for change in self.changes if change.replaces))

    @property
    def diffs(self) -> tuple[str, ...]:
        """Top-level inputs that differ."""
        return tuple(dict.fromkeys(change.top_level for change in self.changes))


def compare(kind: ResourceType, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
    """Compare inputs. Whether a value is secret is no difference; a value not known yet always is one."""
    found = _changes_of_members(kind, reveal(olds), reveal(news), (), "")
    changes = tuple(sorted(found, key=lambda change: change.pulumi_path))
    return Difference(changes, same_id=kind.identifying.isdisjoint(change.top_level for change in changes))


def _changes(kind: ResourceType, old: PropertyValue, new: PropertyValue, path: Path, shown: str) -> Iterator[Change]:
    if _same(kind, old, new, path):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _changes_of_members(kind, old, new, path, shown)
    elif isinstance(old, list) and isinstance(new, list) and path not in kind.id_maps:
        for index in range(max(len(old), len(new))):
            yield from _changes(kind, _item(old, index), _item(new, index), path, f"{shown}[{index}]")
    else:
        yield Change(shown, path[0], _change_kind(old, new), _replaces(kind, old, new, path))


def _changes_of_members(
    kind: ResourceType, old: Mapping[str, Any], new: Mapping[str, Any], path: Path, shown: str
) -> Iterator[Change]:
    for key in old.keys() | new.keys():
        yield from _changes(kind, old.get(key, _ABSENT), new.get(key, _ABSENT), (*path, key), _show_member(shown, key))


def _same(kind: ResourceType, old: PropertyValue, new: PropertyValue, path: Path) -> bool:
    """Whether two values are one to Azure; objects and lists are compared member by member instead."""
    match old, new:
        case str(), str() if path == ("location",):
            return _region(old) == _region(new)
        case list(), list() if path in kind.id_maps and not has_unknown([old, new]):
            return {str(item).lower() for item in old} == {str(item).lower() for item in new}
        case (Unknown(), _) | (_, Unknown()) | (dict(), _) | (list(), _):
            return False
        case _:
            return _same_number(old, new) or (type(old) is type(new) and bool(old == new))


def _same_number(old: PropertyValue, new: PropertyValue) -> bool:
    return {type(old), type(new)} == {int, float} and bool(old == new)


def _region(name: str) -> str:
    """`West Europe` and `westeurope` are the same region."""
    return name.replace(" ", "").lower()


def _item(items: list[Any], index: int) -> PropertyValue:
    return items[index] if index < len(items) else _ABSENT


def _change_kind(old: PropertyValue, new: PropertyValue) -> ChangeKind:
    if old is _ABSENT:
        return ChangeKind.ADD
    return ChangeKind.DELETE if new is _ABSENT else ChangeKind.UPDATE


def _replaces(kind: ResourceType, old: PropertyValue, new: PropertyValue, path: Path) -> bool:
    """Whether the path, something around it or something that differs inside it is said to replace."""
    if path[0] in kind.identifying:
        return True
    return any(
        path[: len(forced)] == forced or (forced[: len(path)] == path and _differs_at(old, new, forced[len(path) :]))
        for forced in kind.replace
    )


def _differs_at(old: PropertyValue, new: PropertyValue, path: Path) -> bool:
    before = lookup(old, path) if isinstance(old, dict) else None
    after = lookup(new, path) if isinstance(new, dict) else None
    return isinstance(new, Unknown) or before != after


def _show_member(shown: str, key: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        quoted = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{shown}["{quoted}"]'
    return f"{shown}.{key}" if shown else key

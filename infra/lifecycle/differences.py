"""Two states of a resource's inputs, and where they differ."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_QUOTED = re.compile(r'\["([^"]*)"\]')


@dataclass(frozen=True)
class Difference:
    """A property, as the engine writes its path, with its value on either side; `None` where it has none."""

    path: str
    left: Any
    right: Any


def differences(left: Any, right: Any, path: str = "") -> Iterator[Difference]:  # noqa: ANN401 - any JSON
    """Every leaf that is not the same: mappings by key, lists of the same length by position."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in sorted(left.keys() | right.keys()):
            yield from differences(left.get(key), right.get(key), _below(path, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif left != right:
        yield Difference(path, left, right)


def _below(path: str, key: str) -> str:
    if "." in key:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def overlap(one: str, other: str) -> bool:
    """Whether one of the two properties is the other, or a part of it."""
    return is_at_or_below(one, other) or is_at_or_below(other, one)


def is_at_or_below(path: str, around: str) -> bool:
    """Whether the property at `path` is `around`, or a part of it; providers quote keys as they like."""
    path, around = _QUOTED.sub(r".\1", path), _QUOTED.sub(r".\1", around)
    return path == around or (path.startswith(around) and path[len(around)] in ".[")

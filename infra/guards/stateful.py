"""Which resources hold what cannot be made again, and what is lost when one of them goes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Stateful:
    """A kind of resource: its name in `mlws:protection.allowReplacing`, and what goes with it, in words."""

    name: str
    lost: str


def stateful(type_: str, name: str) -> Stateful | None:
    """What there is to lose with a resource, by Pulumi's type and the program's name of it; None where nothing is."""
    for key, kind in kinds().items():
        of_type, _, beginning = key.partition(" ")
        if beginning and of_type == type_ and name.startswith(beginning):
            return kind
    return kinds().get(type_)


@cache
def kinds() -> Mapping[str, Stateful]:
    """The content of `stateful.toml`."""
    read = tomllib.loads(Path(__file__).with_name("stateful.toml").read_text(encoding="utf-8"))
    return {key: Stateful(**kind) for key, kind in read.items()}

"""The names that Microsoft publishes for a type, as good, as refused, or in an example that our rule refuses."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from naming.rule import Rule

_FILE = Path(__file__).parent / "rules" / "types" / "index" / "published.json"


@dataclass(frozen=True)
class Published:
    """What one page has of a type's names. `disputed` says of a name in its examples why our rule refuses it."""

    title: str
    url: str
    date: str
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    disputed: dict[str, str] = field(default_factory=dict)


def published(rule: Rule) -> tuple[Published, ...]:
    """Return what is published of the names that `rule` judges, none where nothing was found."""
    return _all().get(rule.key, ())


@cache
def _all() -> dict[str, tuple[Published, ...]]:
    read = json.loads(_FILE.read_text("utf-8"))
    return {key: tuple(Published(**page) for page in pages) for key, pages in read.items()}

"""Says in a microsecond or two of a name that it follows the convention, so that a million of them need no parsing.

It is in no doubt when it says so: the words are the convention's, in its order, and the suffix is the hash of them.
What it does not recognise, a shortened name for instance, is read by `naming.parse`.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from naming.convention_layout import Layout, token_hash
from naming.errors import NamingError
from naming.tokens import Tokens

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.rule import Rule

_Words = tuple[str | None, ...]

_NEEDED = ("workload", "environment", "region")
_REMEMBERED = 65_536


def follows(convention: "Convention", rule: "Rule") -> Callable[[str], bool]:
    """Return what says of a name of the type that the convention makes it; False is no answer.

    Raises:
        NamingError: the convention has no word for the type.
    """
    layout = convention.layout(rule)
    if not all(word in layout.order for word in _NEEDED) or not (layout.separator or layout.suffix_length):
        return lambda _: False
    match, limit = re.compile(_pattern(convention, layout)).fullmatch, layout.limit
    if not layout.suffix_length:
        return lambda name: len(name) <= limit and match(name) is not None
    suffixes: dict[_Words, str] = {}

    def is_followed(name: str) -> bool:
        found = match(name) if len(name) <= limit else None
        if found is None:
            return False
        words = found.group("workload", "environment", "region", "instance")
        if words not in suffixes:
            if len(suffixes) >= _REMEMBERED:
                suffixes.clear()
            suffixes[words] = _suffix(convention, layout, words)
        return suffixes[words] == found["suffix"]

    return is_followed


def _pattern(convention: "Convention", layout: Layout) -> str:
    shorts = {
        "abbreviation": [layout.abbreviation],
        "organisation": [convention.organisation],
        "environment": convention.environments.values(),
        "region": convention.region_codes.values(),
    }
    between = re.escape(layout.separator)
    pieces = []
    for position, word in enumerate(layout.order):
        if word == "instance":
            piece = "(?P<instance>[a-z0-9]{1,4})"
            # Left out together with the separator that is before it, or after it where it comes first.
            pieces.append(f"(?:{between}{piece})?" if position else f"(?:{piece}{between})?")
            continue
        piece = "[a-z][a-z0-9]*" if word == "workload" else "|".join(map(re.escape, shorts[word]))
        is_first = position == 0 or (position == 1 and layout.order[0] == "instance")
        pieces.append(f"{'' if is_first else between}(?P<{word}>{piece})")
    if "instance" not in layout.order:
        pieces.append("(?P<instance>(?!))?")
    if layout.suffix_length:
        pieces.append(f"{between}(?P<suffix>[0-9][a-z0-9]{{{layout.suffix_length - 1}}})")
    return "".join(pieces)


def _suffix(convention: "Convention", layout: Layout, words: _Words) -> str:
    """Return the suffix that a name of these words has, nothing where there is no such name."""
    workload, environment, region, instance = words
    meanings = convention.meanings
    try:
        tokens = Tokens(
            convention.organisation,
            workload or "",
            meanings["environment"][environment or ""],
            meanings["region"][region or ""],
            instance if "instance" in layout.order else convention.instance,
        )
    except NamingError:
        return ""
    return token_hash(tokens)[: layout.suffix_length]

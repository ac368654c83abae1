"""Puts a name right as far as Azure wants it, with no convention at hand: the names that are nearest to it, and valid.

What Azure refuses in a name is replaced or taken out, one thing at a time; what is too long is shortened as the names
of a convention are, with a hash of what was removed. Where two names come to be alike, a hash of the whole old name
tells them apart.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from naming.errors import NamingError, shown
from naming.rule import Case, Rule, ViolationKind
from naming.shorten import HASH_LENGTH, Word, compose, digest

_LONGEST_READ = 1_000
_MOST_HASHED = 100
_RUN = re.compile(r"([-_.])[-_.]+")
_NUMBER_AT_END = re.compile(r"[-_.]+([0-9]+)$")
_NO_LETTER_FIRST = re.compile(r"^[^a-zA-Z]+")
_EDGES = " -_.()"


def corrected(rule: Rule, name: str, limit: int | None = None) -> str:
    """Return the name nearest to `name` that has no finding of the linter's (NAM1xx): itself, where it has none.

    `limit` is how long it may be, where that is less than the rule has: what it is in takes its part.

    Raises:
        NamingError: there is none: Azure wants a GUID, or no character of the name can stay.
    """
    for near in corrections(rule, name, limit):
        return near
    raise NamingError(f"there is no name of {rule.a_label} near to {shown(name)}: it takes {rule.description}.")


def corrections(rule: Rule, name: str, limit: int | None = None) -> Iterator[str]:
    """Yield names that have no finding (NAM1xx): the one nearest to `name`, then others that end in a hash of it."""
    longest = rule.max_length if limit is None else min(limit, rule.max_length)

    def is_good(text: str) -> bool:
        return len(text) <= longest and "#" not in text and rule.accepts(text)

    near = next(filter(is_good, _attempts(rule, name, longest)), None)
    if near is not None:
        yield near
    for count in range(_MOST_HASHED):
        hashed = digest([Word("workload", name), *([Word("instance", str(count))] if count else [])], HASH_LENGTH)
        texts = [near] if near is not None else _spellings(rule, name[:_LONGEST_READ])
        ending = next(filter(is_good, (_ending_in(text, rule.separator, hashed, longest) for text in texts)), None)
        if ending is None:
            return
        yield ending


def _attempts(rule: Rule, name: str, limit: int) -> Iterator[str]:
    yield name
    for text in _spellings(rule, name[:_LONGEST_READ]):
        yield text
        if len(text) > limit:
            yield _shortened(text, rule.separator, limit)


def _spellings(rule: Rule, name: str) -> Iterator[str]:
    """Yield `name` without what the type does not take, from the least change to the most."""
    allowed = _allowed(rule)
    separator = rule.separator
    for kept in _cases(rule, name):
        replaced = "".join(one if allowed[one] else separator for one in kept)
        for text in _once(replaced, *_without_reserved(rule, replaced)):
            joined = _RUN.sub(r"\1", text).strip(_EDGES)
            yield from _once(
                text,
                text.strip(_EDGES),
                joined,
                _NUMBER_AT_END.sub(r"\1", joined),
                separator.join(re.findall(r"[^-_.() ]+", joined)),
                "".join(re.findall(r"[a-zA-Z0-9]+", joined)),
                _NO_LETTER_FIRST.sub("", joined),
                *(f"{before}{separator}{joined}" for before in (rule.abbreviation, "n") if before and joined),
            )


def _cases(rule: Rule, name: str) -> Iterator[str]:
    if rule.case is not Case.LOWER:
        yield name
    yield from _once(name.lower())


def _without_reserved(rule: Rule, name: str) -> Iterator[str]:
    """Yield the name without the reserved words that may be no part of one."""
    parts = rule.reserved_words.part if rule.reserved_words else ()
    text = name
    for part in parts:
        text = re.sub(re.escape(part), "", text, flags=re.IGNORECASE)
    if text != name:
        yield text


def _once(*texts: str) -> Iterable[str]:
    return dict.fromkeys(text for text in texts if text)


def _shortened(text: str, separator: str, limit: int) -> str:
    """Return the text with the end of its longest word replaced by a hash: the others say the environment and so on."""
    parts = [part for part in (text.split(separator) if separator else [text]) if part]
    longest = max(range(len(parts)), key=lambda at: len(parts[at]), default=0)
    words = [Word("workload" if at == longest else "environment", part) for at, part in enumerate(parts)]
    return compose(words, separator, limit) or _ending_in(text, separator, digest(words, HASH_LENGTH), limit)


def _ending_in(text: str, separator: str, hashed: str, limit: int) -> str:
    hashed = hashed[: max(limit - len(separator) - 1, 0)]
    room = limit - len(hashed) - len(separator)
    return f"{text[: max(room, 0)].rstrip(_EDGES)}{separator}{hashed}"


class _Characters(dict[str, bool]):
    """Which characters the names of a type take between others; each is tried out once."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, character: str) -> bool:
        name = f"aa{character}aa"
        wrong = any(one.kind is ViolationKind.CHARACTERS for one in self._rule.violations(name))
        self[character] = character != "#" and character.isprintable() and not wrong
        return self[character]


@cache
def _allowed(rule: Rule) -> _Characters:
    return _Characters(rule)

"""Arguments and lists of bare names, one `TYPE=NAME` or `TYPE[VARIANT]=NAME` a line.

TYPE is an ARM type, a CAF abbreviation or a label. In a list, blank lines and what follows a # (at the start of a
line or after a space) are left out, and so is space around TYPE and NAME.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from naming.errors import NamingError
from naming.lint.model import NamedResource
from naming.lint.sources.notes import Notes
from naming.lint.sources.places import is_extension
from naming.rulebook import known_type, rule_for_key

_BARE_NAME = re.compile(r"([^=]+)=(.*)", re.DOTALL)
_AROUND_EQUALS = re.compile(r"\s*=\s*")
_COMMENT = re.compile(r"(?:^|\s)#.*", re.DOTALL)
_SHOWN = 60


def from_arguments(arguments: Sequence[str]) -> Iterator[NamedResource]:
    """Yield the names of arguments, each of which is exactly `TYPE=NAME`."""
    for position, argument in enumerate(arguments, start=1):
        yield _named(argument, "<argument>", position)


def from_lines(lines: Iterable[bytes], file: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield the names of a list, as they are needed; an ARM type that no rule knows is counted, as in tables.

    Raises:
        NamingError: a line is not UTF-8, or no `TYPE=NAME`.
    """
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise NamingError(f"{file}:{number}: the line is not UTF-8: save the list as UTF-8.") from error
        text = _COMMENT.sub("", text, count=1).strip()
        if not text:
            continue
        text = _AROUND_EQUALS.sub("=", text, count=1)
        written = text.partition("=")[0].partition("[")[0]
        if "/" in written and "=" in text and known_type(written) is None:
            notes.unknown_type(file, written)
        else:
            yield _named(text, file, number)


def _named(text: str, file: str, line: int) -> NamedResource:
    parts = _BARE_NAME.fullmatch(text)
    if parts is None:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        raise NamingError(f"{file}:{line}: {shown!r} is no TYPE=NAME: write one, for instance kv=kv-churn-dev.")
    key, name = parts.groups()
    try:
        resource_type, variant = _meant(key)
    except NamingError as error:
        raise NamingError(f"{file}:{line}: {error}") from error
    # On what a lock or a diagnostic setting is, a list does not say: it is nobody's neighbour.
    scope_path = f"{file}:{line}" if is_extension(resource_type) else file
    return NamedResource(resource_type, variant, name, scope_path=scope_path, file=file, line=line)


@cache
def _meant(key: str) -> tuple[str, str | None]:
    rule = rule_for_key(key.strip())
    return rule.type, rule.variant

"""The words of a filter: what MLflow's syntax is made of, each with the column where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workspace_jobs.errors import JobsError

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<field>(?:[A-Za-z_]\w*\.)?(?:`[^`]*`|"[^"]*")|(?:[A-Za-z_][\w.]*))
    |(?P<text>'(?:''|\\'|[^'])*')
    |(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])
    |(?P<comparator>>=|<=|!=|=|<|>)
    |(?P<list>\((?:'[^']*'|"[^"]*"|[^()'"])*\))""",
    re.VERBOSE,
)


class FilterError(JobsError):
    """A filter or an order that MLflow's syntax does not know."""


@dataclass(frozen=True)
class Token:
    """A piece of a filter: a field, text, number, comparator or list, or the end; columns count from 1."""

    type: str
    text: str
    column: int

    @property
    def word(self) -> str:
        """The token as a keyword would be written."""
        return self.text.upper() if self.type == "field" else ""


class Tokens:
    """The tokens of a filter, taken one by one; `fail` says where reading has come to."""

    def __init__(self, what: str, text: str) -> None:
        self._what = what
        self._text = text
        self._tokens = list(self._read())
        self._next = 0

    def peek(self) -> Token:
        """The token that comes next; after the last one, the end."""
        return self._tokens[self._next]

    def take(self) -> Token:
        """The next token, which is then behind us."""
        token = self.peek()
        if token.type != "end":
            self._next += 1
        return token

    def take_word(self, *words: str) -> str | None:
        """The next token if it is one of these words, in capitals; else it stays."""
        return self.take().word if self.peek().word in words else None

    def fail(self, problem: str, at: Token) -> FilterError:
        """The error that says what is wrong with the token, and where it stands."""
        return FilterError(f"{self._what} `{self._text}`, column {at.column}: {problem}")

    def _read(self) -> Iterator[Token]:
        position = 0
        while position < len(self._text):
            found = _TOKEN.match(self._text, position)
            if found is None:
                raise self.fail(self._unread(position), Token("", "", position + 1))
            if found.lastgroup != "space":
                yield Token(str(found.lastgroup), found.group(), position + 1)
            position = found.end()
        yield Token("end", "", position + 1)

    def _unread(self, position: int) -> str:
        character = self._text[position]
        if character in "'\"`":
            return f"a {character} is opened and never closed: close it"
        if character == "(":
            return "a ( is opened and never closed: write a list as ('a', 'b')"
        return (
            f"`{self._text[position : position + 12]}` is not understood: write comparisons joined by AND, and a key "
            "with other than letters, digits, _ and . in backticks, as metrics.`val-loss` < 1"
        )


def seen(token: Token) -> str:
    """The beginning of a sentence about a token that is not what was due."""
    return "the end is" if token.type == "end" else f"`{token.text}` is"

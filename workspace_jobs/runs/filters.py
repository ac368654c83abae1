"""MLflow's filter and order-by syntax, read without MLflow: text in, conditions out, or a sentence that says where.

A filter is comparisons joined by AND. The left side is `metrics.KEY`, `params.KEY`, `tags.KEY`, `datasets.name`, or an
attribute with or without `attributes.` before it; a key that is more than letters, digits, `_` and `.` stands in
backticks or double quotes. Values are taken as MLflow takes them: quotes come off the ends and nothing else changes.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workspace_jobs.errors import JobsError, nearest


class Kind(StrEnum):
    """What a condition or an order is about."""

    METRIC = "metric"
    PARAM = "param"
    TAG = "tag"
    ATTRIBUTE = "attribute"
    DATASET = "dataset"


@dataclass(frozen=True)
class Condition:
    """`key` of `kind` compared with `value`: text, a number as it was written, a tuple after IN, None after IS."""

    kind: Kind
    key: str
    comparator: str
    value: str | tuple[str, ...] | None


@dataclass(frozen=True)
class Order:
    """One key to sort by."""

    kind: Kind
    key: str
    ascending: bool


class FilterError(JobsError):
    """A filter or an order that MLflow's syntax does not know."""


PREFIXES = {
    **dict.fromkeys(("metric", "metrics"), Kind.METRIC),
    **dict.fromkeys(("param", "params", "parameter", "parameters"), Kind.PARAM),
    **dict.fromkeys(("tag", "tags"), Kind.TAG),
    **dict.fromkeys(("attribute", "attributes", "attr", "run"), Kind.ATTRIBUTE),
    **dict.fromkeys(("dataset", "datasets"), Kind.DATASET),
}
NUMBERS = ("start_time", "end_time")
TEXTS = ("run_id", "run_name", "status", "user_id", "artifact_uri")
DATASET_KEYS = ("name", "digest", "context")
_ALIASES = {
    **dict.fromkeys(("created", "Created"), "start_time"),
    **dict.fromkeys(("run name", "Run name", "Run Name"), "run_name"),
}

_OF_NUMBERS = (">", ">=", "!=", "=", "<", "<=")
_OF_TEXT = ("=", "!=", "LIKE", "ILIKE")
_COMPARATORS = {
    Kind.METRIC: _OF_NUMBERS,
    Kind.PARAM: (*_OF_TEXT, "IS NULL", "IS NOT NULL"),
    Kind.TAG: (*_OF_TEXT, "IS NULL", "IS NOT NULL"),
    Kind.DATASET: (*_OF_TEXT, "IN", "NOT IN"),
}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<field>(?:[A-Za-z_]\w*\.)?(?:`[^`]*`|"[^"]*")|(?:[A-Za-z_][\w.]*))
    |(?P<text>'(?:''|\\'|[^'])*')
    |(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])
    |(?P<comparator>>=|<=|!=|=|<|>)
    |(?P<list>\((?:'[^']*'|"[^"]*"|[^()'"])*\))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class _Token:
    type: str
    text: str
    column: int

    @property
    def word(self) -> str:
        return self.text.upper() if self.type == "field" else ""


class _Tokens:
    """The tokens of a filter, taken one by one; `fail` says where reading has come to."""

    def __init__(self, what: str, text: str) -> None:
        self._what = what
        self._text = text
        self._tokens = list(self._read())
        self._next = 0

    def peek(self) -> _Token:
        return self._tokens[self._next]

    def take(self) -> _Token:
        token = self.peek()
        if token.type != "end":
            self._next += 1
        return token

    def take_word(self, *words: str) -> str | None:
        return self.take().word if self.peek().word in words else None

    def fail(self, problem: str, at: _Token) -> FilterError:
        return FilterError(f"{self._what} `{self._text}`, column {at.column}: {problem}")

    def _read(self) -> Iterator[_Token]:
        position = 0
        while position < len(self._text):
            found = _TOKEN.match(self._text, position)
            if found is None:
                raise self.fail(self._unread(position), _Token("", "", position + 1))
            if found.lastgroup != "space":
                yield _Token(str(found.lastgroup), found.group(), position + 1)
            position = found.end()
        yield _Token("end", "", position + 1)

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


def parse_filter(text: str) -> list[Condition]:
    """Read a filter; an empty one has no conditions. Raises FilterError."""
    tokens = _Tokens("filter", text)
    if tokens.peek().type == "end":
        return []
    conditions = [_condition(tokens)]
    while (token := tokens.take()).type != "end":
        if token.word == "OR":
            raise tokens.fail("MLflow's filters have no OR: search twice, or write IN for run ids", token)
        if token.word != "AND":
            raise tokens.fail(f"`{token.text}` follows a comparison: join comparisons with AND", token)
        conditions.append(_condition(tokens))
    return conditions


def parse_order(texts: tuple[str, ...]) -> list[Order]:
    """Read `metrics.rmse DESC` and the like. Raises FilterError, also where a key comes twice."""
    orders = [_order(text) for text in texts]
    for index, order in enumerate(orders):
        if (order.kind, order.key) in [(earlier.kind, earlier.key) for earlier in orders[:index]]:
            raise FilterError(f"--order-by `{texts[index]}`: {order.kind} `{order.key}` is there twice: leave one out")
    return orders


def _order(text: str) -> Order:
    tokens = _Tokens("order", text)
    kind, key = _field(tokens)
    if kind == Kind.DATASET:
        raise FilterError(f"order `{text}`: MLflow does not sort by datasets: write a metric, param, tag or attribute")
    direction = tokens.take_word("ASC", "DESC")
    if (rest := tokens.take()).type != "end":
        raise tokens.fail(f"`{rest.text}` follows the key: write ASC, DESC or nothing", rest)
    return Order(kind, key, ascending=direction != "DESC")


def _condition(tokens: _Tokens) -> Condition:
    kind, key = _field(tokens)
    at = tokens.peek()
    comparator = _comparator(tokens)
    known = _comparators(kind, key)
    if comparator not in known:
        raise tokens.fail(f"{kind} `{key}` cannot be compared with {comparator}: write {', '.join(known)}", at)
    if comparator.startswith("IS"):
        return Condition(kind, key, comparator, None)
    return Condition(kind, key, comparator, _value(tokens, kind, key, comparator))


def _field(tokens: _Tokens) -> tuple[Kind, str]:
    token = tokens.take()
    if token.type != "field":
        raise tokens.fail(f"{_seen(token)} where metrics.KEY, params.KEY, tags.KEY or an attribute is due", token)
    prefix, dot, key = token.text.partition(".") if token.text[0] not in '`"' else ("", "", token.text)
    if not dot:
        return Kind.ATTRIBUTE, _attribute(tokens, token, _bare(key or prefix))
    if prefix not in PREFIXES:
        raise tokens.fail(f"there is no `{prefix}.`: {nearest(prefix, PREFIXES)}", token)
    kind, key = PREFIXES[prefix], _bare(key)
    if not key:
        raise tokens.fail(f"`{token.text}` names no key: write one after the dot", token)
    if kind == Kind.ATTRIBUTE:
        return kind, _attribute(tokens, token, key)
    if kind == Kind.DATASET and key not in DATASET_KEYS:
        raise tokens.fail(f"datasets have no `{key}`: {nearest(key, DATASET_KEYS)}", token)
    return kind, key


def _attribute(tokens: _Tokens, token: _Token, key: str) -> str:
    key = _ALIASES.get(key, key)
    if key not in (*NUMBERS, *TEXTS):
        advice = nearest(key, (*NUMBERS, *TEXTS))
        raise tokens.fail(
            f"runs have no attribute `{key}`: {advice} A metric is metrics.{key}, a tag tags.{key}", token
        )
    return key


def _comparators(kind: Kind, key: str) -> tuple[str, ...]:
    if kind != Kind.ATTRIBUTE:
        return _COMPARATORS[kind]
    if key in NUMBERS:
        return _OF_NUMBERS
    return (*_OF_TEXT, "IN", "NOT IN") if key == "run_id" else _OF_TEXT


def _comparator(tokens: _Tokens) -> str:
    token = tokens.take()
    if token.type == "comparator":
        return token.text
    if token.word in ("LIKE", "ILIKE", "IN"):
        return token.word
    if token.word == "NOT" and tokens.take_word("IN"):
        return "NOT IN"
    if token.word == "IS":
        negated = tokens.take_word("NOT")
        if tokens.take_word("NULL"):
            return "IS NOT NULL" if negated else "IS NULL"
    raise tokens.fail(f"{_seen(token)} where a comparison (=, !=, <, LIKE, IN, ...) is due", token)


def _value(tokens: _Tokens, kind: Kind, key: str, comparator: str) -> str | tuple[str, ...]:
    token = tokens.take()
    if comparator in ("IN", "NOT IN"):
        return _list(tokens, token)
    if kind == Kind.METRIC or (kind == Kind.ATTRIBUTE and key in NUMBERS):
        if token.type != "number":
            raise tokens.fail(f"{_seen(token)} where {kind} `{key}` needs a number", token)
        return token.text
    if token.type == "text" or token.text.startswith('"'):
        return token.text[1:-1]
    raise tokens.fail(f"{_seen(token)} where {kind} `{key}` needs text in quotes, as '0.1'", token)


def _list(tokens: _Tokens, token: _Token) -> tuple[str, ...]:
    """The texts of a list; MLflow passes over those that have capitals or no letter, and so it is here."""
    try:
        values = ast.literal_eval(token.text) if token.type == "list" else ()
    except (SyntaxError, ValueError):
        values = ()
    values = values if isinstance(values, tuple) else (values,)
    if not values or not all(isinstance(value, str) for value in values):
        raise tokens.fail(f"{_seen(token)} where a list of quoted texts is due, as ('a', 'b')", token)
    return tuple(value for value in values if value.islower())


def _bare(key: str) -> str:
    """The key without its backticks or quotes."""
    return key[1:-1] if key[:1] in ("`", '"') else key


def _seen(token: _Token) -> str:
    return "the end is" if token.type == "end" else f"`{token.text}` is"

"""MLflow's filter and order-by syntax, read without MLflow: text in, conditions out, or a sentence that says where.

A filter is comparisons joined by AND. The left side is `metrics.KEY`, `params.KEY`, `tags.KEY`, `datasets.name`, or an
attribute with or without `attributes.` before it; a key that is more than letters, digits, `_` and `.` stands in
backticks or double quotes. Values are taken as MLflow takes them: quotes come off the ends and nothing else changes.
"""

import ast
from dataclasses import dataclass
from enum import StrEnum

from workspace_jobs.errors import nearest
from workspace_jobs.runs.filter_tokens import FilterError, Token, Tokens, seen


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


def parse_filter(text: str) -> list[Condition]:
    """Read a filter; an empty one has no conditions. Raises FilterError."""
    tokens = Tokens("filter", text)
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
    tokens = Tokens("order", text)
    kind, key = _field(tokens)
    if kind == Kind.DATASET:
        raise FilterError(f"order `{text}`: MLflow does not sort by datasets: write a metric, param, tag or attribute")
    direction = tokens.take_word("ASC", "DESC")
    if (rest := tokens.take()).type != "end":
        raise tokens.fail(f"`{rest.text}` follows the key: write ASC, DESC or nothing", rest)
    return Order(kind, key, ascending=direction != "DESC")


def _condition(tokens: Tokens) -> Condition:
    kind, key = _field(tokens)
    at = tokens.peek()
    comparator = _comparator(tokens)
    known = _comparators(kind, key)
    if comparator not in known:
        raise tokens.fail(f"{kind} `{key}` cannot be compared with {comparator}: write {', '.join(known)}", at)
    if comparator.startswith("IS"):
        return Condition(kind, key, comparator, None)
    return Condition(kind, key, comparator, _value(tokens, kind, key, comparator))


def _field(tokens: Tokens) -> tuple[Kind, str]:
    token = tokens.take()
    if token.type != "field":
        raise tokens.fail(f"{seen(token)} where metrics.KEY, params.KEY, tags.KEY or an attribute is due", token)
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


def _attribute(tokens: Tokens, token: Token, key: str) -> str:
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


def _comparator(tokens: Tokens) -> str:
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
    raise tokens.fail(f"{seen(token)} where a comparison (=, !=, <, LIKE, IN, ...) is due", token)


def _value(tokens: Tokens, kind: Kind, key: str, comparator: str) -> str | tuple[str, ...]:
    token = tokens.take()
    if comparator in ("IN", "NOT IN"):
        return _list(tokens, token)
    if kind == Kind.METRIC or (kind == Kind.ATTRIBUTE and key in NUMBERS):
        if token.type != "number":
            raise tokens.fail(f"{seen(token)} where {kind} `{key}` needs a number", token)
        return token.text
    if token.type == "text" or token.text.startswith('"'):
        return token.text[1:-1]
    raise tokens.fail(f"{seen(token)} where {kind} `{key}` needs text in quotes, as '0.1'", token)


def _list(tokens: Tokens, token: Token) -> tuple[str, ...]:
    """The texts of a list; MLflow passes over those that have capitals or no letter, and so it is here."""
    try:
        values = ast.literal_eval(token.text) if token.type == "list" else ()
    except (SyntaxError, ValueError):
        values = ()
    values = values if isinstance(values, tuple) else (values,)
    if not values or not all(isinstance(value, str) for value in values):
        raise tokens.fail(f"{seen(token)} where a list of quoted texts is due, as ('a', 'b')", token)
    return tuple(value for value in values if value.islower())


def _bare(key: str) -> str:
    """The key without its backticks or quotes."""
    return key[1:-1] if key[:1] in ("`", '"') else key

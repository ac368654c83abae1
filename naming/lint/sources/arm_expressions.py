"""Works out the template expressions of names, as far as that can be done without Azure.

`[parameters('x')]` is its default or the value that a nested deployment is given; what only Azure can say, such as
`[uniqueString(...)]` or `[resourceGroup().name]`, is `Unresolved`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|(-?\d{1,18})|([A-Za-z_][\w.]*)|([()\[\],.]))")
_LONGEST = 10_000
_DEEPEST = 40
MOST_COPIES = 800  # what Azure allows
_MOST_TOKENS = 2_000
_Sized = TypeVar("_Sized", str, list[Any])
_PLACEHOLDER = re.compile(r"\{(\d{1,4})\}")


class Unresolved(Exception):  # noqa: N818 - no error: the answer that only Azure knows
    """The value of an expression is known only to Azure."""


class Expressions:
    """The parameters and variables of one template, which its expressions refer to."""

    def __init__(self, parameters: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        self._parameters = {name.lower(): value for name, value in parameters.items()}
        self._variables = {name.lower(): value for name, value in variables.items()}
        copies = variables.get("copy")
        # Lists that are made of one input, as Bicep writes `[for ...]`.
        self._copies = {
            str(copy.get("name")).lower(): copy
            for copy in (copies if isinstance(copies, list) else [])
            if isinstance(copy, dict)
        }
        self._known: dict[tuple[str, str], Any] = {}
        self._depth = 0

    def value(self, written: Any, index: int | None = None) -> Any:  # noqa: ANN401 - whatever JSON there is
        """Return what is written, or what the expression that is written says.

        `index` is the number of the copy where a resource is copied.

        Raises:
            Unresolved: only Azure knows, or this function does not.
        """
        if not isinstance(written, str) or not (written.startswith("[") and written.endswith("]")):
            return written
        if written.startswith("[["):
            return written[1:]
        if self._depth >= _DEEPEST or len(written) > _LONGEST:
            raise Unresolved
        self._depth += 1
        try:
            return _Expression(written[1:-1], self, index).value()
        finally:
            self._depth -= 1

    def text(self, written: Any, index: int | None = None) -> str:  # noqa: ANN401 - whatever JSON there is
        """Return the same where it is text.

        Raises:
            Unresolved: it isn't, or is not known.
        """
        found = self.value(written, index)
        if not isinstance(found, str) or len(found) > _LONGEST:
            raise Unresolved
        return found

    def refer(self, kind: str, name: str) -> Any:  # noqa: ANN401 - whatever JSON there is
        """Return the value of a parameter or a variable.

        Raises:
            Unresolved: there is none, or it is not known.
        """
        key = (kind, name.lower())
        if key not in self._known:
            values = self._parameters if kind == "parameters" else self._variables
            if name.lower() in values:
                self._known[key] = self.value(values[name.lower()])
            elif kind != "parameters" and name.lower() in self._copies:
                self._known[key] = self._copied(self._copies[name.lower()])
            else:
                raise Unresolved
        return self._known[key]

    def _copied(self, copy: Mapping[str, Any]) -> list[Any]:
        count = self.value(copy.get("count"))
        if not isinstance(count, int) or not 0 <= count <= MOST_COPIES:
            raise Unresolved
        return [self._filled(copy.get("input"), index) for index in range(count)]

    def _filled(self, written: Any, index: int) -> Any:  # noqa: ANN401 - whatever JSON there is
        """Return what is written with every expression in it worked out."""
        if isinstance(written, dict):
            return {key: self._filled(value, index) for key, value in written.items()}
        if isinstance(written, list):
            return [self._filled(value, index) for value in written]
        return self.value(written, index)


class _Expression:
    """One expression: tokens, and how far they are read."""

    def __init__(self, text: str, scope: Expressions, index: int | None) -> None:
        self._tokens = _tokens(text)
        self._scope = scope
        self._index = index
        self._next = 0
        self._depth = 0

    def value(self) -> Any:  # noqa: ANN401 - whatever JSON there is
        found = self._term()
        if self._next != len(self._tokens):
            raise Unresolved
        return found

    def _take(self) -> tuple[str, str]:
        if self._next >= len(self._tokens):
            raise Unresolved
        self._next += 1
        return self._tokens[self._next - 1]

    def _is_next(self, mark: str) -> bool:
        return self._next < len(self._tokens) and self._tokens[self._next] == ("mark", mark)

    def _term(self) -> Any:  # noqa: ANN401 - whatever JSON there is
        kind, text = self._take()
        if kind == "string":
            return text.replace("''", "'")
        if kind == "number":
            return int(text)
        if kind != "name" or self._depth >= _DEEPEST or not self._is_next("("):
            raise Unresolved
        self._depth += 1
        found = self._call(text.lower())
        self._depth -= 1
        return self._members(found)

    def _call(self, function: str) -> Any:  # noqa: ANN401 - whatever JSON there is
        arguments: list[Any] = []
        self._take()
        while not self._is_next(")"):
            if arguments and self._take() != ("mark", ","):
                raise Unresolved
            arguments.append(self._term())
        self._take()
        if function in ("parameters", "variables") and len(arguments) == 1 and isinstance(arguments[0], str):
            return self._scope.refer(function, arguments[0])
        if function == "copyindex" and self._index is not None:
            return self._index + (arguments[-1] if arguments and isinstance(arguments[-1], int) else 0)
        try:
            return _FUNCTIONS[function](*arguments)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
            raise Unresolved from error

    def _members(self, found: Any) -> Any:  # noqa: ANN401 - whatever JSON there is
        while self._is_next(".") or self._is_next("["):
            _, opening = self._take()
            if opening == ".":
                _, key = self._take()
                found = self._member(found, key)
            else:
                found = self._member(found, self._term())
                if self._take() != ("mark", "]"):
                    raise Unresolved
        return found

    def _member(self, found: Any, key: Any) -> Any:  # noqa: ANN401 - whatever JSON there is
        if isinstance(found, dict) and isinstance(key, str):
            for part in key.split("."):
                found = _entry(found, part)
        elif isinstance(found, list) and isinstance(key, int) and 0 <= key < len(found):
            found = found[key]
        else:
            raise Unresolved
        return self._scope.value(found, self._index)


def _entry(found: Any, key: str) -> Any:  # noqa: ANN401 - whatever JSON there is
    entries = {name.lower(): value for name, value in found.items()} if isinstance(found, dict) else {}
    if key.lower() not in entries:
        raise Unresolved
    return entries[key.lower()]


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or len(found) >= _MOST_TOKENS:
            raise Unresolved
        kind = ("string", "number", "name", "mark")[(match.lastindex or 1) - 1]
        found.append((kind, match[match.lastindex or 1]))
        position = match.end()
    return found


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON there is
    if isinstance(value, bool):
        return "True" if value else "False"
    if not isinstance(value, str | int):
        raise Unresolved
    return str(value)


def _concat(*parts: Any) -> Any:  # noqa: ANN401 - whatever JSON there is
    if parts and all(isinstance(part, list) for part in parts):
        return _short([item for part in parts for item in part])
    return _short("".join(map(_text, parts)))


def _format(template: str, *values: Any) -> str:  # noqa: ANN401 - whatever JSON there is
    if "{{" in template or "}}" in template:
        raise Unresolved
    filled = _PLACEHOLDER.sub(lambda hole: _text(values[int(hole[1])]), template)
    if "{" in _PLACEHOLDER.sub("", template):
        raise Unresolved
    return _short(filled)


def _short(value: _Sized) -> _Sized:
    if len(value) > _LONGEST:
        raise Unresolved
    return value


def _substring(text: str, start: int, length: int | None = None) -> str:
    if start < 0 or start > len(text) or (length is not None and not 0 <= length <= len(text) - start):
        raise Unresolved
    return text[start:] if length is None else text[start : start + length]


def _pad(value: Any, width: int, fill: str = " ") -> str:  # noqa: ANN401 - whatever JSON there is
    if width > _LONGEST:
        raise Unresolved
    return _text(value).rjust(width, fill)


def _equal(left: Any, right: Any) -> bool:  # noqa: ANN401 - whatever JSON there is
    return type(left) is type(right) and bool(left == right)


def _choose(condition: Any, then: Any, otherwise: Any) -> Any:  # noqa: ANN401 - whatever JSON there is
    if not isinstance(condition, bool):
        raise Unresolved
    return then if condition else otherwise


def _joined(values: list[Any], separator: str) -> str:
    return _short(separator.join(map(_text, values)))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda left, right: int(left) + int(right),
    "sub": lambda left, right: int(left) - int(right),
    "and": lambda *values: all(value is True for value in values),
    "or": lambda *values: any(value is True for value in values),
    "not": lambda value: not value if isinstance(value, bool) else _choose(value, None, None),
    "true": lambda: True,
    "false": lambda: False,
    "coalesce": lambda *values: next(value for value in [*values, ""] if value is not None),
    "concat": _concat,
    "createarray": lambda *values: list(values),
    "empty": lambda value: value is None or len(value) == 0,
    "equals": _equal,
    "first": lambda value: value[0],
    "format": _format,
    "if": _choose,
    "int": int,
    "join": _joined,
    "last": lambda value: value[-1],
    "length": len,
    "padleft": _pad,
    "replace": lambda text, old, new: _short(text.replace(old, new) if len(new) <= 100 else text),  # noqa: PLR2004
    "skip": lambda value, count: value[max(count, 0) :],
    "split": lambda text, separator: text.split(separator),
    "string": _text,
    "substring": _substring,
    "take": lambda value, count: value[: max(count, 0)],
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
}

"""Turns a job's command, as Azure ML writes it, into a line for bash in which every value is one argument.

Azure puts values in as they are, so a path with a space falls apart there. Here a value is quoted for the
place it stands in: bare, inside '...', or inside "...", also within `$(...)`.
"""

import difflib
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from localazure.runner.errors import RunnerError

_OPTIONAL = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)
_INPUT = re.compile(r"\$\{\{\s*inputs\.([^}\s]+)\s*\}\}")
_PLACEHOLDER = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_REFERENCE = re.compile(r"\s*(inputs|outputs)\.(\S+)\s*")
_BARE, _SINGLE, _DOUBLE = "bare", "single", "double"
# Means the same wherever bash meets it.
_PLAIN = re.compile(r"[A-Za-z0-9_@%+:,./-]+")
_SPECIAL_IN_DOUBLE_QUOTES = re.compile(r'([\\"$`])')


def render(command: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    """The line for `bash -c`: optional blocks without their input dropped, every placeholder filled in.

    Raises RunnerError, one sentence, for a name that is no input or output, for a value that can't be
    an argument, and for a placeholder where no quoting would be safe.
    """
    known = {"inputs": inputs, "outputs": outputs}
    command = _OPTIONAL.sub(lambda block: _keep_or_drop(block[1], inputs), command)
    context = _Context()
    parts = []
    position = 0
    for match in _PLACEHOLDER.finditer(command):
        before = command[position : match.start()]
        context.read(before)
        parts += [before, _quote(_value(match, known), match[0], context)]
        position = match.end()
    return "".join(parts) + command[position:]


def _keep_or_drop(block: str, inputs: Mapping[str, str]) -> str:
    return block if all(name in inputs for name in _INPUT.findall(block)) else ""


def _value(placeholder: re.Match[str], known: Mapping[str, Mapping[str, str]]) -> str:
    reference = _REFERENCE.fullmatch(placeholder[1])
    if reference is None:
        raise RunnerError(
            f"The command has {placeholder[0]}, which means nothing here: "
            "write ${{inputs.NAME}} or ${{outputs.NAME}}."
        )
    kind, name = reference.groups()
    value = known[kind].get(name)
    if value is None:
        raise RunnerError(f"The command has {placeholder[0]}, but {_what_there_is(kind, name, known[kind])}.")
    if "\0" in value:
        raise RunnerError(f"The value of {kind}.{name} has a NUL character, which no program can be given.")
    return value


def _what_there_is(kind: str, name: str, known: Mapping[str, str]) -> str:
    if not known:
        return f"the job has no {kind}"
    nearest = difflib.get_close_matches(name, known, n=1)
    if nearest:
        return f"the job has no {kind[:-1]} {name!r}; write {nearest[0]!r}"
    return f"the job's {kind} are only {', '.join(sorted(known))}"


def _quote(value: str, placeholder: str, context: "_Context") -> str:
    if _PLAIN.fullmatch(value) and not context.quoting.startswith("right after"):
        return value
    match context.quoting:
        case "bare":
            return shlex.quote(value)
        case "single":
            return value.replace("'", "'\\''")
        case "double":
            return _SPECIAL_IN_DOUBLE_QUOTES.sub(r"\\\1", value)
        case place:
            raise RunnerError(
                f"The command has {placeholder} {place}, where its value can't be quoted safely: "
                "pass it as an argument instead."
            )


@dataclass
class _Context:
    """How far bash's own reading of a line has come, as far as quoting goes."""

    # What is open, outermost first.
    stack: list[str] = field(default_factory=lambda: [_BARE])
    # Whether the next character would begin a word, which is where '#' begins a comment.
    word_start: bool = True
    last: str = ""

    @property
    def quoting(self) -> str:
        """_BARE, _SINGLE or _DOUBLE, else the words for a place where quoting is not safe."""
        if self.stack[-1] in {_BARE, _DOUBLE} and self.last in {"\\", "$"}:
            return f"right after {self.last}"
        return self.stack[-1]

    def read(self, text: str) -> None:
        """Read on from where the last call ended, up to a placeholder."""
        self.last = ""
        for match in _PIECE.finditer(text):
            self._take(match[0])
        # What the placeholder stands for is part of a word.
        self.word_start = False

    def _take(self, piece: str) -> None:
        self.last = piece
        inside = self.stack[-1]
        if piece == "#" and inside == _BARE and not self.word_start:
            return
        if _closes(piece, inside):
            self._close()
        elif (opened := _OPENS.get(inside, {}).get(piece)) is not None:
            self.stack.append(opened)
        self.word_start = piece.isspace() or piece in {";", "&", "|", "(", ")", "$("}

    def _close(self) -> None:
        # A stray ')' closes nothing: it belongs to a `case`.
        if len(self.stack) > 1:
            self.stack.pop()


def _closes(piece: str, inside: str) -> bool:
    if inside in {_SINGLE, _COMMENT}:
        # A backslash means nothing here, so it can't hide the end.
        return piece.endswith(_CLOSES[inside])
    closing = _CLOSES.get(inside)
    return piece == closing or (inside in {_DOUBLE, _ANSI} and piece == f"${closing}")


_COMMENT = "in a comment"
_ANSI, _BACKTICKS, _BRACES = "inside $'...'", "inside backticks", "inside ${...}"
# Its text can't be told from the commands after it, so it is taken never to end.
_HERE_DOCUMENT = "after the start of a here-document (<<)"

_CLOSES = {
    _BARE: ")", _SINGLE: "'", _DOUBLE: '"', _COMMENT: "\n", _ANSI: "'", _BACKTICKS: "`", _BRACES: "}",
}  # fmt: skip
_OPENS_ANYWHERE = {"$(": _BARE, "${": _BRACES, "`": _BACKTICKS}
_OPENS = {
    _BARE: {
        **_OPENS_ANYWHERE,
        "(": _BARE,
        "'": _SINGLE,
        '"': _DOUBLE,
        '$"': _DOUBLE,
        "$'": _ANSI,
        "#": _COMMENT,
        "<<": _HERE_DOCUMENT,
    },
    _DOUBLE: _OPENS_ANYWHERE,
    _BRACES: _OPENS_ANYWHERE,
}
# `<<<` is a here-string, which is quoted as anything else. `$"` inside "..." is a '$' and the closing quote.
_PIECE = re.compile(r"\\.|\$\(|\$\{|\$'|\$\"|<<<|<<|.", re.DOTALL)

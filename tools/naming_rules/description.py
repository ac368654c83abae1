"""Says in words what an expression says, so that nobody has to read it."""

import re

from tools.naming_rules.automaton import ALPHABET, Automaton

_GUID = re.compile(
    r"\^(\[[0-9a-fA-F-]+\])\{8\}(?:-\1\{4\}-\1\{4\}-\1\{4\}|-\(\?:\1\{4\}-\)\{3\}|\(\?:-\1\{4\}\)\{3\})-?\1\{12\}\$"
)
_WORDS = re.compile(r"\^\(\?i:([^()\[\]]+)\)\$")
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_GROUPS = (
    ("letters", "letter", _LOWER | _UPPER),
    ("lower-case letters", "lower-case letter", _LOWER),
    ("upper-case letters", "upper-case letter", _UPPER),
    ("digits", "digit", _DIGITS),
)
_HEXADECIMAL = (
    ("letters a to f", "letter from a to f", frozenset("abcdefABCDEF")),
    ("lower-case letters a to f", "lower-case letter from a to f", frozenset("abcdef")),
)
_NAMED = (
    ("hyphens", "hyphen", "-"),
    ("underscores", "underscore", "_"),
    ("periods", "period", "."),
    ("spaces", "space", " "),
)
_NEVER = {
    "--": "without two hyphens in a row",
    "---": "without three hyphens in a row",
    r"\.\.": "without two periods in a row",
    "-[0-9]+$": "not ending with a hyphen and a number",
    "^[0-9]+$": "not of digits alone",
    "^_": "not starting with an underscore",
    "-ondemand": "without -ondemand",
}


def describe(pattern: str, never: tuple[str, ...] = ()) -> str:
    """Return what a name that fits `pattern`, and has none of `never`, consists of."""
    if _GUID.fullmatch(pattern):
        return "a GUID"
    if words := _WORDS.fullmatch(pattern):
        return _listed([f"'{word}'" for word in words[1].replace("\\", "").split("|")], "or")
    automaton = Automaton.of(pattern)
    said = [_plural(automaton.characters)]
    edges = {"starting": automaton.starts, "ending": automaton.ends}
    if automaton.starts == automaton.ends:
        edges = {"starting and ending": automaton.starts}
    said += [_edge(verb, at, automaton.characters) for verb, at in edges.items() if at != automaton.characters]
    if _separated_singly(automaton):
        said.append(f"without two {' or '.join(_words(automaton.characters - automaton.starts, 0))} in a row")
    elif not _no_more_than_this(automaton):
        said.append(f"in the form of {pattern}")
    said += [_never(it) for it in never]
    return ", ".join(said)


def _never(expression: str) -> str:
    if words := _WORDS.fullmatch(expression):
        return "but not " + _listed([f"'{word}'" for word in words[1].split("|")], "or")
    return _NEVER.get(expression, f"without {expression}")


def _edge(verb: str, allowed: frozenset[str], everywhere: frozenset[str]) -> str:
    barred = everywhere - allowed
    if "é" in allowed or len(_words(allowed, 1)) > len(_words(barred, 1)) + 1:
        return f"not {verb} with {_singular(barred, 'or')}"
    return f"{verb} with {_singular(allowed, 'or')}"


def _no_more_than_this(automaton: Automaton) -> bool:
    """Whether every name of these characters, this start and this end is taken, apart from very short ones."""
    simple = Automaton(
        (automaton.starts, automaton.characters, automaton.characters, automaton.ends),
        frozenset({0}),
        frozenset({3}),
        (frozenset({1}), frozenset({2}), frozenset({2, 3}), frozenset()),
        accepts_empty=False,
        doubled=False,
    )
    return simple.within(automaton)


def _separated_singly(automaton: Automaton) -> bool:
    """Whether names are words with exactly one of the other characters between them."""
    word, between = automaton.starts, automaton.characters - automaton.starts
    if automaton.ends != word or not between:
        return False
    words = Automaton(
        (word, between),
        frozenset({0}),
        frozenset({0}),
        (frozenset({0, 1}), frozenset({0})),
        accepts_empty=False,
        doubled=False,
    )
    longer = Automaton(
        (word, word, *words.takes),
        frozenset({0}),
        frozenset({2}),
        (frozenset({1}), frozenset({2, 3}), frozenset({2, 3}), frozenset({2})),
        accepts_empty=False,
        doubled=False,
    )
    return automaton.within(words) and longer.within(automaton)


def _plural(characters: frozenset[str]) -> str:
    if "é" in characters:
        return _all_but(characters)
    return _listed(_words(characters, 0), "and")


def _singular(characters: frozenset[str], conjunction: str) -> str:
    if "é" in characters:
        return "a character" if characters == frozenset(ALPHABET) else _all_but(characters).replace("any", "one of all")
    words = [f"a {word}" if len(word) > 1 else word for word in _words(characters, 1)]
    if words[:2] == ["a letter", "a digit"]:
        words[1] = "digit"
    if words[:2] == ["a lower-case letter", "a digit"]:
        words[1] = "digit"
    return _listed([word.replace("a u", "an u") if word == "a underscore" else word for word in words], conjunction)


def _all_but(characters: frozenset[str]) -> str:
    missing = sorted(frozenset(map(chr, range(33, 127))) - characters)
    words = ([" ".join(missing)] if missing else []) + ([] if " " in characters else ["spaces"])
    if "\x01" not in characters:
        words.append("control characters")
    return f"any characters but {_listed(words, 'and')}" if words else "any characters"


def _words(characters: frozenset[str], number: int) -> list[str]:
    found: list[str] = []
    named: frozenset[str] = frozenset()
    for *words, members in _GROUPS:
        if members <= characters and not members <= named:
            found.append(words[number])
            named |= members
    for *words, members in _HEXADECIMAL:
        if characters & (_LOWER | _UPPER) == members:
            found.append(words[number])
            named |= members
    for *words, character in _NAMED:
        if character in characters:
            found.append(words[number])
            named |= {character}
    rest = "".join(sorted(characters - named - frozenset(map(chr, range(32)))))
    return [*found, *rest]


def _listed(words: list[str], conjunction: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"

"""Says what is wrong with a name that the convention did not make, and what it tells all the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from weakref import WeakKeyDictionary

from naming.convention import Convention
from naming.convention_layout import Layout
from naming.errors import shown
from naming.parse_alignment import Vocabulary
from naming.parse_readings import HASH

_FEW = 8


class DeviationKind(StrEnum):
    """In which way a name does not follow the convention."""

    MISSING = "missing"
    ORDER = "out of order"
    UNKNOWN = "unknown"
    SUFFIX = "suffix"
    CASE = "case"
    SEPARATOR = "separator"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One difference from the convention, as a sentence.

    `token` is what is meant (`environment`, `region`, `abbreviation`...; None for a word that stands for nothing),
    `text` the word of the name, `meant` the full name that it probably means, None where that can't be said.
    """

    kind: DeviationKind
    token: str | None
    text: str | None
    message: str
    meant: str | None = None


@dataclass
class Diagnosis:
    """What was found out of a name so far: full names of tokens, differences, the hash that it ends in."""

    tokens: dict[str, str] = field(default_factory=dict)
    deviations: list[Deviation] = field(default_factory=list)
    suffix: str | None = None


_vocabularies: WeakKeyDictionary[Layout, Vocabulary] = WeakKeyDictionary()


def diagnose(convention: Convention, layout: Layout, name: str) -> Diagnosis:
    """Return what `name` tells, and every difference from the names of `layout`: there is at least one."""
    vocabulary = _vocabularies.get(layout)
    if vocabulary is None:
        vocabulary = _vocabularies[layout] = Vocabulary(convention, layout)
    aligned = vocabulary.aligned(vocabulary.words_of(name))
    absent = [pair.kind for pair in aligned if pair.word is None and pair.kind]
    found = Diagnosis()
    for pair in aligned:
        if pair.word is None:
            continue
        if pair.kind is None:
            _take_stray(vocabulary, layout, pair.word, absent, found)
        elif pair.kind == HASH:
            found.suffix = pair.word
        else:
            _take_placed(vocabulary, layout, pair.kind, pair.word, found)
    found.deviations += _absences(layout, [kind for kind in absent if kind not in found.tokens])
    if not found.deviations:
        found.deviations.append(_in_form(layout, name))
    return found


def _take_stray(vocabulary: Vocabulary, layout: Layout, word: str, absent: list[str], found: Diagnosis) -> None:
    """Take a word that stands at no place of its own: it belongs elsewhere, or nowhere."""
    kind = vocabulary.kind(word)
    if kind in absent and kind not in found.tokens:
        found.tokens[kind] = vocabulary.meant(kind, word) or word
        message = f"the {kind} {word!r} is out of order: {_order(layout)}."
        found.deviations.append(Deviation(DeviationKind.ORDER, kind, word, message))
    elif kind is not None:
        message = f"{shown(word)} is one {kind} too many: leave it out."
        found.deviations.append(
            Deviation(DeviationKind.UNKNOWN, None, word, message, vocabulary.meant(kind, word) or word)
        )
    else:
        message = (
            f"{shown(word)} stands for nothing that the convention knows: leave it out, or join it to the workload."
        )
        found.deviations.append(Deviation(DeviationKind.UNKNOWN, None, word, message))


def _take_placed(vocabulary: Vocabulary, layout: Layout, kind: str, word: str, found: Diagnosis) -> None:
    """Take a word that stands where the convention has a `kind`."""
    meaning = vocabulary.known.get(kind, {}).get(word)
    if meaning is not None or kind in ("workload", "instance"):
        found.tokens[kind] = meaning or word
        return
    meant = vocabulary.meant(kind, word)
    if meant:
        found.tokens[kind] = meant
    message = _unknown(vocabulary, layout, kind, word, meant)
    found.deviations.append(Deviation(DeviationKind.UNKNOWN, kind, word, message, meant))


def _unknown(vocabulary: Vocabulary, layout: Layout, kind: str, word: str, meant: str | None) -> str:
    if kind == "abbreviation":
        return f"{shown(word)} is not the abbreviation of {layout.rule.a_label}: write {layout.abbreviation!r}."
    shorts = {name: short for short, name in vocabulary.known[kind].items()}
    if meant:
        return f"{shown(word)} is not how the convention writes the {kind} {meant!r}: write {shorts[meant]!r}."
    known = ", ".join(map(repr, sorted(shorts.values())[:_FEW])) + (" or another code" if len(shorts) > _FEW else "")
    return f"the convention knows no {kind} {shown(word)}: write {known}."


def _absences(layout: Layout, kinds: list[str]) -> Iterator[Deviation]:
    for kind in kinds:
        if kind == HASH:
            message = f"the name of {layout.rule.a_label} ends in a hash of its words, and this one does not."
            yield Deviation(DeviationKind.MISSING, "suffix", None, message)
        elif kind != "instance":
            message = f"the {kind} is missing: {_order(layout)}."
            yield Deviation(DeviationKind.MISSING, kind, None, message)


def _in_form(layout: Layout, name: str) -> Deviation:
    """Return what is wrong with a name whose words are all there, in order: it is how they are written."""
    if name != name.lower():
        message = f"{shown(name)} has upper-case letters: write {shown(name.lower())}."
        return Deviation(DeviationKind.CASE, None, None, message)
    if len(name) > layout.limit:
        message = f"{shown(name)} has {len(name)} characters and the convention allows {layout.limit}: shorten it."
        return Deviation(DeviationKind.LENGTH, None, None, message)
    between = repr(layout.separator) if layout.separator else "nothing"
    message = f"the words of {layout.rule.a_label} have {between} between them."
    return Deviation(DeviationKind.SEPARATOR, None, None, message)


def _order(layout: Layout) -> str:
    return f"the words of {layout.rule.a_label} are {', '.join(layout.order)}"

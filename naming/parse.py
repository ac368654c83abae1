"""Recovers from a name what it was made of, and says where it differs from the convention.

A name that the convention makes is read back exactly: of all readings, the one is right that gives the name
again. Any other name is laid beside what it should have been (`naming.parse_diagnosis`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from naming.convention import Convention
from naming.convention_layout import Layout, token_hash
from naming.errors import NamingError, shown
from naming.parse_diagnosis import Deviation, DeviationKind, diagnose
from naming.parse_readings import HASH, Reader, Reading
from naming.rule import Rule
from naming.rulebook import rules
from naming.tokens import Tokens

__all__ = ["Deviation", "DeviationKind", "ParsedName", "likeliest", "parse"]


@dataclass(frozen=True, slots=True)
class ParsedName:
    """What a name is made of.

    `tokens` has the full name of each token that was recovered (`environment`: `prod`, `region`: `westeurope`); of
    a shortened name, the `workload` is only its start. `suffix` is the hash in the name, None where it has none.
    `recovered` is what the convention made the name of, None where the name does not follow it or lost something.
    """

    rule: Rule
    name: str
    tokens: Mapping[str, str]
    deviations: tuple[Deviation, ...] = ()
    suffix: str | None = None
    shortened: bool = False
    recovered: Tokens | None = None

    @property
    def follows(self) -> bool:
        """Whether the convention is followed: it makes this name, or made it and shortened it."""
        return not self.deviations

    @property
    def missing(self) -> tuple[str, ...]:
        """The tokens that the convention wants and that the name does not have."""
        return tuple(one.token for one in self.deviations if one.kind is DeviationKind.MISSING and one.token)

    @property
    def out_of_order(self) -> tuple[str, ...]:
        """The tokens that the name has at another place than the convention."""
        return tuple(one.token for one in self.deviations if one.kind is DeviationKind.ORDER and one.token)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words of the name that the convention does not know."""
        return tuple(one.text for one in self.deviations if one.kind is DeviationKind.UNKNOWN and one.text)


# What a stack may set; a region that is left out can be tried out, there are few.
_TOLD_BY_HASH_ALONE = frozenset({"workload", "instance"})

_readers: WeakKeyDictionary[Layout, Reader] = WeakKeyDictionary()


def parse(convention: Convention, rule: Rule, name: str) -> ParsedName:
    """Return what `name`, of a resource of type `rule`, is made of.

    Raises:
        NamingError: the convention has no abbreviation for the type, so that it makes no such names.
    """
    layout = convention.layout(rule)
    reader = _readers.get(layout)
    if reader is None:
        reader = _readers[layout] = Reader(convention, layout)
    readings = list(reader.whole(name))
    for reading in readings:
        for tokens in _candidates(convention, layout, reading.words):
            # Words that stand at their places are the name; of words without a place, the hash says which they are.
            if not layout.suffix_length or token_hash(tokens).startswith(reading.words[HASH]):
                return _exact(convention, layout, name, reading, tokens)
    shortened = next(reader.shortened(name), None)
    if shortened is not None:
        return _shortened(convention, layout, name, shortened)
    if readings and not _TOLD_BY_HASH_ALONE.issubset(layout.order):
        # The hash stands for words that the name leaves out and nobody can try out: it can't be said to be wrong.
        words = readings[0].words
        return ParsedName(rule, name, _meanings(convention, words), suffix=words[HASH])
    if readings:
        return _with_another_suffix(convention, rule, name, readings[0])
    diagnosis = diagnose(convention, layout, name)
    return ParsedName(rule, name, diagnosis.tokens, tuple(diagnosis.deviations), diagnosis.suffix)


def likeliest(convention: Convention, name: str) -> ParsedName:
    """Return what `name` is made of, as a name of the type whose abbreviation it has.

    Raises:
        NamingError: it has no abbreviation that the convention knows.
    """
    lowered = name.lower()
    found: ParsedName | None = None
    for rule in rules():
        if rule.abbreviation is None and rule.key not in convention.types:
            continue
        layout = convention.layout(rule)
        if layout.abbreviation not in lowered:
            continue
        parsed = parse(convention, rule, name)
        if "abbreviation" in parsed.tokens and (found is None or len(parsed.deviations) < len(found.deviations)):
            found = parsed
    if found is None:
        raise NamingError(
            f"{shown(name)} has no abbreviation that {convention.file} knows: say what it is with --type."
        )
    return found


def _candidates(convention: Convention, layout: Layout, words: Mapping[str, str]) -> Iterator[Tokens]:
    """Yield every environment that may be meant; what a name leaves out, its suffix may still tell."""
    meanings = convention.meanings
    code = words.get("region")
    regions = tuple(convention.region_codes) if code is None else (meanings["region"][code],)
    for region in regions if layout.suffix_length else regions[:1]:
        yield Tokens(
            organisation=convention.organisation,
            workload=words.get("workload", convention.workload),
            environment=meanings["environment"][words["environment"]],
            region=region,
            instance=words.get("instance") if "instance" in layout.order else convention.instance,
        )


def _made(convention: Convention, rule: Rule, tokens: Tokens) -> str | None:
    try:
        return convention.name(rule, tokens)
    except NamingError:
        return None


def _exact(convention: Convention, layout: Layout, name: str, reading: Reading, tokens: Tokens) -> ParsedName:
    recovered = _meanings(convention, reading.words)
    if layout.suffix_length:
        recovered.setdefault("region", tokens.region)
    told = "region" in recovered and ("workload" in recovered or layout.suffix_length > 0)
    return ParsedName(
        layout.rule,
        name,
        recovered,
        suffix=reading.words.get(HASH),
        shortened=reading.shortened,
        recovered=tokens if told else None,
    )


def _shortened(convention: Convention, layout: Layout, name: str, reading: Reading) -> ParsedName:
    """Read a shortened name: the convention's own workload is tried for what was lost, its hash says whether."""
    if convention.workload.startswith(reading.words.get("workload", "")):
        guess = {**reading.words, "workload": convention.workload}
        if "instance" not in guess and convention.instance:
            guess["instance"] = convention.instance
        for words in (guess, {kind: word for kind, word in guess.items() if kind != "instance"}):
            for tokens in _candidates(convention, layout, words):
                if _made(convention, layout.rule, tokens) == name:
                    return _exact(convention, layout, name, Reading({**guess, **reading.words}, shortened=True), tokens)
    return ParsedName(
        layout.rule,
        name,
        _meanings(convention, reading.words),
        suffix=reading.words.get(HASH),
        shortened=True,
    )


def _with_another_suffix(convention: Convention, rule: Rule, name: str, reading: Reading) -> ParsedName:
    suffix = reading.words[HASH]
    message = (
        f"{shown(name)} ends in {suffix!r}, which is not the hash of its own words: "
        f"it was made by another convention or for another organisation."
    )
    deviation = Deviation(DeviationKind.SUFFIX, "suffix", suffix, message)
    return ParsedName(rule, name, _meanings(convention, reading.words), (deviation,), suffix)


def _meanings(convention: Convention, words: Mapping[str, str]) -> dict[str, str]:
    meanings = convention.meanings
    return {kind: meanings[kind][word] if kind in meanings else word for kind, word in words.items() if kind != HASH}

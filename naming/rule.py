"""What Azure accepts as the name of one type of resource.

The rules themselves are facts, with sources: `naming/rules/*.toml` are curated, `naming/rules/types/` is made
from them and from the specifications of Azure by `tools/naming_rules`; `naming.rulebook` reads the latter.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from naming.errors import shown

# Beyond this many characters, which of them are wrong is of no interest to anybody.
_READABLE = 1_000
# Labels that start as "aitch" or "ess" are spoken; SQL is spoken as a word.
_SPOKEN = ("HD", "SSH")


class Scope(StrEnum):
    """Where a name may occur only once."""

    GLOBAL = "global"
    TENANT = "tenant"
    SUBSCRIPTION = "subscription"
    REGION = "region"
    RESOURCE_GROUP = "resource group"
    WORKSPACE = "workspace"
    PARENT = "parent"


class Case(StrEnum):
    """What Azure makes of upper and lower case."""

    LOWER = "lower"
    INSENSITIVE = "insensitive"
    SENSITIVE = "sensitive"


class ViolationKind(StrEnum):
    """In which way Azure would refuse a name."""

    LENGTH = "length"
    CHARACTERS = "characters"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Violation:
    """One reason for which Azure would refuse a name, as a sentence."""

    kind: ViolationKind
    message: str


@dataclass(frozen=True, eq=False)
class Source:
    """Where a fact was read, what it says there, and when (a year and month, or a day)."""

    name: str
    says: str
    retrieved: str


@dataclass(frozen=True, eq=False, repr=False)
class ReservedWords:
    """Lower-case words that may not be a whole name, a part of one, or its start."""

    whole: frozenset[str]
    part: tuple[str, ...]
    start: tuple[str, ...]

    def offence(self, name: str) -> str | None:
        """Say what is reserved in `name`, or None."""
        lowered = name.lower()
        if lowered in self.whole:
            return f"{lowered!r} is a reserved word"
        for word in self.part:
            if word in lowered:
                return f"it contains the reserved word {word!r}"
        for word in self.start:
            if lowered.startswith(word):
                return f"it starts with the reserved word {word!r}"
        return None


# There is one object for each rule, so identity is equality: a name costs one look-up, not a comparison of 22 fields.
@dataclass(frozen=True, eq=False, repr=False)
class Rule:
    """What Azure accepts as the name of one resource type, in one variant.

    A name fits when all of `pattern` matches it and none of `never` is found in it; both are portable regular
    expressions without look-around that take linear time, and say nothing about the length. `max_with_parent` is
    what the name and that of the resource it is in may have together, None where Azure does not care.
    `abbreviation` is the one of the Cloud Adoption Framework, None where it has none. `separator` is what may stand
    between the words of a name: "-", "_" or nothing. The first of `sources` is followed; `note` tells where they
    disagree. `area` is the file of `naming/rules/` that the rule is curated in, None where it was derived.
    """

    type: str
    variant: str | None
    label: str
    abbreviation: str | None
    min_length: int
    max_length: int
    pattern: str
    scope: Scope
    case: Case
    separator: str
    description: str
    sources: tuple[Source, ...]
    note: str = ""
    never: tuple[str, ...] = ()
    max_with_parent: int | None = None
    area: str | None = None
    variant_aliases: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    reserved_words: ReservedWords | None = None

    def __repr__(self) -> str:
        return f"<Rule {self.key}>"

    @property
    def a_label(self) -> str:
        """The label with its article: a storage account, an experiment, an HDInsight cluster."""
        return f"{'an' if self.label[:1].lower() in 'aeio' or self.label.startswith(_SPOKEN) else 'a'} {self.label}"

    @property
    def source(self) -> str:
        """The published page or specification that the rule follows."""
        return self.sources[0].name

    @property
    def retrieved(self) -> str:
        """When that source was read."""
        return self.sources[0].retrieved

    @property
    def key(self) -> str:
        """The type as users write it, with its variant: `Microsoft.X/y` or `Microsoft.X/y[Variant]`."""
        return f"{self.type}[{self.variant}]" if self.variant else self.type

    @property
    def curated(self) -> bool:
        """Whether the rule is in the files people edit; the others are derived from their sources by a program."""
        return self.area is not None

    def accepts(self, name: str) -> bool:
        """Whether Azure accepts `name`: the same as `violations` being empty, and faster."""
        return (
            self.min_length <= len(name) <= self.max_length
            and self._fits(name)
            and (self.reserved_words is None or self.reserved_words.offence(name) is None)
        )

    def violations(self, name: str, parent: str | None = None) -> list[Violation]:
        """Return why Azure would refuse `name`, empty when it accepts it.

        `parent` is the name of the resource that this one is in, where it is known.
        """
        found = self._own_violations(name)
        if self.max_with_parent is not None and parent and len(name) + len(parent) > self.max_with_parent:
            sentence = (
                f"{shown(name)} and {shown(parent)}, which it is in, have {len(name) + len(parent)} characters, "
                f"and {self.a_label} and what it is in take {self.max_with_parent} together."
            )
            found.append(Violation(ViolationKind.LENGTH, sentence))
        return found

    def _own_violations(self, name: str) -> list[Violation]:
        if self.accepts(name):
            return []
        found = []
        if not self.min_length <= len(name) <= self.max_length:
            found.append(Violation(ViolationKind.LENGTH, self._length_sentence(name)))
        if name and len(name) <= _READABLE and not self._fits(name):
            found.append(Violation(ViolationKind.CHARACTERS, self._characters_sentence(name)))
        offence = self.reserved_words.offence(name[:_READABLE]) if self.reserved_words else None
        if offence:
            found.append(
                Violation(ViolationKind.RESERVED, f"Azure refuses {shown(name)} as {self.a_label}: {offence}.")
            )
        return found

    def _fits(self, name: str) -> bool:
        if self._compiled.fullmatch(name) is None:
            return False
        return not self.never or not any(never.search(name) for never in self._refused)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def _refused(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.never))

    def _length_sentence(self, name: str) -> str:
        allowed = f"{self.min_length} to {self.max_length}"
        if self.min_length == self.max_length:
            allowed = str(self.max_length)
        return f"{shown(name)} has {_characters(len(name))}, and {self.a_label} takes {allowed}."

    def _characters_sentence(self, name: str) -> str:
        return f"{shown(name)} does not fit {self.a_label}, which takes {self.description}."


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"

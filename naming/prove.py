"""Proves a convention: makes every name that it can ever produce, and looks for one that should not be.

That is each of its types in each of its environments and regions, and next to that a second workload and a second
instance, which a stack may set: whoever leaves a word out of the order is shown the two resources that it mixes up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from naming.convention import Convention
from naming.convention_layout import Layout, token_hash
from naming.errors import NamingError
from naming.rule import Rule, Scope
from naming.rulebook import rule_for, rules
from naming.tokens import Tokens

Progress = Callable[[int, int], None]

_EVERYWHERE = {Scope.GLOBAL, Scope.TENANT, Scope.SUBSCRIPTION}
_DISTINGUISHING = ("environment", "region", "workload", "instance")
_RESOURCE_GROUP = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True, slots=True)
class Place:
    """Where names are made: the tokens, their short forms, and the resource group; `own` is not merely conceivable."""

    tokens: Tokens
    environment: str
    region: str
    group: str
    own: bool


@dataclass(frozen=True, slots=True)
class Specimen:
    """One name that the convention makes, None where it can make none."""

    rule: Rule
    tokens: Tokens
    name: str | None


@dataclass(frozen=True, slots=True)
class CounterExample:
    """Why a convention does not hold: one name that can't be, or two that are alike, and the key to change."""

    specimens: tuple[Specimen, ...]
    reason: str
    change: str

    @property
    def size(self) -> tuple[int, bool, int, str]:
        """What makes one counter-example easier to grasp than another: few names, no mere consequence, short."""
        names = [specimen.name or "" for specimen in self.specimens]
        rule = self.specimens[0].rule
        # Where two resource groups are one, so is everything in them.
        return len(names), rule.type != _RESOURCE_GROUP, sum(map(len, names)), rule.key


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and the smallest counter-example, None where the convention holds."""

    names: int
    types: int
    environments: int
    regions: int
    suffixed: int
    failures: int
    counter_example: CounterExample | None

    @property
    def holds(self) -> bool:
        """Whether the convention can be used as it is."""
        return self.counter_example is None


def prove(convention: Convention, progress: Progress | None = None) -> Proof:
    """Make every name of `convention`; `progress` is told how many types of how many are done."""
    named = named_rules(convention)
    places = list(_places(convention))
    taken: dict[tuple[str, str, str], Specimen] = {}
    names, suffixed = 0, 0
    # By what to change: how often that would help, and the smallest example.
    failures: Counter[str] = Counter()
    smallest: dict[str, CounterExample] = {}
    for done, rule in enumerate(named):
        layout = convention.layout(rule)
        suffixed += rule.scope is Scope.GLOBAL
        names += len(places)
        for found in _counter_examples(convention, layout, places, taken):
            failures[found.change] += 1
            if found.change not in smallest or found.size < smallest[found.change].size:
                smallest[found.change] = found
        if progress:
            progress(done + 1, len(named))
    environments, regions = len(convention.environments), len(convention.region_codes)
    # What helps most names comes first: one key for all types, before the key of a single one.
    shown = min(smallest.values(), key=lambda one: (-failures[one.change], one.size), default=None)
    return Proof(names, len(named), environments, regions, suffixed, failures.total(), shown)


def named_rules(convention: Convention) -> Sequence[Rule]:
    """Return the rule of every type that the convention names: those that have an abbreviation."""
    return [rule for rule in rules() if rule.abbreviation or rule.key in convention.types]


def _places(convention: Convention) -> Iterator[Place]:
    for environment in convention.environments:
        for region in convention.region_codes:
            yield _place(convention, convention.tokens(environment, region), own=True)
    # What a stack may set, where names are longest: a workload that differs in what is cut first, an instance.
    region = max(convention.region_codes, key=lambda name: len(convention.region_codes[name]))
    for environment in convention.environments:
        tokens = convention.tokens(environment, region)
        yield _place(convention, replace(tokens, workload=f"{tokens.workload}x"), own=False)
        yield _place(convention, replace(tokens, instance="02" if tokens.instance == "01" else "01"), own=True)


def _place(convention: Convention, tokens: Tokens, *, own: bool) -> Place:
    environment, region = convention.environments[tokens.environment], convention.region_codes[tokens.region]
    group = convention.layout(rule_for(_RESOURCE_GROUP)).name(tokens, environment, region)
    return Place(tokens, environment, region, group or "", own)


def _counter_examples(
    convention: Convention, layout: Layout, places: Sequence[Place], taken: dict[tuple[str, str, str], Specimen]
) -> Iterator[CounterExample]:
    rule = layout.rule
    for place in places:
        name = layout.name(place.tokens, place.environment, place.region)
        specimen = Specimen(rule, place.tokens, name)
        if name is None or not rule.accepts(name):
            if place.own:
                yield _invalid(convention, specimen)
            continue
        if place.environment not in name:
            yield CounterExample((specimen,), f"{name!r} lost its environment.", "Shorten environments.")
        if rule.scope is Scope.GLOBAL and not _is_suffixed(layout, name, place.tokens):
            yield CounterExample((specimen,), f"{name!r} has no suffix that makes it unique.", "Raise suffix_length.")
        other = taken.setdefault((rule.type.lower(), _container(rule, place), name.lower()), specimen)
        if other is not specimen:
            yield _alike(convention, other, specimen)


def _container(rule: Rule, place: Place) -> str:
    if rule.scope in _EVERYWHERE:
        return ""
    return place.region if rule.scope is Scope.REGION else place.group


def _is_suffixed(layout: Layout, name: str, tokens: Tokens) -> bool:
    whole = token_hash(tokens)
    return layout.suffix_length > 0 and name.endswith((whole[: layout.suffix_length], whole))


def _invalid(convention: Convention, specimen: Specimen) -> CounterExample:
    """Let the convention itself say what is wrong, and which key of it to change."""
    try:
        convention.name(specimen.rule, specimen.tokens)
    except NamingError as error:
        reason, _, change = str(error).removeprefix(f"{convention.file}: ").rpartition(": shorten ")
        if reason:
            return CounterExample((specimen,), f"{reason}.", f"Shorten {change}")
        reason, _, change = str(error).removeprefix(f"{convention.file}: ").rpartition(" Change ")
        return CounterExample((specimen,), reason, f"Change {change}")
    raise AssertionError(f"{specimen.name!r} is refused, and the convention makes it all the same")


def _alike(convention: Convention, one: Specimen, other: Specimen) -> CounterExample:
    rule = other.rule
    reason = f"both are {other.name!r}, and the name of {rule.a_label} is unique in its {rule.scope}."
    order = convention.layout(rule).order
    own = convention.types.get(rule.key)
    key = f'types."{rule.key}".order' if own and own.order else "order"
    if one.rule.key == rule.key:
        different = [token for token in _DISTINGUISHING if getattr(one.tokens, token) != getattr(other.tokens, token)]
        otherwise = "Raise suffix_length."
    else:
        different, otherwise = ["abbreviation"], f'Write another types."{rule.key}".abbreviation.'
    missing = next((f'Add "{token}" to {key}.' for token in different if token not in order), None)
    return CounterExample((one, other), reason, missing or otherwise)

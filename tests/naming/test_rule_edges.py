"""The curated rules at their edges, against what the sources say, without the expressions that the rules have."""

import re
import string
from collections.abc import Iterator
from functools import cache

import pytest

from naming import Rule, ViolationKind, rules
from tools.naming_rules import documentation
from tools.naming_rules.automaton import Automaton

CURATED = [rule for rule in rules() if rule.curated]
LINES = {
    line.split(" ")[0].lower(): line.split(" ")[1:]
    for line in documentation._FILE.read_text("utf-8").splitlines()
    if not line.startswith("#")
}
DOCUMENTED = [rule for rule in CURATED if rule.type.lower() in LINES]
SETS = {
    "an": string.ascii_letters + string.digits,
    "lc": string.ascii_lowercase + string.digits,
    "dg": string.digits,
    "L": string.ascii_letters,
    "l": string.ascii_lowercase,
}
CHARACTERS = [*string.printable, "é", "\x01", "\x7f"]
ARM = re.compile(r"(?:(?P<least>\d*)-(?P<most>\d*)(?:; |$))?(?P<pattern>[(^].*)?")


@cache
def body(rule: Rule) -> str:
    """A name of the rule's of a length in between, to put characters into."""
    automaton = Automaton.of(rule.pattern, exact=True)
    lengths = [min(rule.min_length + 3, rule.max_length), rule.max_length, rule.min_length]
    names = [automaton.example(length) for length in lengths]
    return next(name for name in names if name and rule.accepts(name))


def probes(rule: Rule) -> Iterator[str]:
    """Names with every character at the start, in the middle and at the end, singly and doubled."""
    name = body(rule)
    half = len(name) // 2
    for one in CHARACTERS:
        yield from (one + name[1:], name[:half] + one + name[half + 1 :], name[:-1] + one)
        yield from (one, name[:half] + one * 2 + name[half + 2 :])


def documented(type_: str, name: str) -> bool:
    """Whether the documentation's page, read character by character, takes the characters of a name."""
    _, _, characters, *edges = LINES[type_.lower()]
    if characters.startswith("is="):
        return name.lower() in characters.removeprefix("is=").lower().split("|")
    taken = all(allowed(characters, one) for one in name)
    for edge in edges:
        if edge.startswith(("^!", "$!")):
            taken &= name[0 if edge[0] == "^" else -1] not in edge[2:].replace("␠", " ")
        elif edge.startswith("!"):
            taken &= re.search(edge[1:], name) is None
        else:
            taken &= allowed(edge[1:], name[0 if edge[0] == "^" else -1])
    return taken


def allowed(characters: str, one: str) -> bool:
    name, _, more = characters.partition("+")
    listed = one in more.replace("␠", " ")
    if name == "not":
        return not listed and one.isprintable() and one != "/"
    if name == "any":
        return not listed and one.isprintable()
    return listed or one in SETS[name]


@pytest.mark.parametrize("rule", DOCUMENTED, ids=lambda rule: rule.key)
def test_no_rule_takes_what_the_documentation_refuses_and_one_that_refuses_more_says_why(rule: Rule) -> None:
    _, lengths, *_ = LINES[rule.type.lower()]
    least, most = map(int, lengths.split("-"))
    assert least <= rule.min_length
    assert rule.max_length <= most
    stricter = (rule.min_length, rule.max_length) != (least, most)
    for name in probes(rule):
        if not rule.min_length <= len(name) <= rule.max_length or (rule.reserved_words and not name.isascii()):
            continue
        mine = not any(it.kind is ViolationKind.CHARACTERS for it in rule.violations(name))
        theirs = documented(rule.type, name)
        assert theirs or not mine, name
        stricter |= theirs and not mine
    assert rule.note or not stricter


SPECIFIED = [
    rule for rule in CURATED if rule.source.startswith("Azure/bicep-types-az") and "?!" not in rule.sources[0].says
]


@pytest.mark.parametrize("rule", SPECIFIED, ids=lambda rule: rule.key)
def test_no_rule_takes_what_the_specification_that_it_follows_refuses(rule: Rule) -> None:
    said = ARM.fullmatch(rule.sources[0].says)
    assert said, rule.sources[0].says
    least, most = int(said["least"] or 0), int(said["most"] or 10**6)
    specification = re.compile(said["pattern"] or ".*", re.ASCII | re.DOTALL)
    for name in probes(rule):
        if rule.accepts(name):
            assert least <= len(name) <= most, name
            assert specification.search(name), name


@pytest.mark.parametrize("rule", CURATED, ids=lambda rule: rule.key)
def test_the_shortest_and_the_longest_name_are_taken_and_a_longer_one_is_not(rule: Rule) -> None:
    automaton = Automaton.of(rule.pattern, exact=True)
    for length in {rule.min_length, rule.max_length}:
        assert rule.violations(automaton.example(length) or "") == []
    longer = automaton.example(rule.max_length + 1) or "a" * (rule.max_length + 1)
    assert ViolationKind.LENGTH in {it.kind for it in rule.violations(longer)}
    if rule.min_length > 1:
        shorter = automaton.example(rule.min_length - 1) or "a" * (rule.min_length - 1)
        assert ViolationKind.LENGTH in {it.kind for it in rule.violations(shorter)}

"""The rules that a program derived: that what the product reads is what the sources make, and says what they say."""

import json
import re
from itertools import product
from pathlib import Path

import pytest

from naming import rules
from naming.rule import Rule
from naming.rulebook import rule_for
from tools.naming_rules import curated, documentation, published, store
from tools.naming_rules.automaton import ALPHABET, Automaton
from tools.naming_rules.curated import RuleFileError
from tools.naming_rules.description import describe
from tools.naming_rules.portable import ENDLESS, portable

CONVERSIONS = Path(store.__file__).with_name("conversions.toml")
ARM = re.compile(r"Azure/bicep-types-az, api (20\d\d-\d\d-\d\d(-preview)?)")


def specified(rule: Rule) -> str | None:
    """What the ARM specification says, as it was read, where the rule follows nothing else."""
    if rule.curated or len(rule.sources) != 1 or not ARM.fullmatch(rule.source):
        return None
    return rule.sources[0].says


SPECIFIED = [rule for rule in rules() if specified(rule)]


def test_at_least_1600_types_have_a_rule_and_most_of_the_1605_of_the_specifications_are_derived() -> None:
    assert len({rule.type.lower() for rule in rules()}) >= 1_600
    assert len(SPECIFIED) > 1_300


def test_the_files_that_the_product_reads_are_those_that_the_rules_by_hand_make() -> None:
    made = store.files(curated.read(), store.derived(), curated.reserved_words(), published.read())
    written = {
        str(path.relative_to(store.FOLDER)): path.read_text("utf-8") for path in sorted(store.FOLDER.rglob("*.json"))
    }
    assert made == written, "run `python -m tools.naming_rules`"


def test_every_type_of_the_documentation_has_a_rule_that_is_as_strict_or_says_why_not() -> None:
    for fact in documentation.read():
        rule = rule_for(fact.type)
        strict = (
            rule.min_length >= fact.condition.min_length
            and rule.max_length <= fact.condition.max_length
            and set(rule.never) >= set(fact.condition.never)
            and Automaton.of(rule.pattern).within(Automaton.of(fact.condition.pattern))
        )
        assert strict or rule.note, fact.type


def expression_in(says: str) -> str | None:
    """The expression among what a specification says, which starts with the lengths where it has them."""
    _, semicolon, expression = says.partition("; ")
    lengths = re.match(r"\d*-\d*(; |$)", says)
    return (expression if semicolon else None) if lengths else says


def originals() -> list[str]:
    found = {expression_in(specified(rule) or "") for rule in SPECIFIED if "(?i:" not in rule.pattern}
    return sorted(it for it in found if it)


def probes(original: str) -> list[str]:
    """Short names of every combination of the characters that matter, and longer ones of the same."""
    kinds = [it for it in "aB1-_. é" if it in original or it in "aB1-_. é"]
    short = ["".join(name) for length in range(1, 5) for name in product(kinds, repeat=length)]
    long = [
        piece * count for piece in ("a", "a-", "A1", "9", "a.") for count in (8, 15, 30, 31, 32, 40, 63, 64, 65, 129)
    ]
    return [*short, *long, "v-a", "a-v-a", "con", "com1", "192.168.0.1", "1.2.3", "a--b--c", "a---b", "prod-12"]


def anchored(original: str) -> re.Pattern[str]:
    """What the specification means: ECMA's classes, and the whole name where it forgot an anchor."""
    ascii_only = original.replace(r"\w-", r"\w\-").replace(r"\d-", r"\d\-").replace("$", r"\Z")
    start = "" if original.startswith(("^", "(^")) else "^"
    end = "" if "$" in original else r"\Z"
    return re.compile(f"{start}(?:{ascii_only}){end}" if start or end else ascii_only, re.ASCII)


@pytest.mark.parametrize("original", originals())
def test_a_rewritten_expression_accepts_what_the_specification_accepts(original: str) -> None:
    condition = portable(original)
    if condition.note:
        return  # rewritten because it does not say what it means
    meant, pattern = anchored(original), re.compile(condition.pattern)
    never = [re.compile(it) for it in condition.never]
    for name in probes(original):
        rewritten = (
            condition.min_length <= len(name) <= condition.max_length
            and pattern.fullmatch(name) is not None
            and not any(it.search(name) for it in never)
        )
        assert rewritten is (meant.search(name) is not None), name


def test_every_derived_rule_says_where_and_when_it_was_read() -> None:
    for rule in rules():
        for source in rule.sources:
            assert source.name
            assert source.says or not rule.curated
            assert re.fullmatch(r"20\d\d-[01]\d(-[0-3]\d)?", source.retrieved)
        if not rule.curated:
            assert ARM.fullmatch(rule.source) or rule.source == documentation.NAME


@pytest.mark.parametrize(
    ("pattern", "linear"),
    [
        ("^[a-z]+$", True),
        ("^[a-z](?:-?[a-z0-9])*$", True),
        ("^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$", True),
        ("^(?:[a-z]*)*$", False),
        ("^(?:[a-z]+)+$", False),
        ("^[a-z]*[a-z0-9]*$", False),
        ("^[a-z]+(?:-*[a-z])*$", False),
        ("^(?:a|ab|b)*$", False),
        ("^(?:[ab]c|ac)*$", False),
        ("^[a-z]{0,61}[a-z]{0,61}$", False),
    ],
)
def test_the_proof_of_linear_time_knows_good_from_bad(pattern: str, *, linear: bool) -> None:
    assert Automaton.of(pattern).is_linear() is linear


def test_an_automaton_reads_an_expression_as_python_does() -> None:
    for pattern in ("^[a-c]-?[0-9]+$", "^(?:ab|c){2}$", "^(?i:on|off)$", r"^[^a.\s]*x$", r"^\w\d{1,3}$", "^a?b?c?$"):
        automaton, compiled = Automaton.of(pattern, exact=True), re.compile(pattern)
        for length in range(7):
            example = automaton.example(length)
            if example is not None:
                assert compiled.fullmatch(example), (pattern, example)
            else:
                assert not any(
                    compiled.fullmatch("".join(it))
                    for it in product("abc019-xonf", repeat=min(length, 4))
                    if len(it) == length
                )
    assert Automaton.of("^[a-z]+$").within(Automaton.of("^[a-z0-9]+$"))
    assert not Automaton.of("^[a-z0-9]+$").within(Automaton.of("^[a-z]+$"))
    assert ALPHABET.isprintable() is False


@pytest.mark.parametrize(
    ("pattern", "never", "said"),
    [
        ("^[a-z0-9]+$", (), "lower-case letters and digits"),
        ("^[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$", ("--",), "starting with a letter, ending with a letter or digit"),
        ("^[a-z0-9]+(?:-[a-z0-9]+)*$", (), "without two hyphens in a row"),
        ("^[a-z]+$", ("^(?i:bin|default)$",), "lower-case letters, but not 'bin' or 'default'"),
        ("^(?i:current|recommended)$", (), "'current' or 'recommended'"),
        (r"^[^<>/\x00-\x1f\x7f]+$", (), "any characters but / < > and control characters"),
        ("^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$", (), "a GUID"),
    ],
)
def test_an_expression_is_said_in_words(pattern: str, never: tuple[str, ...], said: str) -> None:
    assert said in describe(pattern, never)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('label = "x"', "lacks bad, case"),
        (None, "unknown key 'patern': did you mean 'pattern'?"),
    ],
)
def test_a_rule_file_of_the_wrong_shape_is_refused_by_name(tmp_path: Path, line: str | None, sentence: str) -> None:
    whole = (curated.FOLDER / "foundation.toml").read_text("utf-8")
    text = f'[[rule]]\ntype = "T"\n{line}\n' if line else whole + 'patern = "x"\n'
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    with pytest.raises(RuleFileError) as raised:
        list(curated.read(tmp_path))
    assert "naming/rules/wrong.toml" in str(raised.value)
    assert sentence in str(raised.value)


def test_the_rules_by_hand_fit_their_published_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="the schema is checked where jsonschema is installed")
    schema = json.loads((curated.FOLDER / "schema.json").read_text("utf-8"))
    entries = [{key: value for key, value in entry.items() if key != "area"} for entry in curated.read()]
    jsonschema.validate({"rule": entries}, schema)


def test_a_length_without_end_is_more_than_any_name() -> None:
    assert portable("^[a-z]+$").max_length == ENDLESS > 10**6

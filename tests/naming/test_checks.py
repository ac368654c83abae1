import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naming import Convention, NamingError, Tokens, naming_plan
from naming.lint.checks import registry, tags
from naming.lint.checks.catalogue import IDS, MODULES
from naming.lint.checks.context import Context
from naming.lint.checks.pages import index, module, pages
from naming.lint.configuration import Configuration
from naming.lint.model import Finding, NamedResource
from naming.lint.sources.pulumi import token_path
from naming.parse import parse
from naming.prove import named_rules
from naming.rule import Rule
from naming.rulebook import known_type, rule_for, rules
from tests.naming.lint_snippets import CONVENTION, docstring, found, named, page, resources
from tests.naming.strategies import CONVENTION as DRAWN
from tests.naming.strategies import tokens

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "lint"


@pytest.mark.parametrize("check_id", IDS)
def test_what_a_page_says_passes_has_no_finding_of_the_check(check_id: str, tmp_path: Path) -> None:
    written = page(check_id)
    assert written.passes
    for language, text in written.passes:
        read = list(resources(language, text, tmp_path))
        assert read
        assert check_id not in {finding.id for finding in found(written.configuration, read)}


@pytest.mark.parametrize("check_id", IDS)
def test_each_thing_that_a_page_says_fails_has_a_finding_of_the_check(check_id: str, tmp_path: Path) -> None:
    written = page(check_id)
    assert written.fails
    for language, text in written.fails:
        read = list(resources(language, text, tmp_path))
        findings = [finding for finding in found(written.configuration, read) if finding.id == check_id]
        # A duplicate is found at the second of two.
        expected = read[1:] if check_id.startswith("NAM3") else read
        assert [finding.resource for finding in findings] == expected


@pytest.mark.parametrize("check_id", IDS)
def test_a_page_opens_with_its_id_and_says_its_source(check_id: str) -> None:
    check = module(check_id)
    assert check_id == check.ID
    assert check.SEVERITY in ("error", "warning", "info")
    assert check.HELP.startswith("https://learn.microsoft.com/")
    text = docstring(check_id)
    assert re.match(rf"{check_id}: [^\n]+\.\n\n", text)
    assert "\nSource: " in text


def test_the_published_pages_are_up_to_date() -> None:
    written = {path.name: path.read_text("utf-8") for path in REFERENCE.glob("*.md")}
    assert written == {**pages(), "index.md": index()}, "run python -m naming.lint.checks.pages docs/reference/lint"


def test_every_module_of_a_check_is_in_the_catalogue() -> None:
    folder = Path(registry.__code__.co_filename).parent
    documented = {path.stem for path in folder.glob("*.py") if re.search(r'^r?"""NAM\d', path.read_text("utf-8"))}
    assert documented == set(MODULES.values())


@given(tokens(DRAWN))
def test_the_names_of_a_plan_are_clean_with_every_check_on(drawn: Tokens) -> None:
    try:
        plan = naming_plan(DRAWN, drawn.environment, drawn.region, drawn.workload, drawn.instance)
    except NamingError:
        return
    required = Configuration.from_mapping({"required-tags": {"owner": ["ml"]}})
    judge = registry(DRAWN, required)
    for entry in plan:
        resource = NamedResource(
            entry.type,
            entry.variant,
            entry.name,
            scope_path="plan",
            tags={"owner": "ml"},
            file="plan",
            environment=drawn.environment,
        )
        assert list(judge(resource)) == []


@given(st.sampled_from(rules()), st.text(max_size=30), st.booleans())
def test_the_shortcut_never_accepts_what_a_check_complains_about(rule: Rule, name: str, with_convention: bool) -> None:
    convention = CONVENTION if with_convention else None
    if registry(convention).accepts(rule.type, rule.variant)(name):
        assert complaints(NamedResource(rule.type, rule.variant, name, file="list"), convention) == []


def complaints(resource: NamedResource, convention: Convention | None) -> list[Finding]:
    """What each check of names says, none left out for speed."""
    context = Context(Configuration(), convention)
    of_names = [check_id for check_id in IDS if check_id.startswith(("NAM1", "NAM2"))]
    return [finding for check_id in of_names for finding in module(check_id).check(resource, context)]


@given(st.sampled_from(named_rules(CONVENTION)), st.text("abc019-_.AB", max_size=20), st.data())
def test_what_deviates_from_the_convention_is_a_finding_of_one_check(
    rule: Rule, text: str, data: st.DataObject
) -> None:
    words = ["kv", "rg", "st", "dev", "prod", "production", "euw", "weu", "churn", "01", "8fdv0", "Dev", text]
    name = data.draw(st.sampled_from(["-", "", "_"])).join(data.draw(st.lists(st.sampled_from(words), max_size=6)))
    resource = NamedResource(rule.type, rule.variant, name, file="list")
    found = [one for one in complaints(resource, CONVENTION) if one.id.startswith("NAM2")]
    assert len(found) == len(parse(CONVENTION, rule, name).deviations)


@given(tokens(DRAWN), st.data())
def test_the_shortcut_accepts_what_the_convention_makes_and_no_neighbour_of_it(
    drawn: Tokens, data: st.DataObject
) -> None:
    try:
        plan = naming_plan(DRAWN, drawn.environment, drawn.region, drawn.workload, drawn.instance)
    except NamingError:
        return
    entry = data.draw(st.sampled_from(plan.entries))
    position = data.draw(st.integers(0, len(entry.name)))
    changed = entry.name[:position] + data.draw(st.text("ab0-_A", max_size=2)) + entry.name[position + 1 :]
    judge = registry(DRAWN, Configuration().with_options(["NAM1", "NAM2"]))
    accepts = judge.accepts(entry.type, entry.variant)
    if len(drawn.workload) <= 4 and entry.role == "resource_group":
        # A name that is not shortened is recognised at once. One that is joined without a separator can be read in two
        # ways (the regions auc and auc2 before a suffix), and then only parsing tells.
        assert accepts(entry.name)
    assert complaints(NamedResource(entry.type, entry.variant, entry.name, file="list"), DRAWN) == []
    for name in (entry.name, changed):
        if accepts(name):
            assert complaints(NamedResource(entry.type, entry.variant, name, file="list"), DRAWN) == []


def test_one_mistake_at_an_edge_is_one_finding() -> None:
    findings = found(Configuration().with_options(["NAM1"]), [named("rg=rg-churn.")])
    assert [(finding.id, finding.message) for finding in findings] == [
        ("NAM105", findings[0].message),
    ]
    assert "'rg-churn.' ends as a resource group may not" in findings[0].message


def test_resources_that_one_source_names_twice_are_one() -> None:
    step = named("kv=kv-churn", file="preview.json", address="urn:pulumi:dev::mlws::vault")
    assert found(Configuration().with_options(["NAM3"]), [step, step]) == []


def test_a_name_is_taken_only_within_its_scope() -> None:
    only = Configuration().with_options(["NAM3"])
    first = named("log=log-churn", file="a", scope_path="/subscriptions/1/resourceGroups/dev")
    second = named("log=log-churn", file="b", scope_path="/subscriptions/1/resourceGroups/prod")
    assert found(only, [first, second]) == []
    assert [one.id for one in found(only, [first, named("log=log-churn", file="b", scope_path=first.scope_path)])] == [
        "NAM301"
    ]
    groups = [named("rg=rg", file="a", line=line, scope_path=f"/subscriptions/{line}") for line in (1, 2)]
    assert found(only, groups) == []


def test_the_first_place_of_a_name_is_told_across_files() -> None:
    only = Configuration().with_options(["NAM3"])
    found_ones = found(
        only,
        [
            named("kv=KV-one", file="a.csv", line=7),
            named("kv=x", file="b.csv", line=1),
            named("kv=kv-one", file="b.csv", line=2),
        ],
    )
    assert [one.message for one in found_ones] == [
        "'kv-one' and 'KV-one', the name of another key vault at a.csv:7, are one name to Azure; its scope is global."
    ]


def test_a_suggestion_is_the_name_that_the_convention_makes() -> None:
    (finding,) = found(Configuration().with_options(["NAM204"]), [named("rg=rg-dev-churn-euw")])
    assert finding.suggestion == "rg-churn-dev-euw"
    # Without a word on the environment, any name would be a guess.
    assert {one.suggestion for one in found(Configuration().with_options(["NAM2"]), [named("rg=rg-churn")])} == {None}


@pytest.mark.parametrize(
    ("name", "location", "suggestion"),
    [
        ("kv=kv-churn-dev", "eastus", "kv-churn-dev-use-"),
        ("rg=rg-churn-dev", "East US", "rg-churn-dev-use"),
        ("rg=rg-dev-churn-weu", "eastus", "rg-churn-dev-euw"),
        ("rg=rg-churn-dev", None, None),
        ("rg=rg-churn-dev", "nowhere", None),
        ("kv=kv-churn-euw", "westeurope", None),
    ],
)
def test_a_region_that_a_name_does_not_say_is_that_of_its_resource_and_never_guessed(
    name: str, location: str | None, suggestion: str | None
) -> None:
    findings = found(Configuration(), [named(name, location=location)])
    assert findings
    for finding in findings:
        assert (finding.suggestion or "").startswith(suggestion or "")
        assert (finding.suggestion is None) == (suggestion is None)


def test_types_that_the_convention_does_not_name_are_left_to_azure() -> None:
    assert found(Configuration(), [named("datastore=training_data")]) == []


def test_a_storage_account_takes_shorter_tag_names() -> None:
    only = Configuration().with_options(["NAM404"])
    tags = {"a" * 200: "1"}
    assert found(only, [named("kv=kv-one", file="a", tags=tags)]) == []
    assert [one.id for one in found(only, [named("st=stone", file="a", tags=tags)])] == ["NAM404"]


def test_azures_own_tags_are_left_alone() -> None:
    tags = {"hidden-link:/subscriptions/1/resourceGroups/rg": "Resource"}
    assert found(Configuration(), [named("datastore=d", file="a", tags=tags)]) == []


def test_no_tag_is_required_of_what_takes_none() -> None:
    required = Configuration.from_mapping({"required-tags": {"owner": []}})
    guid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    taking_none = {"locks": "keep", "roleAssignments": guid, "policyAssignments": "keep"}
    for kind, name in taking_none.items():
        assert found(required, [named(f"Microsoft.Authorization/{kind}={name}", tags={})]) == []
    assert "NAM401" in [one.id for one in found(required, [named("kv=kv-churn", tags={})])]


def test_the_types_without_tags_are_those_of_the_sdk() -> None:
    read = tomllib.loads((Path(tags.__file__).parent / "untagged.toml").read_text("utf-8"))
    assert all(rule_for(one).type == one for types in read.values() for one in types)
    takes = _sdk_types_by_tags()
    known = {kind for kind in takes[False] - takes[True] if kind.count("/") == 1}
    assert set(read["no_tags_in_sdk"]) == known
    assert takes[True].isdisjoint(tags.untagged())


def _sdk_types_by_tags() -> dict[bool, set[str]]:
    """The types of the SDK that have a rule, by whether a resource of theirs takes tags."""
    spec = find_spec("pulumi_azure_native")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("pulumi-azure-native is not installed")
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for file in Path(next(iter(spec.submodule_search_locations))).glob("*/*.py"):
        text = file.read_text("utf-8")
        token = re.search(r'@pulumi\.type_token\("(azure-native:\w+:\w+)"\)', text)
        signature = re.search(r"class \w+Args:\n    def __init__\(__self__(.*?)\):\n", text, re.DOTALL)
        where = token_path(token[1]) if token else None
        kind = known_type(where.type) if where else None
        if kind and signature:
            found[re.search(r"\btags: ", signature[1]) is not None].add(kind)
    return found


def test_required_tags_are_not_missed_where_they_are_unknown() -> None:
    required = Configuration.from_mapping({"select": ["NAM4"], "required-tags": {"owner": []}})
    assert found(required, [named("kv=kv-one", file="a", tags=None)]) == []
    assert found(required, [named("datastore=d", file="a", tags={})]) == []
    assert [one.id for one in found(required, [named("kv=kv-one", file="a", tags={})])] == ["NAM401"]

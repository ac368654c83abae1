import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naming.lint.model import Finding, NamedResource, Severity
from naming.lint.reporters import REPORTERS
from naming.lint.reporters.sarif import address_of_pages
from naming.rule import Rule
from naming.rulebook import rule_for
from tests.conftest import PROJECT

# The whole schema of SARIF 2.1.0, as `make test` gets it from a package of Microsoft's.
SARIF = PROJECT / ".tools/sarif/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
VAULT: Rule = rule_for("Microsoft.KeyVault/vaults")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


def finding(name: str = "kv--bad", message: str = "it is bad.", severity: Severity = "error", **place: Any) -> Finding:
    """A finding at line 3 of names.csv; `suggestion`, `file` and `line` as given."""
    suggestion = place.pop("suggestion", None)
    resource = NamedResource(VAULT.type, None, name, **{"file": "names.csv", "line": 3, **place})
    return Finding(id="NAM102", severity=severity, resource=resource, message=message, suggestion=suggestion)


hostile = st.text(max_size=40) | st.sampled_from(
    ["a\nb", "]##vso[task.complete]", "%0A::error::", "]]>&<\"'", "\x00\x1b[31m", "\ud800", "e;f]g%h:i,j"]
)
findings = st.lists(
    st.builds(
        finding,
        hostile,
        hostile,
        st.sampled_from(SEVERITIES),
        file=hostile,
        line=st.none() | st.integers(1, 10**9),
        suggestion=st.none() | hostile,
    ),
    max_size=4,
)


def written(output: str, *found: Finding) -> str:
    return "".join(REPORTERS[output](found))


def test_text_is_one_line_with_place_id_reason_and_suggestion() -> None:
    found = finding(message="'kv--bad' is bad.", suggestion="kv-bad")
    assert written("text", found) == "names.csv:3: NAM102 'kv--bad' is bad. Suggested: kv-bad\n"
    assert written("text", finding(line=None)) == "names.csv: NAM102 it is bad.\n"
    assert written("text", finding(severity="info")) == "names.csv:3: NAM102 info: it is bad.\n"


@given(findings)
def test_no_name_breaks_a_line_of_text(found: list[Finding]) -> None:
    text = written("text", *found)
    assert len(text.splitlines()) == len(found)
    assert all(character.isprintable() or character == "\n" for character in text)


@given(findings)
def test_json_is_an_array_with_the_published_keys(found: list[Finding]) -> None:
    keys = {"id", "severity", "type", "name", "message", "suggestion", "file", "line"}
    read = json.loads(written("json", *found))
    assert [set(entry) for entry in read] == [keys] * len(found)
    assert [entry["name"] for entry in read] == [one.resource.name for one in found]


@pytest.mark.skipif(not SARIF.is_file(), reason="`python3 -m tools.setup --tests` gets the schema")
@given(findings)
def test_sarif_fits_its_schema(found: list[Finding]) -> None:
    log = json.loads(written("sarif", *found))
    jsonschema = pytest.importorskip("jsonschema", reason="the schema is checked where jsonschema is installed")
    validator = jsonschema.Draft4Validator(json.loads(SARIF.read_text()))
    assert [error.message for error in validator.iter_errors(log)] == []
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result, one in zip(run["results"], found, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == one.id


def test_sarif_places_a_finding_by_a_relative_address() -> None:
    (result,) = json.loads(written("sarif", finding(file="./a b/names#1.csv")))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a%20b/names%231.csv"}, "region": {"startLine": 3}}
    assert result["level"] == "error"


def test_sarif_knows_a_finding_again_when_its_line_has_moved() -> None:
    log = json.loads(written("sarif", finding(line=3), finding(line=4), finding(name="other")))
    first, moved, other = [result["partialFingerprints"] for result in log["runs"][0]["results"]]
    assert first == moved != other


def test_the_page_of_a_check_is_where_the_package_was_installed_from() -> None:
    installed = '{"url": "https://user@git.example.org/ml/mlws.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}'
    assert address_of_pages(installed) == "https://git.example.org/ml/mlws/blob/abc/docs/reference/lint"
    for other in (None, "", "[]", '{"url": "file:///work", "dir_info": {}}', installed.replace("https", "ssh")):
        assert address_of_pages(other) is None


def test_sarif_writes_names_as_they_are() -> None:
    rules = json.loads(written("sarif"))["runs"][0]["tool"]["driver"]["rules"]
    texts = [rule["shortDescription"]["text"] for rule in rules]
    assert any("Azure" in text for text in texts)
    assert not any("azure" in text for text in texts)


def test_sarif_explains_each_rule_and_links_it() -> None:
    rules = json.loads(written("sarif"))["runs"][0]["tool"]["driver"]["rules"]
    assert all(
        rule["helpUri"].startswith("https://") and rule["help"]["markdown"].startswith("# NAM") for rule in rules
    )
    assert len({rule["name"] for rule in rules}) == len(rules)


@given(findings)
def test_junit_is_what_the_schema_of_ant_asks_for(found: list[Finding]) -> None:
    # The file is written with what can't be encoded replaced, as the command does.
    root = ET.fromstring(written("junit", *found).encode("utf-8", "replace"))  # noqa: S314 - our own output
    (suite,) = root
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    cases = suite.findall("testcase")
    assert [child.tag for child in suite] == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
    assert set(suite.attrib) == {
        *("name", "package", "id", "tests", "failures", "errors", "time", "timestamp", "hostname"),
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
    assert int(suite.attrib["tests"]) == len(cases) == max(len(found), 1)
    failed = [case for case in cases if case.find("failure") is not None]
    assert int(suite.attrib["failures"]) == len(failed) == sum(one.severity != "info" for one in found)
    assert all(set(case.attrib) == {"name", "classname", "time"} for case in cases)
    assert all(set(failure.attrib) == {"type", "message"} for failure in suite.iter("failure"))


def test_junit_without_findings_has_a_test_that_passed() -> None:
    (case,) = ET.fromstring(written("junit")).iter("testcase")  # noqa: S314 - our own output
    assert list(case) == []


def test_github_escapes_what_would_end_a_command() -> None:
    found = finding(file="a,b:c.csv", message="50%\nnext", suggestion="kv-good")
    expected = "::error file=a%2Cb%3Ac.csv,line=3,title=NAM102::50%25%0Anext Suggested: kv-good\n"
    assert written("github", found) == expected


@pytest.mark.parametrize(("severity", "command"), [("error", "error"), ("warning", "warning"), ("info", "notice")])
def test_github_has_a_command_for_each_severity(severity: Severity, command: str) -> None:
    assert written("github", finding(severity=severity, line=None)).startswith(f"::{command} file=names.csv,title=")


@given(findings)
def test_github_is_one_command_a_line(found: list[Finding]) -> None:
    lines = written("github", *found).split("\n")[:-1]
    assert len(lines) == len(found)
    assert all(re.match(r"::(error|warning|notice) file=[^:,\n\r]*,(line=\d+,)?title=NAM102::", line) for line in lines)


def test_azure_devops_escapes_what_would_end_a_command() -> None:
    found = finding(file="a;b].csv", message="50%\nnext")
    assert written("azure-devops", found) == (
        "##vso[task.logissue type=error;sourcepath=a%3Bb%5D.csv;linenumber=3;code=NAM102]50%AZP25%0Anext\n"
    )


@given(findings)
def test_azure_devops_runs_no_command_that_hides_in_a_name(found: list[Finding]) -> None:
    lines = written("azure-devops", *found).split("\n")[:-1]
    assert len(lines) == len(found)
    for line, one in zip(lines, found, strict=True):
        assert line.count("##vso[") == (one.severity != "info")
        assert line.startswith("##vso[task.logissue type=") or one.severity == "info"


def test_statistics_name_the_most_frequent_check_first() -> None:
    rare = Finding(id="NAM301", resource=finding().resource, message="twice.")
    text = written("statistics", rare, *[finding()] * 10)
    assert text == (
        "10  NAM102  a name has characters that Azure refuses in it.\n"
        " 1  NAM301  two resources have one name where Azure takes it only once.\n"
    )
    assert written("statistics") == ""


@pytest.mark.parametrize("output", ["text", "json", "sarif", "github", "azure-devops"])
def test_findings_are_written_as_they_come(output: str) -> None:
    handed_out = 0

    def endless() -> Iterator[Finding]:
        nonlocal handed_out
        while True:
            handed_out += 1
            yield finding(message="kv--bad is bad.")

    pieces = REPORTERS[output](endless())
    text = ""
    while "kv--bad" not in text and len(text) < 10**6:
        text += next(pieces)
    assert handed_out == 1

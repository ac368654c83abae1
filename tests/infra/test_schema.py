"""The JSON schema of a stack file takes what the program takes, and refuses what an editor should underline."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from infra.settings.schema import settings_schema
from tests.infra.configurations import STACK_FILES, configuration
from tests.infra.program import ROOT

jsonschema = pytest.importorskip("jsonschema", reason="the schema is checked where jsonschema is installed")

FILE = ROOT / "docs" / "reference" / "stack-settings.schema.json"
SCHEMA = json.loads(settings_schema())


def mistakes(config: Any) -> list[str]:
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors({"config": config})
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def test_the_file_is_up_to_date() -> None:
    instead = "run `mlws infra settings --schema > docs/reference/stack-settings.schema.json`"
    assert FILE.read_text() == settings_schema(), instead


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("stack", STACK_FILES)
def test_the_stacks_of_the_project_fit_it_and_name_it(stack: str) -> None:
    file = ROOT / f"Pulumi.{stack}.yaml"
    assert mistakes(yaml.safe_load(file.read_text())["config"]) == []
    modeline = re.match(r"# yaml-language-server: \$schema=(\S+)\n", file.read_text())
    assert modeline, "the first line names the schema"
    assert file.parent / modeline[1] == FILE


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (configuration(storag={}), "mlws:storag"),
        (configuration(storage={"redundancy": "LSR"}), "LSR"),
        (configuration(keyVault={"softDeleteRetentionDays": 3}), "3"),
        (configuration(tags={"ownr": "me"}), "ownr"),
        (configuration(principals={"me": {"role": "reader"}}), "objectId"),
        ({"mlws:workload": "churn"}, "azure-native:location"),
    ],
)
def test_a_mistake_is_underlined(config: dict[str, Any], expected: str) -> None:
    found = mistakes(config)
    assert found
    assert any(expected in message for message in found), found


def test_keys_of_other_packages_and_numbers_for_text_are_fine() -> None:
    assert mistakes({**configuration(tags={"owner": "me", "costCentre": 4711}), "random:seed": 1}) == []


def test_every_pattern_is_one_that_javascript_reads() -> None:
    for pattern in patterns(SCHEMA):
        assert not re.search(r"\(\?[a-zP]", pattern), pattern


def patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (value for key, value in schema.items() if key == "pattern" and isinstance(value, str))
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from patterns(part)

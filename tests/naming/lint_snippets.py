"""Reads the snippets of a check's page: the resources that pass, those that fail, and the settings between them."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from naming import Convention
from naming.lint.checks import registry
from naming.lint.checks.catalogue import MODULES
from naming.lint.configuration import Configuration
from naming.lint.model import Finding, NamedResource

CONVENTION = Convention.from_mapping({})
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """What a docstring says: its settings, and the snippets (language, text) under Passes and Fails."""

    configuration: Configuration
    passes: list[tuple[str, str]]
    fails: list[tuple[str, str]]


def page(check_id: str) -> Page:
    text = docstring(check_id)
    before, _, rest = text.partition("\nPasses:\n")
    passes, _, fails = rest.partition("\nFails:\n")
    settings = dict(_BLOCK.findall(before)).get("toml", "[lint]")
    return Page(
        Configuration.from_mapping(tomllib.loads(settings)["lint"]), _BLOCK.findall(passes), _BLOCK.findall(fails)
    )


def docstring(check_id: str) -> str:
    text = import_module(f"naming.lint.checks.{MODULES[check_id]}").__doc__
    assert text
    return text


def found(configuration: Configuration, resources: list[NamedResource]) -> list[Finding]:
    judge = registry(CONVENTION, configuration)
    return [finding for resource in resources for finding in judge(resource)]


def resources(language: str, text: str) -> Iterator[NamedResource]:
    if language == "text":
        for line, name in enumerate(text.splitlines(), start=1):
            yield named(name, file="names.txt", line=line)
    elif language == "json":
        yield from (_resource(entry, "list.json") for entry in json.loads(text))
    else:
        for environment, names in tomllib.loads(text).items():
            for line, name in enumerate(names, start=1):
                yield named(name, file=f"{environment}.json", line=line, environment=environment)


def named(text: str, **fields: Any) -> NamedResource:
    """The resource of `TYPE=NAME`, with the fields of a NamedResource."""
    from naming import rule_for_key

    key, _, name = text.partition("=")
    rule = rule_for_key(key)
    return NamedResource(rule.type, rule.variant, name, **{"scope_path": fields.get("file", ""), **fields})


def _resource(entry: dict[str, Any], file: str) -> NamedResource:
    return NamedResource(
        entry["type"],
        entry.get("kind"),
        entry["name"].rpartition("/")[2],
        scope_path=entry.get("id", file).rpartition("/deployments/")[0],
        tags=entry.get("tags"),
        file=file,
        address=entry.get("id"),
    )

"""Reads the snippets of a check's page: the resources that pass, those that fail, and the settings between them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from naming import Convention
from naming.lint.checks import registry
from naming.lint.checks.catalogue import MODULES
from naming.lint.configuration import Configuration
from naming.lint.model import Finding, NamedResource
from naming.lint.sources.notes import Notes
from naming.lint.sources.recognition import read

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


def resources(language: str, text: str, folder: Path) -> Iterator[NamedResource]:
    if language in ("text", "json"):
        path = folder / f"snippet.{language}"
        path.write_text(text, "utf-8")
        yield from read(str(path), Notes())
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

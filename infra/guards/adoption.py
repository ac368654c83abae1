"""Takes over what exists: a preview in which resources are read from Azure instead of made.

`mlws infra import` writes which resource is which, by Pulumi's type and the program's name for it, into a file, and
names the file in an environment variable. The engine then reads them, says how they differ, and everything that
depends on them is known. In any other run the variable is not set, and nothing here happens.
"""

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pulumi

VARIABLE = "MLWS_ADOPT"
"""The environment variable with the path of a JSON file: `{type: {name: resource id}}`."""


Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]


def adopt_what_exists() -> None:
    """Import every resource that the file names from now on; in any run, leave to Azure what the program does."""
    pulumi.runtime.register_stack_transformation(_leave_to_azure)
    file = os.environ.get(VARIABLE)
    if file:
        known: Mapping[str, Mapping[str, str]] = json.loads(Path(file).read_text(encoding="utf-8"))
        pulumi.runtime.register_stack_transformation(_adopter(known))


def _leave_to_azure(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    paths = _set_by_azure().get(args.type_)
    if paths is None:
        return None
    ignoring = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(ignore_changes=paths))
    return pulumi.ResourceTransformationResult(args.props, ignoring)


def _adopter(known: Mapping[str, Mapping[str, str]]) -> Transformation:
    def adopt(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        resource_id = known.get(args.type_, {}).get(args.name)
        if resource_id is None:
            return None
        imported = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(import_=resource_id))
        return pulumi.ResourceTransformationResult(args.props, imported)

    return adopt


@cache
def _set_by_azure() -> Mapping[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("set_by_azure.toml").read_text(encoding="utf-8"))

"""Renaming in the program without replacing in Azure: the engine knows each resource by its former names too."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pulumi

Renaming = Mapping[str, str]


def know_former_names() -> None:
    """Give every resource created from now on the aliases of `renamed.toml`."""
    pulumi.runtime.register_stack_transformation(_aliased)


@cache
def renamings() -> tuple[Renaming, ...]:
    """The content of `renamed.toml`."""
    read = tomllib.loads(Path(__file__).with_name("renamed.toml").read_text(encoding="utf-8"))
    return tuple(read.get("renamed", ()))


def former_names(type_: str, name: str) -> Iterator[pulumi.Alias]:
    """What a resource was called before."""
    for one in renamings():
        if one["type"] == type_ and one.get("name", name) == name:
            yield pulumi.Alias(name=one.get("was_name", name), type_=one.get("was_type", type_))


def _aliased(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    aliases = list(former_names(args.type_, args.name))
    if not aliases:
        return None
    known = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(aliases=[*aliases]))
    return pulumi.ResourceTransformationResult(args.props, known)

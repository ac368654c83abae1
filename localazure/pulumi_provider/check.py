"""Completes and judges the inputs of a resource before anything is asked of ARM."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localazure.pulumi_provider.catalogue import ResourceType
from localazure.pulumi_provider.property_values import Properties, PropertyValue, Unknown, reveal

_RANDOM_DIGITS = 8


@dataclass(frozen=True)
class Failure:
    """One input that cannot be used, with a sentence that says why."""

    property: str
    reason: str


@dataclass(frozen=True)
class Autonaming:
    """What the engine says about a name that the program left out."""

    proposed: str = ""
    disabled: bool = False


@dataclass(frozen=True)
class Subject:
    """The resource to check, and what the names that are made up depend on."""

    kind: ResourceType
    logical_name: str
    seed: bytes = b""
    autonaming: Autonaming = Autonaming()


def complete(
    subject: Subject, news: Mapping[str, Any], olds: Mapping[str, Any], location: str | None
) -> tuple[Properties, list[Failure]]:
    """The inputs with name and location filled in, and everything that is wrong with them.

    A made-up name stays what it was in `olds`; `location` is the stack's default.
    """
    kind, result = subject.kind, dict(news)
    name = kind.name_parameter
    if name and name not in result and not subject.autonaming.disabled:
        result[name] = olds.get(name) or _made_up_name(subject)
    if kind.has_location and "location" not in result and location:
        result["location"] = location
    return result, [failure for name in kind.path.parameters if (failure := _judge(kind, name, result.get(name)))]


def _made_up_name(subject: Subject) -> str:
    if subject.autonaming.proposed:
        return subject.autonaming.proposed
    source = random.Random(subject.seed) if subject.seed else random.SystemRandom()  # noqa: S311 - not a secret
    match subject.kind.naming:
        case "uuid":
            return str(uuid.UUID(int=source.getrandbits(128), version=4))
        case "copy":
            return subject.logical_name
        case "random":
            return f"{subject.logical_name}{source.getrandbits(4 * _RANDOM_DIGITS):0{_RANDOM_DIGITS}x}"


def _judge(kind: ResourceType, name: str, value: PropertyValue) -> Failure | None:
    value = reveal(value)
    if isinstance(value, Unknown):
        return None
    if not isinstance(value, str) or not value.strip("/"):
        return Failure(
            name, f"{kind.token} needs {name}: it is part of the resource's id; give a text that is not empty"
        )
    if "/" in value and not kind.path.template.startswith(f"/{{{name}}}/"):
        return Failure(name, f"{name} of {kind.token} is {value!r}: give the name alone, without '/'")
    return None

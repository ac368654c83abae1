"""`mlws names check`: the proof that a convention holds."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from naming.commands.options import convention_option, json_option, read_convention

if TYPE_CHECKING:
    from naming.prove import Proof, Specimen

_PATIENCE = 2.0


@click.command()
@convention_option
@json_option
@click.pass_context
def check(ctx: click.Context, file: Path | None, *, as_json: bool) -> None:
    """Prove the convention before the first resource exists: exit 1 when it does not hold.

    Makes every name that it can ever produce: each resource type in each environment and region, and with another
    workload and instance. Each must be valid, no two alike within their scope (in upper or lower case, shortened or
    not), and a globally unique one must end in a stable hash.
    """
    from naming.prove import prove

    convention = read_convention(file)
    proof = prove(convention, _Progress())
    if as_json:
        click.echo(json.dumps(_fields(convention.file, proof), indent=2))
    else:
        click.echo("\n".join(_lines(convention.file, proof)))
    ctx.exit(0 if proof.holds else 1)


class _Progress:
    """Tells somebody at a terminal how far it is, once it has taken longer than expected."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._start > _PATIENCE:
            click.echo(f"\r{done} of {total} resource types", nl=done == total, err=True)


def _lines(file: str, proof: "Proof") -> list[str]:
    counted = (
        f"{proof.names:,} names: {proof.types} resource types, "
        f"{_count(proof.environments, 'environment')}, {_count(proof.regions, 'region')}"
    )
    found = proof.counter_example
    if found is None:
        return [
            f"{file} holds. {counted}.",
            f"Every name is valid, no two are alike, and {proof.suffixed} globally unique types end in a stable hash.",
        ]
    return [
        f"{file} does not hold: {proof.failures:,} failures in {counted}. The smallest:",
        *(f"  {_told(specimen)}" for specimen in found.specimens),
        f"  {found.reason}",
        f"  {found.change}",
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _told(specimen: "Specimen") -> str:
    tokens = specimen.tokens
    instance = f", instance {tokens.instance}" if tokens.instance else ""
    where = f"workload {tokens.workload}, environment {tokens.environment}, region {tokens.region}{instance}"
    return f"{specimen.rule.key}: {specimen.name or 'no name'} ({where})"


def _fields(file: str, proof: "Proof") -> dict[str, object]:
    found = proof.counter_example
    return {
        "convention": file,
        "holds": proof.holds,
        "names": proof.names,
        "types": proof.types,
        "environments": proof.environments,
        "regions": proof.regions,
        "failures": proof.failures,
        "counter_example": found
        and {
            "names": [_specimen_fields(specimen) for specimen in found.specimens],
            "reason": found.reason,
            "change": found.change,
        },
    }


def _specimen_fields(specimen: "Specimen") -> dict[str, object]:
    tokens = specimen.tokens
    return {
        "type": specimen.rule.type,
        "variant": specimen.rule.variant,
        "name": specimen.name,
        "workload": tokens.workload,
        "environment": tokens.environment,
        "region": tokens.region,
        "instance": tokens.instance,
    }

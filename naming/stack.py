"""Reads from a Pulumi project what the names of a stack depend on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from naming.errors import NamingError, did_you_mean

_REGION = "azure-native:location"
_STACK_NAME = re.compile(r"[A-Za-z0-9._-]+")
# libyaml's reader where PyYAML was built with it, several times as fast; both build nothing but plain values.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class StackTokens:
    """What a stack says of its names: environment and region, and the rest where it differs from the convention."""

    stack: str
    environment: str
    region: str
    workload: str | None
    instance: str | None


def project_folder(start: Path) -> Path:
    """Return the folder of the Pulumi project that `start` is in.

    Raises:
        NamingError: there is no Pulumi.yaml in `start` nor above it.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "Pulumi.yaml").is_file():
            return folder
    raise NamingError(f"there is no Pulumi.yaml in {start} nor above it: name the project's folder with --project.")


def read_stack(project: Path, stack: str) -> StackTokens:
    """Return what `Pulumi.<stack>.yaml` in the folder `project` says of the stack's names.

    Raises:
        NamingError: there is no such stack, its file is no YAML, lacks the region, or has a value that is no text.
    """
    path = project / f"Pulumi.{stack}.yaml"
    if not _STACK_NAME.fullmatch(stack) or not path.is_file():
        raise NamingError(f"there is no stack {stack!r} in {project}: {_nearest_stack(project, stack)}")
    config = _config(path)
    region = _text(config, _REGION, path)
    if region is None:
        raise NamingError(f"{path.name} lacks {_REGION}: add the region, for instance {_REGION}: westeurope.")
    return StackTokens(
        stack=stack,
        environment=_text(config, "mlws:environment", path) or stack,
        region=region,
        workload=_text(config, "mlws:workload", path),
        instance=_text(config, "mlws:instance", path),
    )


def _nearest_stack(project: Path, stack: str) -> str:
    stacks = [path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.*.yaml")]
    return did_you_mean(stack, stacks) if stacks else f"write Pulumi.{stack}.yaml, or name a project with --project."


def _config(path: Path) -> Mapping[str, object]:
    try:
        read = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, see above
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise NamingError(f"{path.name} can't be read as YAML: {' '.join(str(error).split())}.") from error
    config = (read.get("config") if isinstance(read, dict) else None) or {}
    if not isinstance(config, dict):
        raise NamingError(
            f"{path.name}: config is {config!r}: write keys under it, for instance {_REGION}: westeurope."
        )
    return config


def _text(config: Mapping[str, object], key: str, path: Path) -> str | None:
    value = config.get(key)
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, dict):
        raise NamingError(f"{path.name}: {key} is a secret or a table, and names are neither: write plain text.")
    raise NamingError(f'{path.name}: {key} is {value!r}: put it in quotes, for instance {key}: "01".')

"""Reads from a Pulumi project what the names of a stack depend on, and makes its plan.

Whatever is wrong is one sentence that names the stack's file and the key. Who reads more of the file than this room
does begins here too, so that a mistake is told in the same words by every command.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from naming.errors import NamingError, nearest

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.plan import NamingPlan

REGION = "azure-native:location"
_OURS = "mlws"
_TOKENS = ("mlws:environment", "mlws:workload", "mlws:instance")
_STACK_NAME = re.compile(r"[A-Za-z0-9._-]+")
# How alike a key must be to one that is read here to be taken for it, misspelled.
_ALIKE = 0.85
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


def stack_file(stack: str) -> str:
    """Return the name of the file with the configuration of `stack`."""
    return f"Pulumi.{stack}.yaml"


def stacks(project: Path) -> list[str]:
    """Return the stacks that have a file in `project`, sorted.

    Raises:
        NamingError: there is none.
    """
    found = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.*.yaml"))
    if not found:
        raise NamingError(
            f"{project} holds no Pulumi.<stack>.yaml; run this in the folder of Pulumi.yaml or give --project"
        )
    return found


def configuration(project: Path, stack: str) -> dict[str, object]:
    """Return what is below `config:` in the stack's file.

    Raises:
        NamingError: there is no such stack, its file is no YAML, or nothing is configured in it.
    """
    path = project / stack_file(stack)
    if not _STACK_NAME.fullmatch(stack) or not path.is_file():
        raise NamingError(_unknown_stack(stack, stacks(project)))
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, see above
    except (OSError, UnicodeDecodeError) as error:
        raise NamingError(f"{path.name}: it cannot be read as UTF-8 text ({error}); write it as YAML") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise NamingError(f"{path.name}: not valid YAML{line}; correct its indentation and quotes") from None
    config = content.get("config") if isinstance(content, dict) else None
    if not isinstance(config, dict):
        near = get_close_matches("config", [str(key) for key in content], n=1) if isinstance(content, dict) else []
        found = f" (there is `{near[0]}:`)" if near and near[0] != "config" else ""
        raise NamingError(
            f"{path.name}: it has no `config:` with settings below it{found}; write `config:` and keys below it"
        )
    return {str(key): value for key, value in config.items()}


def stack_tokens(config: Mapping[str, object], stack: str) -> StackTokens:
    """Return what the configuration of a stack says of its names.

    Raises:
        NamingError: the region is missing, a value is no text, or a key that is read here is misspelled.
    """
    file = stack_file(stack)
    for key in config:
        _refuse_misspelled(key, file)
    region = _text(config, REGION, file)
    if region is None:
        raise NamingError(missing_region(file, config))
    environment, workload, instance = (_text(config, key, file) for key in _TOKENS)
    return StackTokens(stack, environment or stack, region, workload, instance)


def read_stack(project: Path, stack: str) -> StackTokens:
    """Return what `Pulumi.<stack>.yaml` in the folder `project` says of the stack's names.

    Raises:
        NamingError: there is no such stack, or its file has a mistake.
    """
    return stack_tokens(configuration(project, stack), stack)


def stack_plan(tokens: StackTokens, convention: "Convention", file: str) -> "NamingPlan":
    """Return the names of a stack; `file` is what sentences call the place that its tokens are from.

    Raises:
        NamingError: a token can't stand in a name, or no name fits; the sentence names the stack's own key.
    """
    from naming.plan import naming_plan
    from naming.regions import region_name, regions
    from naming.tokens import check_instance, check_word

    if tokens.environment not in convention.environments:
        raise NamingError(unknown_environment(tokens.environment, file, tokens.stack, tuple(convention.environments)))
    name = region_name(tokens.region)
    if name not in convention.region_codes and name not in regions():
        raise NamingError(_unknown_region(tokens.region, file, tuple(regions())))
    try:
        if tokens.workload is not None:
            check_word(_TOKENS[1], tokens.workload)
        if tokens.instance is not None:
            check_instance(_TOKENS[2], tokens.instance)
        return naming_plan(convention, tokens.environment, tokens.region, tokens.workload, tokens.instance)
    except NamingError as error:
        raise NamingError(f"{file}: {error}") from error


def missing_region(file: str, present: Iterable[str]) -> str:
    """Return the sentence for a stack without a region."""
    near = get_close_matches(REGION, list(present), n=1, cutoff=0.8)
    found = "empty" if REGION in near else f"missing (there is '{near[0]}')" if near else "missing"
    return f"{file}: {REGION} is {found}; write the region, as in `{REGION}: westeurope`"


def unknown_environment(value: object, file: str, stack: str, known: Sequence[str]) -> str:
    """Return the sentence for an environment, by default the stack's name, that is none of the known ones."""
    origin = f"the stack's name '{value}'" if value == stack else f"mlws:environment: '{value}'"
    near = nearest(str(value), known)
    meant = f" (did you mean '{near}'?)" if near else ""
    choice = f"{', '.join(known[:-1])} or {known[-1]}" if len(known) > 1 else known[0]
    return f"{file}: {origin} is not an environment; set mlws:environment to {choice}{meant}"


def _unknown_stack(stack: str, known: Sequence[str]) -> str:
    near = get_close_matches(stack, known, n=1)
    instead = f"did you mean '{near[0]}'?" if near else f"the stacks are {', '.join(known)}"
    return f"there is no stack '{stack}', for there is no {stack_file(stack)}; {instead}"


def _unknown_region(region: str, file: str, known: Sequence[str]) -> str:
    near = get_close_matches(re.sub(r"[ -]", "", region.lower()), known, n=1)
    instead = f"did you mean '{near[0]}'?" if near else "write one that `az account list-locations` names"
    return f"{file}: {REGION}: '{region}' is not an Azure region; {instead}"


def _refuse_misspelled(key: str, file: str) -> None:
    namespace, _, name = key.partition(":")
    near = get_close_matches(name, [token.partition(":")[2] for token in _TOKENS], n=1, cutoff=_ALIKE)
    if namespace == _OURS and near and near[0] != name:
        raise NamingError(f"{file}: '{key}' is not a setting; did you mean '{_OURS}:{near[0]}'?")


def _text(config: Mapping[str, object], key: str, file: str) -> str | None:
    value = config.get(key)
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, dict | list):
        held = "is a secret or a mapping" if isinstance(value, dict) else "is a list"
        raise NamingError(f"{file}: {key} {held}, and names are neither; write plain text")
    raise NamingError(f"{file}: {key} is {value!r}, no text; put what you mean in quotes, as in `{key}: '01'`")

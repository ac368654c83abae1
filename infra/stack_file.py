"""The stack files beside `Pulumi.yaml`: which there are, and the configuration in one."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from infra.errors import InfraError, SettingsError
from infra.settings import stack_file


def stacks(project: Path) -> list[str]:
    """The stacks that have a file in `project`, sorted. Raises `InfraError` where there is none."""
    found = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.*.yaml"))
    if not found:
        raise InfraError(
            f"{project} holds no Pulumi.<stack>.yaml; run this in the folder of Pulumi.yaml or give --project"
        )
    return found


def configuration(project: Path, stack: str) -> dict[str, Any]:
    """The configuration of `stack`, full keys to plain values. Raises `InfraError` and `SettingsError`."""
    known = stacks(project)
    if stack not in known:
        near = get_close_matches(stack, known, n=1)
        instead = f"did you mean '{near[0]}'?" if near else f"the stacks are {', '.join(known)}"
        raise InfraError(f"there is no stack '{stack}', for there is no {stack_file(stack)}; {instead}")
    path = project / stack_file(stack)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: it cannot be read as UTF-8 text ({error}); write it as YAML") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise SettingsError(f"{path.name}: not valid YAML{line}; correct its indentation and quotes") from None
    config = content.get("config") if isinstance(content, dict) else None
    if not isinstance(config, dict):
        near = get_close_matches("config", [str(key) for key in content], n=1) if isinstance(content, dict) else []
        found = f" (there is `{near[0]}:`)" if near and near[0] != "config" else ""
        raise SettingsError(
            f"{path.name}: it has no `config:` with settings below it{found}; write `config:` and keys below it"
        )
    return {str(key): value for key, value in config.items()}

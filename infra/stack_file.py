"""The stack files beside `Pulumi.yaml`: which there are, and the configuration in one."""

from pathlib import Path
from typing import Any

from infra.errors import InfraError, SettingsError
from naming import NamingError
from naming import stack as stack_files


def stacks(project: Path) -> list[str]:
    """The stacks that have a file in `project`, sorted. Raises `InfraError` where there is none."""
    try:
        return stack_files.stacks(project)
    except NamingError as error:
        raise InfraError(str(error)) from None


def configuration(project: Path, stack: str) -> dict[str, Any]:
    """The configuration of `stack`, full keys to plain values. Raises `SettingsError`.

    What `mlws names` judges is judged first, in the same words.
    """
    try:
        config = stack_files.configuration(project, stack)
        stack_files.stack_tokens(config, stack)
    except NamingError as error:
        raise SettingsError(str(error)) from None
    return config

"""Finds and reads `config.json`, the file that says which workspace is meant.

It is the file that Azure ML studio offers to download and that `pulumi stack output config_json` prints.
"""

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.logging_policy import LoggingPolicy, policy_of_config

HOW_TO_GET_ONE = "write the one that `pulumi stack output config_json` prints"
KEYS = ("subscription_id", "resource_group", "workspace_name")
PLACES = (Path("config.json"), Path(".azureml") / "config.json")


@dataclass(frozen=True)
class WorkspaceConfig:
    """Where a workspace is, which file said so, and what its jobs log by themselves."""

    subscription_id: str
    resource_group: str
    workspace_name: str
    path: Path
    policy: LoggingPolicy = field(default_factory=LoggingPolicy)


def load_config(path: Path | None = None, *, start: Path | None = None) -> WorkspaceConfig:
    """Read the workspace's address from `path`, else from the nearest config file upward from `start`.

    Raises JobsError for a missing or unreadable file, bad JSON, and missing or malformed keys.
    """
    found = path if path is not None else _find(start or Path.cwd())
    values = _read(found)
    for key in KEYS:
        _require_text(values, key, found)
    _require_guid(str(values["subscription_id"]), found)
    subscription_id, resource_group, workspace_name = (str(values[key]) for key in KEYS)
    policy = policy_of_config(values.get("logging", {}), str(found))
    return WorkspaceConfig(subscription_id, resource_group, workspace_name, found, policy)


def nearest_config(start: Path) -> Path | None:
    """The nearest config file upward from `start`; None where there is none."""
    candidates = (folder / place for folder in (start, *start.parents) for place in PLACES)
    return next((path for path in candidates if path.is_file()), None)


def _find(start: Path) -> Path:
    found = nearest_config(start)
    if found is None:
        raise JobsError(
            f"there is no config.json or .azureml/config.json in {start} or above it: "
            f"{HOW_TO_GET_ONE}, or name another with --config"
        )
    return found


def _read(path: Path) -> dict[str, object]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise JobsError(f"{path} does not exist: {HOW_TO_GET_ONE}") from error
    except OSError as error:
        raise JobsError(f"{path} cannot be read ({error.strerror}): {HOW_TO_GET_ONE}") from error
    except json.JSONDecodeError as error:
        raise JobsError(f"{path}:{error.lineno}: not JSON ({error.msg}): {HOW_TO_GET_ONE}") from error
    except UnicodeDecodeError as error:
        raise JobsError(f"{path} is not UTF-8 text: {HOW_TO_GET_ONE}") from error
    if not isinstance(values, dict):
        raise JobsError(f"{path} does not hold a JSON object: {HOW_TO_GET_ONE}")
    return values


def _require_text(values: dict[str, object], key: str, path: Path) -> None:
    if key not in values:
        raise JobsError(f"{path} has no `{key}`: it needs {', '.join(f'`{name}`' for name in KEYS)}")
    value = values[key]
    if not isinstance(value, str) or not value.strip():
        raise JobsError(f"{path}: `{key}` is {json.dumps(value)}: write a non-empty string")


def _require_guid(subscription_id: str, path: Path) -> None:
    try:
        uuid.UUID(subscription_id)
    except ValueError as error:
        raise JobsError(
            f"{path}: `subscription_id` is `{subscription_id}`: write the subscription's id "
            "(8-4-4-4-12 hexadecimal digits), not its name"
        ) from error

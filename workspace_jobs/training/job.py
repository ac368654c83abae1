"""A training job as it is asked for on the command line, made into what the launcher takes. Raises JobsError."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workspace_jobs.config_file import load_config, nearest_config
from workspace_jobs.errors import JobsError
from workspace_jobs.logging_policy import LoggingPolicy, policy_of_environment
from workspace_jobs.names import experiment_from
from workspace_jobs.training.launch.spec import LaunchSpec
from workspace_jobs.training.snapshot import snapshot
from workspace_jobs.training.source import diff_of, source_of

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Asked:
    """What the command line says of a job, as it was written."""

    target: str
    parameters: Sequence[str] = ()
    arguments: Sequence[str] = ()
    data: Sequence[str] = ()
    tags: Sequence[str] = ()
    include: Sequence[Path] = field(default_factory=tuple)
    experiment: str | None = None
    name: str | None = None
    autolog: str | None = None
    environment: str | None = None


def launch_spec(asked: Asked, fixed: Mapping[str, str] | None = None) -> LaunchSpec:
    """The spec of the job, with its code found and its commit read; `fixed` are parameters besides those asked for."""
    taken = snapshot(asked.target, asked.include)
    parameters = {**(fixed or {}), **pairs("--param", asked.parameters)}
    data = pairs("--data", asked.data)
    if twice := parameters.keys() & data.keys():
        raise JobsError(f"--data {min(twice)}: there is a parameter of that name: the script could not tell them apart")
    return LaunchSpec(
        target=taken.target,
        parameters=parameters,
        arguments=tuple(asked.arguments),
        data=data,
        experiment=asked.experiment
        or experiment_from(asked.target if taken.target.is_module else Path(asked.target).stem),
        run_name=asked.name or "",
        tags=pairs("--tag", asked.tags),
        files=taken.files,
        root=str(taken.root),
        source=source_of(taken.root),
        diff=diff_of(taken.root, taken.files),
    )


def local_data(data: dict[str, str]) -> dict[str, str]:
    """The paths of the data, absolute. Raises JobsError for one that is not there."""
    for name, path in data.items():
        if not Path(path).exists():
            raise JobsError(f"--data {name}={path}: there is no such file or folder here")
    return {name: str(Path(path).absolute()) for name, path in data.items()}


def local_policy(config: Path | None, autolog: str | None) -> LoggingPolicy:
    """The policy of a job that runs here: of the environment, else of the nearest config.json, else to log all."""
    found = config or nearest_config(Path.cwd())
    policy = policy_of_environment() or (load_config(found).policy if found else LoggingPolicy())
    return policy.with_autolog(autolog)


def pairs(option: str, stated: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE options as a mapping. Raises JobsError for another form, and for a name given twice."""
    found: dict[str, str] = {}
    for one in stated:
        name, equals, value = one.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise JobsError(f"{option} {one}: write it as NAME=VALUE")
        if name in found:
            raise JobsError(f"{option} {one}: {name} is given twice: leave one out")
        found[name] = value
    return found

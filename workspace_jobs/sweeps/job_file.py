"""Azure ML's own YAML of a sweep job, read as a sweep of this machine: one file for both."""

import math
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.sweeps.asked import AskedSweep, check_metric, early_termination_of, trials_of
from workspace_jobs.sweeps.code import PLACEHOLDER
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.early_termination import EarlyTermination, read_policy
from workspace_jobs.sweeps.space import Choice, Dimension, LogUniform, Uniform, Value
from workspace_jobs.training.job import Asked

_SAMPLERS = {"grid": "grid", "random": "random", "bayesian": "tpe"}
_PYTHON = re.compile(r"python[\d.]*")


def is_job_file(target: str) -> bool:
    """Whether a target is a file and not code."""
    return target.endswith((".yaml", ".yml"))


def read_job_file(path: Path, wanted: AskedSweep, asked: Asked, cores: int) -> tuple[SweepDefinition, Asked]:
    """The sweep that the file describes; what the command line says besides wins. Raises JobsError."""
    job = _content(path)
    if wanted.grid or wanted.random or wanted.parameters:
        raise JobsError(f"{path}: its `search_space` says what is varied: leave --grid, --random and --param out")
    script, arguments, folder = _trial(job, path)
    space = {name: _dimension(name, raw, path) for name, raw in _section(job, "search_space", path).items()}
    limits, objective = job.get("limits") or {}, _section(job, "objective", path)
    sampler = wanted.sampler or _sampler(job, path)
    definition = SweepDefinition(
        target=script,
        space=space,
        fixed={name: _literal(raw, path) for name, raw in (job.get("inputs") or {}).items()},
        sampler=sampler,
        max_trials=trials_of(sampler, space, wanted.max_trials or limits.get("max_total_trials")),
        metric=wanted.metric or str(objective.get("primary_metric", "")),
        goal=wanted.goal or str(objective.get("goal", "minimize")).lower(),
        timeout=wanted.timeout or limits.get("timeout"),
        trial_timeout=wanted.trial_timeout or limits.get("trial_timeout"),
        patience=wanted.patience,
        early_termination=early_termination_of(wanted) or _early_termination(job, path),
        parallel=wanted.parallel or limits.get("max_concurrent_trials") or cores,
        seed=wanted.seed if wanted.seed is not None else _seed(job),
        folder=str(folder),
        arguments=arguments,
    )
    check_metric(definition)
    experiment = asked.experiment or job.get("experiment_name")
    return definition, replace(asked, experiment=experiment, name=asked.name or job.get("display_name"))


def _content(path: Path) -> Mapping[str, Any]:
    try:
        job = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise JobsError(f"{path} cannot be read ({error.strerror}): name a sweep job's file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise JobsError(f"{path} is not YAML ({' '.join(str(error).split())}): mend it") from error
    if not isinstance(job, dict) or job.get("type") != "sweep":
        raise JobsError(f"{path} is no sweep job: write `type: sweep`, or give another job to `mlws jobs submit`")
    return job


def _section(job: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    found = job.get(name)
    if not isinstance(found, dict) or not found:
        raise JobsError(f"{path} has no `{name}`: Azure ML's schema of sweep jobs says what goes there")
    return found


def _trial(job: Mapping[str, Any], path: Path) -> tuple[str, tuple[str, ...], Path]:
    """The script, its arguments with placeholders, and the folder it runs in."""
    trial = _section(job, "trial", path)
    folder = (path.parent / str(trial.get("code") or ".")).resolve()
    # A placeholder may have blanks in it, which are no word's end.
    command = PLACEHOLDER.sub(lambda found: found[0].replace(" ", ""), str(trial.get("command") or ""))
    words = shlex.split(command)
    if len(words) < 2 or not _PYTHON.fullmatch(words[0]) or not words[1].endswith(".py"):  # noqa: PLR2004 - both of them
        raise JobsError(f"{path}: `trial.command` runs here as `python script.py ...` only: or write --compute NAME")
    if not (folder / words[1]).is_file():
        raise JobsError(f"{path}: `trial.command` runs {words[1]}, which {folder} does not have: mend `trial.code`")
    known = {*_section(job, "search_space", path), *(job.get("inputs") or {})}
    for name in PLACEHOLDER.findall(command):
        if name not in known:
            raise JobsError(f"{path}: `trial.command` refers to `{name}`, which is not there: {nearest(name, known)}")
    return words[1], tuple(words[2:]), folder


def _sampler(job: Mapping[str, Any], path: Path) -> str:
    stated = job.get("sampling_algorithm") or "random"
    name = str(stated.get("type") if isinstance(stated, dict) else stated)
    if name not in _SAMPLERS:
        raise JobsError(f"{path}: sampling_algorithm `{name}` is unknown: {nearest(name, _SAMPLERS)}")
    return _SAMPLERS[name]


def _seed(job: Mapping[str, Any]) -> int:
    stated = job.get("sampling_algorithm")
    return int(stated.get("seed") or 0) if isinstance(stated, dict) else 0


def _early_termination(job: Mapping[str, Any], path: Path) -> EarlyTermination | None:
    if not job.get("early_termination"):
        return None
    return read_policy(_section(job, "early_termination", path), f"{path}: `early_termination`")


def _dimension(name: str, raw: Mapping[str, Any], path: Path) -> Dimension:
    kind = str(raw.get("type") if isinstance(raw, dict) else raw)
    where = f"{path}: `search_space.{name}`"
    if kind not in _DIMENSIONS:
        raise JobsError(f"{where} has type `{kind}`, which is not tried here: {nearest(kind, _DIMENSIONS)}")
    try:
        return _DIMENSIONS[kind](raw)
    except (KeyError, TypeError, ValueError) as error:
        raise JobsError(f"{where} is no {kind} ({error}): Azure ML's schema of sweep jobs says what it needs") from None


_DIMENSIONS: dict[str, Callable[[Mapping[str, Any]], Dimension]] = {
    "choice": lambda raw: Choice(tuple(raw["values"])),
    "randint": lambda raw: Choice(tuple(range(int(raw["upper"])))),
    "uniform": lambda raw: Uniform(float(raw["min_value"]), float(raw["max_value"])),
    "quniform": lambda raw: Uniform(float(raw["min_value"]), float(raw["max_value"]), float(raw["q"])),
    # Azure ML states the exponents.
    "loguniform": lambda raw: LogUniform(math.exp(float(raw["min_value"])), math.exp(float(raw["max_value"]))),
}


def _literal(raw: Any, path: Path) -> Value:  # noqa: ANN401 - whatever YAML holds
    if isinstance(raw, dict) and "path" in raw:
        return str((path.parent / str(raw["path"])).resolve())
    if isinstance(raw, str | int | float | bool):
        return raw
    raise JobsError(f"{path}: an input is neither a value nor a `path`: write one of them")

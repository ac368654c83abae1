"""A sweep as it is asked for on the command line, made into a definition. Raises JobsError."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.early_termination import EarlyTermination, read_policy
from workspace_jobs.sweeps.samplers import size_of_grid
from workspace_jobs.sweeps.space import Choice, Space
from workspace_jobs.sweeps.values import parse_call, parse_dimension, parse_value
from workspace_jobs.training.job import pairs

# How many trials there are where nothing else says so.
_DEFAULT_TRIALS = 20


@dataclass(frozen=True)
class AskedSweep:
    """What the command line says of a sweep, as it was written; None and 0 are what was left out."""

    grid: Sequence[str] = ()
    random: Sequence[str] = ()
    parameters: Sequence[str] = ()
    sampler: str | None = None
    metric: str | None = None
    goal: str | None = None
    max_trials: int | None = None
    timeout: float | None = None
    trial_timeout: float | None = None
    patience: int | None = None
    early_termination: str | None = None
    parallel: int | None = None
    seed: int | None = None


def definition_of(target: str, asked: AskedSweep, cores: int) -> SweepDefinition:
    """The definition of a sweep of `target` on a machine with so many cores."""
    space = _space(asked)
    fixed = {name: parse_value(value) for name, value in pairs("--param", asked.parameters).items()}
    if both := fixed.keys() & space.keys():
        raise JobsError(f"--param {min(both)}: it is varied, and cannot be fixed too: leave one out")
    sampler = asked.sampler or ("random" if asked.random else "grid")
    definition = SweepDefinition(
        target=target,
        space=space,
        fixed=fixed,
        sampler=sampler,
        max_trials=trials_of(sampler, space, asked.max_trials),
        metric=asked.metric or "",
        goal=asked.goal or "minimize",
        timeout=asked.timeout,
        trial_timeout=asked.trial_timeout,
        patience=asked.patience,
        early_termination=early_termination_of(asked),
        parallel=asked.parallel or cores,
        seed=asked.seed or 0,
        folder=str(Path.cwd()),
    )
    check_metric(definition)
    return definition


def _space(asked: AskedSweep) -> Space:
    grid, random = pairs("--grid", asked.grid), pairs("--random", asked.random)
    if both := grid.keys() & random.keys():
        raise JobsError(f"--random {min(both)}: it has a grid already: leave one out")
    space = {name: parse_dimension(text, f"--grid {name}") for name, text in grid.items()}
    space |= {name: parse_dimension(text, f"--random {name}") for name, text in random.items()}
    if not space:
        raise JobsError("nothing is varied: write --grid alpha=0.1,1,10 or --random 'alpha=loguniform(1e-5,10)'")
    return space


def check_metric(definition: SweepDefinition) -> None:
    """Raise JobsError where something is to be learnt from a metric that nobody has named."""
    needs_one = definition.sampler == "tpe" or definition.patience is not None or definition.early_termination
    if needs_one and not definition.metric:
        raise JobsError("--metric is missing: name the one to learn from, as --metric mse")


def early_termination_of(asked: AskedSweep) -> EarlyTermination | None:
    """The policy that `median_stopping` or `bandit(slack_factor=0.1)` stands for."""
    if asked.early_termination is None:
        return None
    option, text = "--early-termination", asked.early_termination
    name, arguments = parse_call(text) or (text.strip(), [""])
    stated = {} if arguments == [""] else pairs(option, arguments)
    options = {key: parse_value(value) for key, value in stated.items()}
    return read_policy({"type": name, **options}, f"{option} {text}")


def trials_of(sampler: str, space: Space, wanted: int | None) -> int:
    """How many trials there are: the whole grid, or as many as wanted, or a default."""
    if sampler == "grid":
        size = size_of_grid(space)
        return min(size, wanted or size)
    if wanted is None and all(isinstance(dimension, Choice) for dimension in space.values()):
        return min(size_of_grid(space), _DEFAULT_TRIALS)
    return wanted or _DEFAULT_TRIALS

"""Which values the next trial gets. A trial's number decides its values, except where results are learnt from."""

import math
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Protocol

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.space import Choice, Dimension, LogUniform, Parameters, Space, Value

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study
    from optuna.trial import Trial

SAMPLERS = ("grid", "random", "tpe")


class Sampler(Protocol):
    """Gives each trial its parameters, and may learn from how the trials went."""

    @property
    def learns(self) -> bool:
        """Whether the next parameters depend on results, so that none should be asked for ahead of need."""

    def ask(self, number: int) -> Parameters:
        """The parameters of trial `number`."""

    def tell(self, number: int, parameters: Parameters, value: float | None) -> None:
        """How a trial ended: `value` is what it measured, None where it failed."""


def sampler_of(kind: str, space: Space, seed: int, goal: str) -> Sampler:
    """The sampler `kind`, one of SAMPLERS. Raises JobsError where the space has no grid."""
    match kind:
        case "grid":
            return GridSampler(space)
        case "random":
            return RandomSampler(space, seed)
    return TpeSampler(space, seed, goal)


def size_of_grid(space: Space) -> int:
    """How many combinations there are. Raises JobsError for a parameter that is drawn from a distribution."""
    return math.prod(len(_values(name, dimension)) for name, dimension in space.items())


@dataclass(frozen=True)
class GridSampler:
    """Every combination, the last parameter's values first."""

    space: Space
    learns: bool = False

    def ask(self, number: int) -> Parameters:
        """The combination `number`, counted from 0."""
        parameters = {}
        for name, dimension in reversed(list(self.space.items())):
            number, at = divmod(number, len(_values(name, dimension)))
            parameters[name] = _values(name, dimension)[at]
        return {name: parameters[name] for name in self.space}

    def tell(self, number: int, parameters: Parameters, value: float | None) -> None:
        """A grid learns nothing."""


@dataclass(frozen=True)
class RandomSampler:
    """Each parameter drawn by itself; the same seed and number give the same values."""

    space: Space
    seed: int
    learns: bool = False

    def ask(self, number: int) -> Parameters:
        """The values that this number draws."""
        random = Random(f"{self.seed}/{number}")  # noqa: S311 - no secret
        return {name: dimension.draw(random) for name, dimension in self.space.items()}

    def tell(self, number: int, parameters: Parameters, value: float | None) -> None:
        """Chance learns nothing."""


class TpeSampler:
    """Optuna's tree-structured Parzen estimator."""

    learns = True

    def __init__(self, space: Space, seed: int, goal: str) -> None:
        self._space = space
        self._seed = seed
        self._goal = goal
        self._asked: dict[int, Trial] = {}

    def ask(self, number: int) -> Parameters:
        """What looks best from the trials told so far."""
        self._asked[number] = trial = self._study.ask(self._distributions)
        return {name: trial.params[name] for name in self._space}

    def tell(self, number: int, parameters: Parameters, value: float | None) -> None:
        """Learn; trials of an interrupted sweep may be told without having been asked for."""
        from optuna.trial import TrialState, create_trial

        state = TrialState.FAIL if value is None or not math.isfinite(value) else TrialState.COMPLETE
        told = value if state is TrialState.COMPLETE else None
        trial = self._asked.pop(number, None)
        if trial is not None:
            self._study.tell(trial, told, state=state)
            return
        past = create_trial(state=state, value=told, params=dict(parameters), distributions=self._distributions)
        self._study.add_trial(past)

    @cached_property
    def _study(self) -> "Study":
        import optuna
        from optuna.study import StudyDirection

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = optuna.samplers.TPESampler(seed=self._seed, constant_liar=True)
        return optuna.create_study(direction=StudyDirection[self._goal.upper()], sampler=sampler)

    @cached_property
    def _distributions(self) -> "dict[str, BaseDistribution]":
        return {name: _of_optuna(dimension) for name, dimension in self._space.items()}


def _of_optuna(dimension: Dimension) -> "BaseDistribution":
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    match dimension:
        case Choice(values):
            return CategoricalDistribution(values)
        case LogUniform(low, high):
            return FloatDistribution(low, high, log=True)
    return FloatDistribution(dimension.low, dimension.high, step=dimension.step or None)


def _values(name: str, dimension: Dimension) -> tuple[Value, ...]:
    if not isinstance(dimension, Choice):
        raise JobsError(f"{name}: a distribution has no grid: write --sampler random, or values, as linspace(0,1,11)")
    return dimension.values

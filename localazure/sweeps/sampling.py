"""Which values each trial gets: Azure's search spaces and sampling algorithms, as the REST API writes them.

A search space maps a parameter to `[distribution, arguments]`, as `["uniform", [0, 1]]`.
https://learn.microsoft.com/azure/machine-learning/how-to-tune-hyperparameters
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from localazure.sweeps.errors import SweepError

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import Trial

SearchSpace = Mapping[str, tuple[str, Sequence[Any]]]
Values = dict[str, Any]
_Draw = Callable[[Random, Sequence[Any]], Any]


class Sampling(Protocol):
    """Gives trials their values, one after another."""

    def ask(self) -> Values | None:
        """The values of the next trial; None when there are no more."""

    def tell(self, values: Values, measured: float | None) -> None:
        """What the trial with these values measured; None where it measured nothing."""


def sampling(algorithm: Mapping[str, Any], raw: Mapping[str, Any], goal: str) -> Sampling:
    """The algorithm of a sweep. Raises SweepError for one, or a distribution, that there is not."""
    space = search_space(raw)
    seed = algorithm.get("seed") or 0
    match str(algorithm.get("samplingAlgorithmType")).lower():
        case "grid":
            return Grid(space)
        case "random":
            return Drawn(space, int(seed))
        case "bayesian":
            return Bayesian(space, int(seed), goal)
        case other:
            raise SweepError(f"The sampling algorithm '{other}' is unknown; write grid, random or bayesian.")


def search_space(raw: Mapping[str, Any]) -> SearchSpace:
    """The parameters with their distributions. Raises SweepError for a distribution that there is not."""
    return {name: _distribution(name, stated) for name, stated in raw.items()}


class Grid:
    """Every combination of choices."""

    def __init__(self, space: SearchSpace) -> None:
        for name, (kind, _) in space.items():
            if kind != "choice":
                raise SweepError(f"Grid sampling needs choices, and {name} is {kind}; write random or bayesian.")
        names = list(space)
        values = [arguments[0] for _, arguments in space.values()]
        self._left: Iterator[Values] = (dict(zip(names, one, strict=True)) for one in itertools.product(*values))

    def ask(self) -> Values | None:
        """The next combination."""
        return next(self._left, None)

    def tell(self, values: Values, measured: float | None) -> None:
        """A grid learns nothing."""


class Drawn:
    """Each value drawn by itself."""

    def __init__(self, space: SearchSpace, seed: int) -> None:
        self._space = space
        self._random = Random(seed)  # noqa: S311 - no secret

    def ask(self) -> Values | None:
        """Values drawn now."""
        return {name: _DRAWS[kind](self._random, arguments) for name, (kind, arguments) in self._space.items()}

    def tell(self, values: Values, measured: float | None) -> None:
        """Chance learns nothing."""


class Bayesian:
    """Optuna's TPE, in the place of Azure's own algorithm."""

    def __init__(self, space: SearchSpace, seed: int, goal: str) -> None:
        import optuna
        from optuna.study import StudyDirection

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._distributions = {name: _of_optuna(name, kind, arguments) for name, (kind, arguments) in space.items()}
        sampler = optuna.samplers.TPESampler(seed=seed, constant_liar=True)
        self._study = optuna.create_study(direction=StudyDirection[goal.upper()], sampler=sampler)
        self._asked: list[tuple[Values, Trial]] = []

    def ask(self) -> Values | None:
        """What looks best from what was told."""
        trial = self._study.ask(self._distributions)
        values = {name: trial.params[name] for name in self._distributions}
        self._asked.append((values, trial))
        return values

    def tell(self, values: Values, measured: float | None) -> None:
        """Learn from a trial."""
        from optuna.trial import TrialState

        asked = next(pair for pair in self._asked if pair[0] is values)
        self._asked.remove(asked)
        known = measured is not None and math.isfinite(measured)
        self._study.tell(asked[1], measured if known else None, state=None if known else TrialState.FAIL)


def _distribution(name: str, stated: Any) -> tuple[str, Sequence[Any]]:  # noqa: ANN401 - what the client sent
    kind, arguments = str(stated[0]).lower(), stated[1]
    if kind not in _DRAWS:
        raise SweepError(f"{name} is '{kind}', which is no distribution; write one of {', '.join(_DRAWS)}.")
    return kind, arguments


def _in_steps(value: float, step: float) -> float:
    return round(value / step) * step


_DRAWS: dict[str, _Draw] = {
    "choice": lambda random, of: random.choice(of[0]),
    "randint": lambda random, of: random.randrange(int(of[0])),
    "uniform": lambda random, of: random.uniform(of[0], of[1]),
    "quniform": lambda random, of: _in_steps(random.uniform(of[0], of[1]), of[2]),
    "loguniform": lambda random, of: math.exp(random.uniform(of[0], of[1])),
    "qloguniform": lambda random, of: _in_steps(math.exp(random.uniform(of[0], of[1])), of[2]),
    "normal": lambda random, of: random.gauss(of[0], of[1]),
    "qnormal": lambda random, of: _in_steps(random.gauss(of[0], of[1]), of[2]),
    "lognormal": lambda random, of: math.exp(random.gauss(of[0], of[1])),
    "qlognormal": lambda random, of: _in_steps(math.exp(random.gauss(of[0], of[1])), of[2]),
}


def _of_optuna(name: str, kind: str, of: Sequence[Any]) -> "BaseDistribution":
    """Azure allows bayesian sampling of choice, uniform and quniform only."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    match kind:
        case "choice":
            return CategoricalDistribution(list(of[0]))
        case "uniform":
            return FloatDistribution(of[0], of[1])
        case "quniform":
            return FloatDistribution(of[0], of[1], step=of[2])
    raise SweepError(f"Bayesian sampling takes choice, uniform and quniform, and {name} is {kind}; write random.")

"""Where Optuna searches: for each family the parameters that matter and their ranges, read from spaces.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workspace_jobs.automl.candidates.candidate import Calibration, Candidate, Encoding, Scaling
from workspace_jobs.automl.candidates.pipelines import estimator_class
from workspace_jobs.automl.problem_kinds import ProblemKind

if TYPE_CHECKING:
    import optuna

_FILE = Path(__file__).with_name("spaces.toml")


@dataclass(frozen=True)
class Space:
    """A family: its estimator, what is fixed, and what is searched.

    A range is `{low, high}` with `log` or not, whole numbers if both ends are; `{choices}`; or `{steps}`, choices in an
    order that says which are alike. Where a table has no categories, there is no `encoding` to choose.
    """

    name: str
    algorithm: str
    estimator: str
    ranges: Mapping[str, Mapping[str, Any]]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    scaling: Sequence[str] = ("none",)
    encoding: Sequence[str] = ("onehot",)
    calibration: Calibration = "none"
    max_rows: int | None = None

    def candidate(self, trial: "optuna.trial.Trial", number: int) -> Candidate:
        """A candidate with the values that `trial` suggests."""
        values = {name: _suggest(trial, name, found) for name, found in self.ranges.items()}
        scaling = cast("Scaling", trial.suggest_categorical("scaling", self.scaling))
        encoding: Encoding = "onehot"
        if self.encoding:
            encoding = cast("Encoding", trial.suggest_categorical("encoding", self.encoding))
        return Candidate(
            f"{self.algorithm}-{number}",
            self.algorithm,
            self.estimator,
            {**self.fixed, **values},
            scaling,
            encoding,
            self.calibration,
        )

    def point(self, candidate: Candidate) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The values of `candidate` with their distributions, None where it is not of this family.

        Values may lie outside their ranges.
        """
        if candidate.estimator != self.estimator:
            return None
        defaults = {name: made.default for name, made in signature(estimator_class(candidate)).parameters.items()}
        given = {**defaults, **candidate.parameters, "scaling": candidate.scaling, "encoding": candidate.encoding}
        distributions = self._distributions()
        try:
            values = {name: _as_suggested(given[name], self.ranges.get(name, {})) for name in distributions}
        except (KeyError, ValueError):
            return None
        return values, distributions

    def _distributions(self) -> dict[str, Any]:
        import optuna

        found = {name: _distribution(described) for name, described in self.ranges.items()}
        found["scaling"] = optuna.distributions.CategoricalDistribution(list(self.scaling))
        if self.encoding:
            found["encoding"] = optuna.distributions.CategoricalDistribution(list(self.encoding))
        return found


def spaces(problem: ProblemKind, rows: int, *, has_categories: bool = True) -> list[Space]:
    """The families to search for a problem with so many rows, with columns of categories or without."""
    with _FILE.open("rb") as file:
        described = tomllib.load(file)["space"]
    wanted = [raw for raw in described if problem in raw["problems"]]
    found = [_space(raw, problem) for raw in wanted]
    admitted = [space for space in found if space.max_rows is None or rows <= space.max_rows]
    # What makes no difference would be searched all the same, and the same pipelines tried again.
    return admitted if has_categories else [replace(space, encoding=()) for space in admitted]


def _space(raw: Mapping[str, Any], problem: ProblemKind) -> Space:
    values = {name: value for name, value in raw.items() if name != "problems"}
    if "calibration" in raw:
        values["calibration"] = raw["calibration"][problem]
    return Space(**values)


def _suggest(trial: "optuna.trial.Trial", name: str, described: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any kind
    if "choices" in described:
        return trial.suggest_categorical(name, described["choices"])
    if "steps" in described:
        return described["steps"][trial.suggest_int(name, 0, len(described["steps"]) - 1)]
    low, high, log = described["low"], described["high"], described.get("log", False)
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(name, low, high, log=log)
    return trial.suggest_float(name, low, high, log=log)


def _distribution(described: Mapping[str, Any]) -> "optuna.distributions.BaseDistribution":
    import optuna

    if "choices" in described:
        return optuna.distributions.CategoricalDistribution(described["choices"])
    if "steps" in described:
        return optuna.distributions.IntDistribution(0, len(described["steps"]) - 1)
    low, high, log = described["low"], described["high"], described.get("log", False)
    if isinstance(low, int) and isinstance(high, int):
        return optuna.distributions.IntDistribution(low, high, log=log)
    return optuna.distributions.FloatDistribution(low, high, log=log)


def _as_suggested(value: Any, described: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """What the sampler would have suggested for `value`. Raises ValueError where that is none of the steps."""
    return described["steps"].index(value) if "steps" in described else value

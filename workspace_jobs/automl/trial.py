"""A trial: what came of a candidate, finished once and never changed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from workspace_jobs.automl.candidates.candidate import Calibration, Candidate, Encoding, Scaling

Status = Literal["finished", "pruned", "failed", "timeout"]


@dataclass(frozen=True)
class Trial:
    """A candidate, fitted and judged on every fold; one that was `pruned`, on the first ones only: `error` says why.

    `scores` has for each metric a value a fold, the higher the better. `train_score` is the run's metric on rows
    that the first fold was fitted to. Times are in seconds, `fit_seconds` and `predict_seconds` the sum over the folds;
    `started` and `ended` are Unix times. `size_bytes` is the size of one fitted pipeline.
    """

    number: int
    name: str
    algorithm: str
    estimator: str
    parameters: Mapping[str, object]
    scaling: Scaling
    encoding: Encoding
    calibration: Calibration
    status: Status
    error: str | None = None
    scores: Mapping[str, Sequence[float]] = field(default_factory=dict)
    train_score: float | None = None
    fit_seconds: float = 0.0
    predict_seconds: float = 0.0
    size_bytes: int = 0
    started: float = 0.0
    ended: float = 0.0

    @property
    def candidate(self) -> Candidate:
        """What was tried."""
        return Candidate(
            self.name,
            self.algorithm,
            self.estimator,
            self.parameters,
            self.scaling,
            self.encoding,
            self.calibration,
        )

    @property
    def seconds(self) -> float:
        """How long the trial took, everything included."""
        return self.ended - self.started

    def score(self, metric: str) -> float:
        """The mean of `metric` over the folds that have it; NaN where the trial has none."""
        return mean_score(self.scores.get(metric, ()))

    def to_json(self) -> dict[str, Any]:
        """The trial as JSON's own types."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Trial":
        """The trial that `to_json` made `raw` of."""
        return cls(**raw)


def ranked(trials: Iterable[Trial], metric: str) -> list[Trial]:
    """The best by `metric` first; then those that did not get through every fold; those without a score last."""

    def key(trial: Trial) -> tuple[bool, bool, float, int]:
        score = trial.score(metric)
        is_scored = not math.isnan(score)
        return not is_scored, trial.status != "finished", -score if is_scored else 0.0, trial.number

    return sorted(trials, key=key)


def mean_score(folds: Sequence[float]) -> float:
    """The mean of a metric over the folds where it has a value; NaN where it has none at all."""
    values = [value for value in folds if not math.isnan(value)]
    return math.fsum(values) / len(values) if values else math.nan

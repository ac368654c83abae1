"""How a sweep stands: what is done, what was best, and whether it is time to stop."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.messages import FAILED, FINISHED
from workspace_jobs.sweeps.space import Parameters


@dataclass(frozen=True)
class Best:
    """The best trial so far."""

    number: int
    run_id: str
    value: float
    parameters: Parameters
    metrics: Mapping[str, float]


@dataclass
class Standing:
    """Counts trials and keeps the best. `metric` is the one that counts, found out by the first trial if need be."""

    definition: SweepDefinition
    metric: str = ""
    finished: int = 0
    failed: int = 0
    ended_early: int = 0
    best: Best | None = None
    since_best: int = 0
    seen_metrics: set[str] = field(default_factory=set)
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.metric = self.definition.metric

    @property
    def done(self) -> int:
        """How many trials have ended."""
        return self.finished + self.failed + self.ended_early

    def take(
        self, number: int, run_id: str, parameters: Parameters, metrics: Mapping[str, float], status: str
    ) -> float | None:
        """Count a trial; return what it measured, None where it failed or measured no number.

        One that was ended early is never the best: what its code does in the end, it has not done.
        """
        if status == FAILED:
            self.failed += 1
            return None
        has_finished = status == FINISHED
        self.finished += has_finished
        self.ended_early += not has_finished
        self.seen_metrics.update(name for name in metrics if not name.startswith("system/"))
        if not self.metric and len(self.seen_metrics) == 1:
            (self.metric,) = self.seen_metrics
        value = metrics.get(self.metric)
        self.since_best += 1
        if value is None or math.isnan(value):
            return None
        if has_finished and self.definition.is_better(value, self.best.value if self.best else None):
            self.best = Best(number, run_id, value, parameters, metrics)
            self.since_best = 0
        return value

    def has_settled(self) -> bool:
        """Whether as many trials as the sweep is patient for have brought nothing better."""
        return self.definition.patience is not None and self.since_best >= self.definition.patience

    def is_out_of_time(self) -> bool:
        """Whether the sweep has taken as long as it may."""
        limit = self.definition.timeout
        return limit is not None and time.monotonic() - self.started >= limit

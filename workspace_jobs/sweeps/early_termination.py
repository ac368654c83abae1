"""Which trials are ended on their way because they lag behind, by the policies of Azure ML's sweep jobs.

Each value that a trial logs of the metric is an interval. A trial is compared with what the others had measured up to
the same one. https://learn.microsoft.com/azure/machine-learning/how-to-tune-hyperparameters#early-termination
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median
from typing import Any, ClassVar, NamedTuple

from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.sweeps.space import Value


class Interval(NamedTuple):
    """A value that a trial has logged, as its `number`-th, with the best and the sum up to it; less is better."""

    number: int
    value: float
    best: float
    total: float

    @property
    def average(self) -> float:
        """The mean of the values up to here."""
        return self.total / self.number


@dataclass(frozen=True, kw_only=True)
class EarlyTermination(ABC):
    """A policy; it judges at every `evaluation_interval`-th value, from the `delay_evaluation`-th on."""

    type: ClassVar[str]
    evaluation_interval: int = 1
    delay_evaluation: int = 0

    def is_due(self, interval: int) -> bool:
        """Whether a trial is judged when it has logged so many values."""
        # Azure ML takes 0 for every one.
        return interval >= self.delay_evaluation and interval % (self.evaluation_interval or 1) == 0

    @abstractmethod
    def is_behind(self, own: Interval, others: Sequence[Interval]) -> bool:
        """Whether a trial lags behind the others, of which none is at a later interval."""

    def complaint(self) -> str:
        """What is wrong with the values, as a sentence; empty where nothing is."""
        return ""

    def stated(self) -> dict[str, Any]:
        """The policy as a sweep job's `early_termination` states it; `read_policy` gives it back."""
        changed = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        return {"type": self.type, **changed}


@dataclass(frozen=True, kw_only=True)
class Bandit(EarlyTermination):
    """Ends who is further from the best than a factor or an amount allows."""

    type = "bandit"
    slack_factor: float = 0.0
    slack_amount: float = 0.0

    def is_behind(self, own: Interval, others: Sequence[Interval]) -> bool:
        """By the best of each."""
        best = min(one.best for one in (own, *others))
        return own.best > (best + self.slack_amount if self.slack_amount else self._stretched(best))

    def complaint(self) -> str:
        """One kind of slack is needed, and one only."""
        one = bool(self.slack_factor) != bool(self.slack_amount)
        return "" if one else "write one of slack_factor and slack_amount, as slack_factor=0.1"

    def _stretched(self, best: float) -> float:
        """A loss may be larger by the factor; a score, which is negative here, may be smaller, divided by it."""
        return best * (1 + self.slack_factor) if best >= 0 else best / (1 + self.slack_factor)


@dataclass(frozen=True, kw_only=True)
class MedianStopping(EarlyTermination):
    """Ends who never was as good as the median of the others' averages."""

    type = "median_stopping"

    def is_behind(self, own: Interval, others: Sequence[Interval]) -> bool:
        """By its best, and the averages of the others."""
        return bool(others) and own.best > median(one.average for one in others)


@dataclass(frozen=True, kw_only=True)
class TruncationSelection(EarlyTermination):
    """Ends the worst of those that have come as far, so many percent of them."""

    type = "truncation_selection"
    truncation_percentage: int = 0

    def is_behind(self, own: Interval, others: Sequence[Interval]) -> bool:
        """By the values of this interval."""
        values = [one.value for one in (own, *others) if one.number == own.number]
        ended = math.floor(len(values) * self.truncation_percentage / 100)
        return sum(value < own.value for value in values) >= len(values) - ended

    def complaint(self) -> str:
        """A share is needed that leaves somebody."""
        fits = 0 < self.truncation_percentage < 100  # noqa: PLR2004 - percent
        return "" if fits else "write truncation_percentage as a whole number from 1 to 99"


POLICIES: Mapping[str, type[EarlyTermination]] = {
    one.type: one for one in (Bandit, MedianStopping, TruncationSelection)
}


def read_policy(stated: Mapping[str, Value], where: str) -> EarlyTermination:
    """The policy that is stated with its `type` and options. Raises JobsError; `where` says whose it is."""
    kind = str(stated.get("type"))
    options: dict[str, Any] = {name: value for name, value in stated.items() if name != "type"}
    if kind not in POLICIES:
        raise JobsError(f"{where}: there is no policy `{kind}`: {nearest(kind, POLICIES)}")
    known = {one.name: one.type for one in fields(POLICIES[kind])}
    for name, value in options.items():
        if name not in known:
            raise JobsError(f"{where}: {kind} has no option `{name}`: {nearest(name, known)}")
        if not _is_number(value, whole=known[name] is int):
            kind_of_number = "a whole number" if known[name] is int else "a number"
            raise JobsError(f"{where}: {name} is {value}: write {kind_of_number} from 0 on")
    policy = POLICIES[kind](**options)
    if complaint := policy.complaint():
        raise JobsError(f"{where}: {complaint}")
    return policy


def _is_number(value: Value, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return False
    return math.isfinite(value) and value >= 0


class Judge:
    """Knows what every trial has measured, and says who is ended."""

    def __init__(self, policy: EarlyTermination, metric: str, goal: str) -> None:
        self._policy = policy
        self._metric = metric
        self._sign = 1.0 if goal == "minimize" else -1.0
        self._histories: dict[int, list[Interval]] = {}

    def hear(self, trial: int, value: float) -> None:
        """Take note of what a trial has measured; what is no finite number is as bad as can be."""
        loss = self._sign * value if math.isfinite(value) else math.inf
        history = self._histories.setdefault(trial, [])
        before = history[-1] if history else Interval(0, loss, loss, 0.0)
        history.append(Interval(before.number + 1, loss, min(before.best, loss), before.total + loss))

    def has_heard(self, trial: int) -> bool:
        """Whether a trial has measured anything."""
        return trial in self._histories

    def verdict(self, trial: int) -> str:
        """Why a trial that has just measured something is ended; empty where it goes on."""
        own = self._histories[trial][-1]
        if not self._policy.is_due(own.number):
            return ""
        others = [
            history[min(own.number, len(history)) - 1] for number, history in self._histories.items() if number != trial
        ]
        if not self._policy.is_behind(own, others):
            return ""
        return f"{self._policy.type}: {self._metric} {self._sign * own.value:g} lags behind at interval {own.number}"

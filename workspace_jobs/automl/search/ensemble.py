"""Greedy ensemble selection over out-of-fold predictions (Caruana and others, 2004), with log-loss for ties.

By accuracy alone the selection picks pairs that are better by luck: accuracy is flat where log-loss is not. So log-loss
decides between equals, and has a say between those that are nearly equal: on the tables of the portfolio's learning, a
share of 0.3 chose better than none for accuracy and for ROC AUC, on rows that the choice had not seen.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.data.problem import is_classification
from workspace_jobs.automl.metrics import Score, log_loss_score, score_function
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.automl.run_folder import Member
from workspace_jobs.automl.trial import Trial

_ROUNDS = 25
# More would take longer to choose from than they would add; and more of a family would crowd out those that know
# something else: of a search that has settled on forests, forty are nearly one.
_MOST, _MOST_OF_A_FAMILY = 40, 8
_SHARE_OF_LIKELIHOOD = 0.3
# Differences below this are rounding, and ties.
_SAME = 1e-9
Predictions = NDArray[np.float64]


def shortlist(ranked: Sequence[Trial]) -> list[Trial]:
    """Those of `ranked`, best first, that an ensemble is chosen from: the best, and of many families."""
    seen: Counter[str] = Counter()
    chosen = []
    for trial in ranked:
        seen[trial.algorithm] += 1
        if seen[trial.algorithm] <= _MOST_OF_A_FAMILY:
            chosen.append(trial)
    return chosen[:_MOST]


@dataclass(frozen=True)
class Judge:
    """How good predictions are: by `metric`, and where that is nearly the same, by `tie_break`."""

    truth: NDArray[np.float64]
    metric: Score
    tie_break: Score | None

    @classmethod
    def of(
        cls, metric: str, problem: ProblemKind, truth: NDArray[np.float64], scale: NDArray[np.float64] | None = None
    ) -> "Judge":
        """The judge of a run's metric; `scale` is what score_function takes."""
        tie_break = log_loss_score if is_classification(problem) else None
        return cls(truth, score_function(metric, problem, scale), tie_break)

    def key(self, predictions: Predictions) -> tuple[float, float]:
        """What to compare predictions by: the greater, the better."""
        score = self.metric(self.truth, predictions)
        if self.tie_break is None:
            return score, 0.0
        likelihood = self.tie_break(self.truth, predictions)
        return score + _SHARE_OF_LIKELIHOOD * likelihood, likelihood


def select(
    predictions: Mapping[int, Predictions],
    judge: Judge,
    *,
    rounds: int = _ROUNDS,
    is_affordable: Callable[[Sequence[int]], bool] = lambda _: True,
    is_over: Callable[[], bool] = lambda: False,
) -> tuple[Member, ...]:
    """Trials and their shares of the vote, the largest first.

    `predictions` are by the number of the trial. `is_affordable(numbers)` says whether so many pipelines can still be
    fitted; the first is taken in any case. `is_over()` ends the selection early, `rounds` at the latest.
    """
    votes: list[int] = []
    total: Predictions | None = None
    best: tuple[list[int], tuple[float, float]] = ([], (-np.inf, -np.inf))
    for _ in range(rounds):
        step = _best_addition(predictions, judge, votes, total, is_affordable)
        if step is None:
            break
        number, key = step
        votes.append(number)
        total = predictions[number] if total is None else total + predictions[number]
        if _is_better(key, best[1]):
            best = (list(votes), key)
        if is_over():
            break
    return _members(best[0])


def combined(members: Sequence[Member], predictions: Mapping[int, Predictions]) -> Predictions:
    """The weighted mean of the members' predictions."""
    parts = [member.weight * predictions[member.number] for member in members]
    return np.asarray(np.sum(parts, axis=0))


def _best_addition(
    predictions: Mapping[int, Predictions],
    judge: Judge,
    votes: Sequence[int],
    total: Predictions | None,
    is_affordable: Callable[[Sequence[int]], bool],
) -> tuple[int, tuple[float, float]] | None:
    found: tuple[int, tuple[float, float]] | None = None
    for number, predicted in predictions.items():
        if number not in votes and votes and not is_affordable([*dict.fromkeys(votes), number]):
            continue
        mean = predicted if total is None else (total + predicted) / (len(votes) + 1)
        key = judge.key(mean)
        if found is None or _is_better(key, found[1]):
            found = (number, key)
    return found


def _is_better(one: tuple[float, float], than: tuple[float, float]) -> bool:
    if not abs(one[0] - than[0]) <= _SAME:
        return one[0] > than[0]
    return one[1] > than[1] + _SAME


def _members(votes: Sequence[int]) -> tuple[Member, ...]:
    numbers = dict.fromkeys(votes)
    members = (Member(number, votes.count(number) / len(votes)) for number in numbers)
    return tuple(sorted(members, key=lambda member: (-member.weight, member.number)))

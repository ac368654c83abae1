"""What may be concluded from scores of the same folds: intervals, who is the same as whom, and the luck of the best.

Folds share training rows, so that their scores are not independent. The variance is corrected for it as Nadeau and
Bengio (Machine Learning 52, 2003) propose: (1/k + judged rows/training rows) instead of 1/k.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Scores = NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class WinnersCurse:
    """`claimed`: the best trial's mean score; `nested`: what choosing the best brings on a fold that did not choose."""

    claimed: float
    nested: float

    @property
    def optimism(self) -> float:
        """How much of the best score is the luck of the best."""
        return self.claimed - self.nested


def interval(scores: Scores, overlap: float) -> tuple[float, float]:
    """The 95% interval of the mean of `scores`, shape (n_folds,); NaN for one fold.

    `overlap` is judged rows / training rows of a fold, or 0 where the scores are independent.
    """
    if len(scores) < 2:  # noqa: PLR2004 - one value has no spread
        return float("nan"), float("nan")
    half = student.ppf((1 + CONFIDENCE) / 2, len(scores) - 1) * float(_standard_error(scores[None], overlap)[0])
    return float(scores.mean() - half), float(scores.mean() + half)


def same_probability(one: Scores, others: Scores, overlap: float) -> Scores:
    """The p-values of the corrected paired t-test that `one` is as good as each of `others`, on the same folds.

    `one` has shape (n_folds,), `others` (n_trials, n_folds), the p-values (n_trials,).
    """
    differences = one - others
    if len(one) < 2:  # noqa: PLR2004 - nothing to tell them apart by
        return np.ones(len(others))
    means, errors = np.abs(differences.mean(axis=1)), _standard_error(differences, overlap)
    # Where all folds agree, a difference is a difference.
    ratios = np.divide(means, errors, out=np.where(means > 0, np.inf, 0.0), where=errors > 0)
    return np.asarray(2 * student.sf(ratios, len(one) - 1))


def groups(scores: Scores, overlap: float) -> list[int]:
    """The group of each trial, 1 the best: in one group is who cannot be told from its best.

    `scores` has shape (n_trials, n_folds). Within a group the 5% are shared by all comparisons (Holm).
    """
    found = [0] * len(scores)
    left = sorted(range(len(scores)), key=lambda trial: -scores[trial].mean())
    number = 0
    while left:
        number += 1
        best, others = left[0], left[1:]
        different = _holm(same_probability(scores[best], scores[others], overlap))
        same = [best, *(other for other, told in zip(others, different, strict=True) if not told)]
        for trial in same:
            found[trial] = number
        left = [trial for trial in others if not found[trial]]
    return found


def winners_curse(scores: Scores, apart: NDArray[np.bool_]) -> WinnersCurse:
    """Each fold judges the trial that is best on the folds that judge none of its rows.

    `scores` has shape (n_trials, n_folds); `apart`, shape (n_folds, n_folds), is true for two folds that judge no row
    both: those of another repeat judge the same rows, and would choose by them. `nested` is NaN where no two are apart.
    """
    chosen = [(fold, scores[:, others].mean(axis=1).argmax()) for fold, others in enumerate(apart) if others.any()]
    nested = float(np.mean([scores[trial, fold] for fold, trial in chosen])) if chosen else float("nan")
    return WinnersCurse(float(scores.mean(axis=1).max()), nested)


def pareto(costs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The rows of `costs`, shape (n_trials, n_costs), that none is better than in one cost and as good as in all."""
    at_least = (costs[:, None] <= costs[None]).all(axis=2)
    better = (costs[:, None] < costs[None]).any(axis=2)
    return np.logical_not((at_least & better).any(axis=0))


def _standard_error(scores: Scores, overlap: float) -> Scores:
    """Of the mean over the folds, shape (n_trials,) for (n_trials, n_folds)."""
    return np.asarray(np.sqrt((1 / scores.shape[1] + overlap) * scores.var(axis=1, ddof=1)))


def _holm(p_values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which differences stand, when all of them together may be wrong in 5%."""
    order = np.argsort(p_values)
    limits = (1 - CONFIDENCE) / (len(p_values) - np.arange(len(p_values)))
    stands = np.logical_and.accumulate(p_values[order] <= limits)
    found = np.zeros(len(p_values), dtype=bool)
    found[order] = stands
    return found

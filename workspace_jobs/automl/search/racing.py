"""Racing: a trial that its first folds show to be out of reach of the best ones ends there, and costs no more.

Scores are compared on the same folds, so that a fold which is easy for everyone flatters nobody. Only results decide,
and only those that a trial's number says are known: the same seed ends the same trials, whatever else runs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workspace_jobs.automl.trial import Trial, ranked

# The ensemble seldom takes what is worse than so many others.
_PLACE = 5
# From fewer trials nobody knows how much folds differ.
_FEWEST = 8
# So many standard errors behind is out of reach: a fold ends one in fifteen of those that are as good as the rival, of
# which there are others.
_STANDARD_ERRORS = 1.5
# Differences below this are rounding.
_SAME = 1e-9


@dataclass(frozen=True)
class Rival:
    """Who a trial must keep up with: a `score` on each fold, and by how much a good trial's differs from it by chance.

    `spread` is the standard deviation, over the folds, of the difference between a good trial and the rival.
    """

    scores: tuple[float, ...]
    spread: float

    def is_out_of_reach_of(self, scores: Sequence[float]) -> bool:
        """Whether these scores, on the first folds, are too far behind to catch up."""
        behind = float(np.mean(np.subtract(self.scores[: len(scores)], scores)))
        return behind > _STANDARD_ERRORS * self.spread / math.sqrt(len(scores)) + _SAME


def rival(known: Sequence[Trial], metric: str) -> Rival | None:
    """The one among the best of `known` trials that sets the pace; None while too little is known."""
    scored = [trial for trial in known if trial.status == "finished" and not np.isnan(trial.scores[metric]).any()]
    if len(scored) < _FEWEST or len(scored[0].scores[metric]) == 1:
        return None
    best = ranked(scored, metric)
    pace = np.array(best[_PLACE - 1].scores[metric])
    good = np.array([trial.scores[metric] for trial in best[: len(best) // 2] if trial is not best[_PLACE - 1]])
    spread = float(np.sqrt((good - pace).var(axis=1, ddof=1).mean()))
    return Rival(tuple(pace.tolist()), spread)

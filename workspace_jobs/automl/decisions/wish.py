"""What a run is asked of its model's answers, checked before anything is trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.decisions.calibration import folds_of
from workspace_jobs.automl.decisions.costs import read_costs
from workspace_jobs.automl.decisions.thresholds import SCORES
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options

# Where the metric of a run depends on no threshold: what scikit-learn tunes thresholds for.
_DEFAULT_SCORE = "balanced_accuracy"
_BINARY = 2
Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Wish:
    """How to answer: with calibrated probabilities or not, and by a threshold, the best for a metric, or costs.

    At most one of `threshold`, `best_for` (one of SCORES) and `costs` is there; none of them is the likeliest class.
    """

    calibrate: bool = False
    threshold: float | None = None
    best_for: str | None = None
    costs: Matrix | None = None

    def __bool__(self) -> bool:
        return self != Wish()

    @classmethod
    def of(cls, options: Options, classes: Sequence[object], metric: str) -> "Wish":
        """Read `calibrate`, `threshold` and `costs`. Raises AutoMLError where they do not fit, or each other."""
        wanted = {"calibrate": options.calibrate or None, "threshold": options.threshold, "costs": options.costs}
        asked = [name for name, value in wanted.items() if value is not None]
        if not asked:
            return cls()
        if not classes:
            raise AutoMLError(f"--{asked[0]} is for classes, and this target is a number: leave the option out")
        if options.costs is not None:
            if options.threshold is not None:
                raise AutoMLError("--threshold and --costs exclude each other: costs make the threshold")
            matrix = read_costs(options.costs, classes)
            # Expected costs take probabilities at their word.
            return cls(calibrate=True, costs=tuple(map(tuple, matrix.tolist())))
        if options.threshold is None:
            return cls(calibrate=True)
        if len(classes) != _BINARY:
            raise AutoMLError(f"--threshold is for two classes, and this target has {len(classes)}: write --costs")
        if options.threshold == "auto":
            return cls(options.calibrate, best_for=metric if metric in SCORES else _DEFAULT_SCORE)
        return cls(options.calibrate, threshold=_probability(options.threshold))

    def words(self, classes: Sequence[Any], metric: str) -> list[str]:
        """What is going to be done, in sentences."""
        told = []
        if self.calibrate:
            told.append("Probabilities: calibrated on out-of-fold predictions, if that makes unseen rows likelier.")
        if self.threshold is not None:
            told.append(f"Answers: {classes[1]} from a probability of {self.threshold:g} on, as asked.")
        if self.best_for is not None:
            why = "" if self.best_for == metric else f", because {metric} is no matter of a threshold"
            told.append(f"Answers: {classes[1]} from the probability on that is best for {self.best_for}{why}.")
        if self.costs is not None:
            told.append("Answers: the class of least expected cost.")
        return told


def check_rows(truth: NDArray[Any], judged: Sequence[NDArray[np.intp]]) -> None:
    """Raise AutoMLError where too few rows of a class are going to be judged to decide anything by them."""
    rows = np.unique(np.concatenate(list(judged)))
    counts = np.bincount(truth[rows], minlength=int(truth.max()) + 1)
    folds_of(np.repeat(np.arange(len(counts)), counts), seed=0)


def _probability(asked: object) -> float:
    try:
        number = float(str(asked))
    except ValueError:
        number = float("nan")
    if not 0 < number < 1:
        raise AutoMLError(f"--threshold {asked}: write auto, or a probability between 0 and 1")
    return number

"""How a run's model answers: decided by its out-of-fold predictions, with the effect on rows that had no part in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import FixedThresholdClassifier

from workspace_jobs.automl.decisions import thresholds
from workspace_jobs.automl.decisions.calibration import (
    Method,
    Probabilities,
    Truth,
    calibration,
    fit_calibrator,
    folds_of,
    unseen,
)
from workspace_jobs.automl.decisions.least_cost import LeastCostClassifier
from workspace_jobs.automl.decisions.wish import Matrix, Wish
from workspace_jobs.automl.metrics import score_function
from workspace_jobs.automl.problem_kinds import ProblemKind

_BINARY = 2
_OF_ANSWERS = {True: ("accuracy", "balanced_accuracy", "f1"), False: ("accuracy", "balanced_accuracy", "f1_macro")}
COST = "cost of a row"
_MOST_MISTAKES = 6


@dataclass(frozen=True)
class Decision:
    """What was decided, and its effect.

    `threshold` is of the second class; `costs` is `costs[true][predicted]`. `before` has measures of the likeliest
    class by the model's own probabilities, `after` the same as decided, on rows that had no part in deciding. COST
    and `log_loss` are the better the lower, all others the higher. `confusion` counts, as decided, on the same rows,
    `confusion[true][answered]`.
    """

    calibration: Method = "none"
    threshold: float | None = None
    costs: Matrix | None = None
    before: Mapping[str, float] = field(default_factory=dict)
    after: Mapping[str, float] = field(default_factory=dict)
    confusion: tuple[tuple[int, ...], ...] = ()

    def answers(self, probabilities: Probabilities) -> Truth:
        """The class numbers that (calibrated) probabilities, shape (rows, n_classes), are answered with."""
        if self.costs is not None and self.threshold is None:
            return thresholds.cheapest_classes(probabilities, self.costs)
        if self.threshold is not None:
            return np.asarray(probabilities[:, 1] >= self.threshold).astype(np.intp)
        return np.asarray(probabilities.argmax(axis=1))

    def unseen_answers(self, truth: Truth, probabilities: Probabilities, *, seed: int = 0) -> Truth:
        """The answers to out-of-fold probabilities, each calibrated by other rows.

        Raises AutoMLError where a class has too few rows to calibrate by.
        """
        if self.calibration == "none":
            return self.answers(probabilities)
        return self.answers(unseen(self.calibration, truth, probabilities, folds_of(truth, seed)))

    def effect(self) -> list[tuple[str, float, float]]:
        """Each measure before, and as decided."""
        return [(name, before, self.after[name]) for name, before in self.before.items()]

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Decision":
        """The decision that `dataclasses.asdict` made `raw` of."""
        costs = raw["costs"] and tuple(map(tuple, raw["costs"]))
        return cls(**{**raw, "costs": costs, "confusion": tuple(map(tuple, raw["confusion"]))})

    def words(self, classes: tuple[Any, ...]) -> list[str]:
        """What was decided, in sentences."""
        told = []
        if self.threshold is not None:
            told.append(f"It answers {classes[1]} from a probability of {self.threshold:.4g} on.")
        elif self.costs is not None:
            told.append("It answers with the class of least expected cost.")
        if self.costs is not None:
            told.append(f"{_mistakes(self.costs, classes)}.")
        if self.calibration != "none":
            told.append(f"Its probabilities are calibrated ({self.calibration}) on out-of-fold predictions.")
        return told or ["Its probabilities are left as they are: no calibration made unseen rows likelier."]


def _mistakes(costs: Matrix, classes: tuple[Any, ...]) -> str:
    """What each mistake costs, the dearest first; of many the dearest."""
    pairs = [(true, answer) for true in range(len(costs)) for answer in range(len(costs)) if true != answer]
    dearest = sorted(pairs, key=lambda pair: -costs[pair[0]][pair[1]])[:_MOST_MISTAKES]
    told = [f"{classes[true]} taken for {classes[answer]} costs {costs[true][answer]:g}" for true, answer in dearest]
    more = f", {len(pairs) - len(told)} other mistakes no more" if len(pairs) > len(told) else ""
    return f"{', '.join(told)}{more}"


@dataclass(frozen=True)
class Decided:
    """A decision with what a model needs to act on it: `order` is where each of its classes is in the run's."""

    decision: Decision
    calibrator: CalibratedClassifierCV | None
    order: tuple[int, ...]

    def wrap(self, model: BaseEstimator, rows: Any) -> BaseEstimator:  # noqa: ANN401 - as the model takes them
        """The fitted `model` with this decision, of scikit-learn's classes; `rows` are a few, as it takes them.

        It must have no `decision_function`: scikit-learn would calibrate that in place of its probabilities.
        """
        decision = self.decision
        if self.calibrator is not None:
            model = _calibrated(model, self.calibrator, decision.calibration)
        some, classes = rows.head(len(model.classes_)), model.classes_
        frozen = FrozenEstimator(model)
        if decision.threshold is not None:
            whole = FixedThresholdClassifier(
                frozen,
                threshold=decision.threshold,
                pos_label=classes[self.order.index(1)],
                response_method="predict_proba",
            )
            return whole.fit(some, classes)
        if decision.costs is not None:
            costs = tuple(tuple(decision.costs[true][answer] for answer in self.order) for true in self.order)
            return LeastCostClassifier(frozen, costs).fit(some, classes)
        return model


def decide(wish: Wish, truth: Truth, probabilities: Probabilities, order: Sequence[int], *, seed: int = 0) -> Decided:
    """Decide by out-of-fold `probabilities`, shape (rows, n_classes), and `truth`, class numbers.

    `order` is the class number of each of the model's own classes, in whose order its probabilities come. Raises
    AutoMLError where a class has fewer than three rows.
    """
    method: Method = "none"
    fair, calibrator = probabilities, None
    if wish.calibrate:
        found = calibration(truth, probabilities, seed=seed)
        method, fair = found.method, found.unseen
    fitted = probabilities
    if method != "none":
        of_model = np.argsort(order)
        calibrator = fit_calibrator(method, of_model[truth], probabilities[:, order])
        fitted = calibrator.predict_proba(probabilities[:, order])[:, of_model]
    decision = Decision(method, _threshold(wish, truth, fitted), wish.costs)
    if wish.best_for is None:
        answers = decision.answers(fair)
    else:
        score = thresholds.SCORES[wish.best_for]
        answers = thresholds.unseen_answers(truth, fair[:, 1], score, seed=seed).astype(np.intp)
    before = _measures(wish, truth, probabilities.argmax(axis=1), probabilities)
    after = _measures(wish, truth, answers, fair)
    counts = confusion_matrix(truth, answers, labels=np.arange(probabilities.shape[1])).tolist()
    measured = replace(decision, before=before, after=after, confusion=tuple(map(tuple, counts)))
    return Decided(measured, calibrator, tuple(order))


def _threshold(wish: Wish, truth: Truth, probabilities: Probabilities) -> float | None:
    if wish.best_for is not None:
        return thresholds.highest(truth, probabilities[:, 1], thresholds.SCORES[wish.best_for])
    if wish.costs is not None and len(wish.costs) == _BINARY:
        return thresholds.cheapest_threshold(wish.costs)
    return wish.threshold


def _measures(wish: Wish, truth: Truth, answers: Truth, probabilities: Probabilities) -> dict[str, float]:
    is_binary = probabilities.shape[1] == _BINARY
    problem: ProblemKind = "binary" if is_binary else "multiclass"
    sure = np.eye(probabilities.shape[1])[answers]
    found = {COST: thresholds.mean_cost(truth, answers, wish.costs)} if wish.costs is not None else {}
    named = dict.fromkeys((*_OF_ANSWERS[is_binary], *([wish.best_for] if wish.best_for else [])))
    found |= {name: score_function(name, problem)(truth, sure) for name in named}
    return {**found, "log_loss": -score_function("neg_log_loss", problem)(truth, probabilities)}


def _calibrated(model: BaseEstimator, fitted: CalibratedClassifierCV, method: Method) -> CalibratedClassifierCV:
    """The calibration as if it had been fitted to what `model` predicts."""
    frozen = FrozenEstimator(model)
    whole = CalibratedClassifierCV(frozen, method=method)
    whole.classes_ = model.classes_
    one = fitted.calibrated_classifiers_[0]
    one.estimator, one.classes = frozen, model.classes_
    whole.calibrated_classifiers_ = [one]
    return whole

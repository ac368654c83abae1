"""Writes a run's metric as a function of scikit-learn's own, over what a fitted pipeline predicts."""

from dataclasses import dataclass

from sklearn import metrics
from sklearn.metrics import get_scorer, get_scorer_names

from workspace_jobs.automl.data.problem import is_classification
from workspace_jobs.automl.metrics import SCALED_ERROR
from workspace_jobs.automl.problem_kinds import ProblemKind


@dataclass(frozen=True)
class MetricSource:
    """`code` defines `score(y_true, predicted)`; `imports` is what it needs."""

    imports: str
    code: str


_SCALED = """\
scales_of_splits = cycle(scales(columns.fit_transform(X)[:, :2], truth, splits, {season}))


def score(y_true, predicted):
    \"\"\"Called once a split, in their order: each has scales of its own.\"\"\"
    return scaled_error(next(scales_of_splits), y_true, predicted)"""


def metric_source(metric: str, problem: ProblemKind, season_length: int = 1) -> MetricSource:
    """The source of `score(y_true, predicted)`, the higher the better.

    `predicted` are probabilities, shape (rows, n_classes), or values; `y_true` are class numbers, or values.
    `season_length` is of a forecast, whose errors may be scaled.
    """
    if metric == SCALED_ERROR:
        modules = ("itertools import cycle", "workspace_jobs.automl.forecasting.backtesting import scales")
        imports = "\n".join(f"from {one}" for one in (*modules, "workspace_jobs.automl.metrics import scaled_error"))
        return MetricSource(imports, _SCALED.format(season=season_length))
    if metric not in get_scorer_names():
        # Azure's own metrics: nobody else's library has them.
        imports = "from workspace_jobs.automl.metrics import score_function"
        return MetricSource(imports, f'score = score_function("{metric}", "{problem}")')
    scorer = vars(get_scorer(metric))
    function = scorer["_score_func"]
    # scikit-learn exports every metric from one module, save what it keeps for its scorers.
    module = "sklearn.metrics" if hasattr(metrics, function.__name__) else function.__module__
    sign = "-" if scorer["_sign"] < 0 else ""
    options = "".join(f", {name}={value!r}" for name, value in scorer["_kwargs"].items()).replace("'", '"')
    predicted = _answer(scorer["_response_method"], problem)
    code = f"def score(y_true, predicted):\n    return {sign}{function.__name__}(y_true, {predicted}{options})"
    return MetricSource(f"from {module} import {function.__name__}", code)


def _answer(response: str | tuple[str, ...], problem: ProblemKind) -> str:
    """What of the predictions the metric is given."""
    if not is_classification(problem):
        return "predicted"
    if response == "predict":
        return "predicted.argmax(axis=1)"
    return "predicted[:, 1]" if problem == "binary" else "predicted"

"""Azure's AutoML task, as the REST API has it (`taskDetails`), judged and made ready for local AutoML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from workspace_jobs.automl.azure_metrics import is_error
from workspace_jobs.automl.errors import AutoMLError

Json = Mapping[str, object]
Kind = Literal["Classification", "Regression", "Forecasting"]

_KINDS = ("Classification", "Regression", "Forecasting")
# REST spelling to the name that Azure logs the metric under. The first is the default.
_OF_NUMBERS = {
    "NormalizedRootMeanSquaredError": "normalized_root_mean_squared_error",
    "R2Score": "r2_score",
    "SpearmanCorrelation": "spearman_correlation",
    "NormalizedMeanAbsoluteError": "normalized_mean_absolute_error",
}
METRICS: Mapping[str, Mapping[str, str]] = {
    "Classification": {
        "Accuracy": "accuracy",
        "AUCWeighted": "AUC_weighted",
        "NormMacroRecall": "norm_macro_recall",
        "AveragePrecisionScoreWeighted": "average_precision_score_weighted",
        "PrecisionScoreWeighted": "precision_score_weighted",
    },
    "Regression": _OF_NUMBERS,
    "Forecasting": _OF_NUMBERS,
}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_IGNORED_FORECASTING = {
    "seasonality": "a season as told (it is found)",
    "targetLags": "target lags as told",
    "targetRollingWindowSize": "a rolling window as told",
    "countryOrRegionForHolidays": "holidays",
}
# Settings that Azure acts on and local AutoML does not, and the words for each.
_IGNORED_TRAINING = {
    "enableDnnTraining": "deep learning",
    "enableModelExplainability": "model explanation",
    "enableOnnxCompatibleModels": "ONNX models",
    "enableStackEnsemble": "the stack ensemble",
}


@dataclass(frozen=True)
class Task:
    """What to learn, how to judge it, and when to stop.

    `metric` is spelled as Azure logs it. Times are in seconds. `folds` and `validation_size` (a fraction) are None
    where the task leaves the choice to the engine. `time`, `series` and `horizon` are of a forecast, and `unknown`:
    the columns that are not known of the future, None where none is. `notices` are sentences on what is not done.
    """

    kind: Kind
    target: str
    metric: str
    positive: str | None = None
    max_trials: int | None = None
    timeout: float | None = None
    trial_timeout: float | None = None
    exit_score: float | None = None
    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    folds: int | None = None
    validation_size: float | None = None
    weights: str | None = None
    parallel: int = 1
    ensemble: bool = True
    time: str | None = None
    series: tuple[str, ...] = ()
    unknown: frozenset[str] | None = None
    horizon: int | None = None
    notices: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that Azure logs for such a task."""
        return tuple(METRICS[self.kind].values())

    def as_score(self, value: float) -> float:
        """A value of `metric` as scikit-learn's scorers have it: the higher, the better."""
        return -value if is_error(self.metric) else value

    def as_azure_has_it(self, score: float) -> float:
        """A score of `metric` as Azure logs it: an error is positive."""
        return self.as_score(score)


def parse(raw: Json) -> Task:
    """The task that `raw` describes. Raises AutoMLError for what local AutoML can't do."""
    kind = raw.get("taskType")
    if kind not in _KINDS:
        raise AutoMLError(
            f"Local AutoML does not support the task {kind!r}, only {', '.join(_KINDS)}; "
            "run it on Azure, or change the task."
        )
    target = raw.get("targetColumnName")
    if not isinstance(target, str) or not target:
        raise AutoMLError("The task has no targetColumnName: write the name of the column to predict.")
    forecasting = _object(raw, "forecastingSettings")
    limits, training = _object(raw, "limitSettings"), _object(raw, "trainingSettings")
    trials = _number(limits, "maxTrials")
    return Task(
        kind=cast("Kind", kind),
        target=target,
        metric=_metric(str(kind), raw.get("primaryMetric")),
        positive=cast("str | None", raw.get("positiveLabel")),
        max_trials=None if trials is None else max(1, int(trials)),
        timeout=duration(limits.get("timeout"), "timeout"),
        trial_timeout=duration(limits.get("trialTimeout"), "trialTimeout"),
        exit_score=_number(limits, "exitScore"),
        allowed=_names(training, "allowedTrainingAlgorithms"),
        blocked=_names(training, "blockedTrainingAlgorithms"),
        folds=_folds(_object(raw, "nCrossValidations")),
        time=cast("str | None", forecasting.get("timeColumnName")),
        series=tuple(sorted(_names(forecasting, "timeSeriesIdColumnNames"))),
        unknown=_unknown(forecasting),
        horizon=_horizon(_object(forecasting, "forecastHorizon")),
        validation_size=_number(raw, "validationDataSize"),
        weights=cast("str | None", raw.get("weightColumnName")),
        parallel=int(_number(limits, "maxConcurrentTrials") or 1),
        ensemble=training.get("enableVoteEnsemble") is not False,
        notices=tuple(_notices(raw, training)),
    )


def duration(text: object, what: str) -> float | None:
    """Seconds of an ISO 8601 duration as Azure writes it (`PT1H30M`), None for none."""
    if text is None:
        return None
    match = _DURATION.fullmatch(str(text))
    if match is None or not any(match.groups()):
        raise AutoMLError(f"The task's {what} {text!r} is not an ISO 8601 duration: write for example PT15M.")
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _object(raw: Json, key: str) -> Json:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _number(raw: Json, key: str) -> float | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AutoMLError(f"The task's {key} must be a number, not {value!r}.")
    return float(value)


def _names(raw: Json, key: str) -> frozenset[str]:
    value = raw.get(key) or []
    if not isinstance(value, list):
        raise AutoMLError(f"The task's {key} must be a list of names, not {value!r}.")
    return frozenset(map(str, value))


def _metric(kind: str, asked: object) -> str:
    known = METRICS[kind]
    if asked is None:
        return next(iter(known.values()))
    if asked not in known:
        raise AutoMLError(f"{kind} has no primary metric {asked!r}: write one of {', '.join(known)}.")
    return known[str(asked)]


def _folds(raw: Json) -> int | None:
    if raw.get("mode") != "Custom":
        return None
    folds = _number(raw, "value")
    if folds is None or folds < 2:  # noqa: PLR2004 - fewer can't be trained on one and judged on the other
        raise AutoMLError(f"nCrossValidations must be 2 or more, not {raw.get('value')!r}.")
    return int(folds)


def _unknown(forecasting: Json) -> frozenset[str] | None:
    """Azure takes columns for known of the future only where the task lists those that are not."""
    is_listed = forecasting.get("featuresUnknownAtForecastTime") is not None
    return _names(forecasting, "featuresUnknownAtForecastTime") if is_listed else None


def _horizon(raw: Json) -> int | None:
    value = _number(raw, "value") if raw.get("mode") == "Custom" else None
    if value is not None and value < 1:
        raise AutoMLError(f"forecastHorizon must be 1 or more, not {value:g}.")
    return None if value is None else int(value)


def _is_told(value: object) -> bool:
    return bool(value) and not (isinstance(value, dict) and value.get("mode") == "Auto")


def _notices(raw: Json, training: Json) -> list[str]:
    ignored = [words for key, words in _IGNORED_TRAINING.items() if training.get(key)]
    forecasting = _object(raw, "forecastingSettings")
    ignored += [words for key, words in _IGNORED_FORECASTING.items() if _is_told(forecasting.get(key))]
    if _object(raw, "featurizationSettings").get("mode") == "Custom":
        ignored.append("custom featurization")
    if raw.get("cvSplitColumnNames"):
        ignored.append("cvSplitColumnNames")
    return [f"Not done by local AutoML: {', '.join(ignored)}."] if ignored else []

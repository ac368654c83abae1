"""Builds a candidate's pipeline: classes of scikit-learn and its kin only, so that it loads without this package."""

import importlib
from operator import methodcaller
from typing import Any

import pandas as pd
from sklearn.base import BaseEstimator, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    QuantileTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.utils.validation import has_fit_parameter

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.data.schema import Schema, Timeline
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.forecasting.timeline import steps_of

# Whose classes a candidate may name: a definition file is data, not a way to run anything.
LIBRARIES = ("sklearn", "lightgbm", "xgboost", "catboost")
FORECASTERS = "workspace_jobs.automl.forecasting.forecasters"
# These take missing numbers as they are, and do better with them than with a guess.
_KNOW_MISSING = ("HistGradientBoosting", "LGBM", "XGB", "CatBoost", "LagForecaster")
# They take classes for numbers from 0 on, or answer with a column: scikit-learn's vote, here of one, puts that right.
_CLASSES_AS_NUMBERS = ("xgboost", "catboost")
_CATBOOST = {"verbose": False, "allow_writing_files": False, "thread_count": 1}
_MAX_ONE_HOT = 60
# More make probabilities hardly better, and each of them costs a fit.
_CALIBRATION_FOLDS = 3
_TEXT_FEATURES, _TEXT_COMPONENTS, _TEXT_DECIMALS = 2**12, 64, 6
_SECOND = 1_000_000_000
_PERIODS = {"day": 86_400 * _SECOND, "week": 7 * 86_400 * _SECOND, "year": 31_556_952 * _SECOND}
_NOT_A_TIME = -(2**63)


def build(candidate: Candidate, schema: Schema, *, seed: int = 0) -> Pipeline:
    """The unfitted pipeline of `candidate` for tables of `schema`; steps `columns` and `model`.

    Raises AutoMLError where the candidate's class or parameters do not exist.
    """
    model = _model(candidate, seed)
    if schema.timeline is None:
        return Pipeline([("columns", _columns(candidate, schema, seed)), ("model", model)])
    if "season_length" not in candidate.parameters:
        model.set_params(season_length=schema.timeline.season_length)
    return Pipeline([("columns", _steps(candidate, schema, schema.timeline, seed)), ("model", model)])


def _model(candidate: Candidate, seed: int) -> BaseEstimator:
    made = estimator_class(candidate)
    try:
        model = made(**candidate.parameters)
    except TypeError as error:
        raise AutoMLError(
            f"Candidate {candidate.name}: {made.__name__} does not take these parameters: {error}"
        ) from error
    known = model.get_params()
    if "random_state" in known and "random_state" not in candidate.parameters:
        model.set_params(random_state=seed)
    if made.__name__.startswith("LGBM"):
        # The same trees, however many threads there are.
        model.set_params(verbose=-1, deterministic=True, force_col_wise=True)
    if made.__module__.startswith("catboost"):
        model.set_params(**{**_CATBOOST, "random_seed": seed, **candidate.parameters})
    if made.__module__.startswith(_CLASSES_AS_NUMBERS) and is_classifier(model):
        model = VotingClassifier([("estimator", model)], voting="soft")
    if candidate.calibration == "none":
        return model
    return CalibratedClassifierCV(model, method=candidate.calibration, ensemble=False, cv=_CALIBRATION_FOLDS)


def columns_key(candidate: Candidate) -> str:
    """What the step `columns` depends on: candidates with the same key prepare columns in the same way."""
    return f"{candidate.scaling}-{candidate.encoding}-{'missing' if _knows_missing(candidate) else 'filled'}"


def check(candidate: Candidate, *, for_classes: bool, for_series: bool = False) -> None:
    """Raise AutoMLError where `candidate` can't be made, or is of the wrong kind for the problem."""
    model = _model(candidate, seed=0)
    if for_series != type(model).__module__.startswith(FORECASTERS):
        told = f"a forecast takes the classes of {FORECASTERS}, and nothing else does"
        raise AutoMLError(f"Candidate {candidate.name}: `estimator: {candidate.estimator}`, but {told}")
    if for_classes != is_classifier(model):
        wanted, found = ("classes", "numbers") if for_classes else ("numbers", "classes")
        raise AutoMLError(f"Candidate {candidate.name} predicts {found}, and this problem asks for {wanted}")
    if for_classes and not hasattr(model, "predict_proba"):
        raise AutoMLError(f"Candidate {candidate.name} has no probabilities: add `calibration: sigmoid`")


def estimator_class(candidate: Candidate) -> type[BaseEstimator]:
    """The class that `candidate.estimator` names. Raises AutoMLError where it is none of LIBRARIES or not installed."""
    module, _, name = candidate.estimator.rpartition(".")
    if module.split(".")[0] not in LIBRARIES and module != FORECASTERS:
        raise AutoMLError(
            f"Candidate {candidate.name}: `estimator: {candidate.estimator}` is not a class of {', '.join(LIBRARIES)}"
        )
    try:
        found = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise AutoMLError(
            f"Candidate {candidate.name}: the package {error.name} is not installed; install mlws[{error.name}], or "
            "remove the candidate"
        ) from error
    except AttributeError as error:
        raise AutoMLError(f"Candidate {candidate.name}: {module} has no class {name!r}") from error
    assert isinstance(found, type)
    return found


def takes_weights(model: BaseEstimator) -> bool:
    """Whether rows can have a weight when `model` is fitted. A vote hands weights on without naming them."""
    return isinstance(model, VotingClassifier) or has_fit_parameter(model, "sample_weight")


def _steps(candidate: Candidate, schema: Schema, timeline: Timeline, seed: int) -> BaseEstimator:
    """Steps of time and numbers of series, and behind them what is known in advance, where there is any."""
    steps, known = steps_of(timeline), schema.known_in_advance
    if not known.features:
        return steps
    of_time = ("steps", steps, [timeline.time, *timeline.series])
    return ColumnTransformer([of_time, *_parts(candidate, known, seed)], sparse_threshold=0)


def _columns(candidate: Candidate, schema: Schema, seed: int) -> ColumnTransformer:
    return ColumnTransformer(_parts(candidate, schema, seed), sparse_threshold=0)


def _parts(candidate: Candidate, schema: Schema, seed: int) -> list[tuple[str, Any, Any]]:
    parts: list[tuple[str, Any, Any]] = [
        ("numeric", _numbers(candidate, seed), list(schema.numeric)),
        ("categorical", _categories(candidate, seed), list(schema.categorical)),
        ("high_cardinality", _many_categories(candidate, seed), list(schema.high_cardinality)),
        ("dates", _dates(candidate), list(schema.dates)),
    ]
    texts = [(f"text_{name}", _text(seed), name) for name in schema.text]
    return [*(part for part in parts if part[2]), *texts]


def _knows_missing(candidate: Candidate) -> bool:
    return candidate.estimator.rpartition(".")[2].startswith(_KNOW_MISSING)


def _numbers(candidate: Candidate, seed: int) -> Pipeline | str:
    if candidate.scaling == "none" and _knows_missing(candidate):
        return "passthrough"
    steps: list[tuple[str, BaseEstimator]] = [
        ("fill", SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True))
    ]
    if candidate.scaling != "none":
        steps.append(("scale", _scaler(candidate, seed)))
    return Pipeline(steps)


def _scaler(candidate: Candidate, seed: int) -> BaseEstimator:
    if candidate.scaling == "quantile":
        return QuantileTransformer(n_quantiles=200, output_distribution="normal", random_state=seed)
    return MinMaxScaler() if candidate.scaling == "minmax" else StandardScaler()


def _categories(candidate: Candidate, seed: int) -> Pipeline:
    """A missing category is a category of its own; one that was never seen counts as rare."""
    if candidate.encoding == "target":
        return _many_categories(candidate, seed)
    if candidate.encoding == "onehot":
        encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=_MAX_ONE_HOT, sparse_output=False)
    else:
        encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return Pipeline([*_words(), ("encode", encoder)])


def _many_categories(candidate: Candidate, seed: int) -> Pipeline:
    """Target encoding, cross-fitted by scikit-learn itself while fitting, so that no row sees its own target."""
    encoder = TargetEncoder(cv=KFold(5, shuffle=True, random_state=seed))
    steps: list[tuple[str, BaseEstimator]] = [*_words(), ("encode", encoder)]
    if candidate.scaling != "none":
        steps.append(("scale", StandardScaler()))
    return Pipeline(steps)


def _words() -> list[tuple[str, BaseEstimator]]:
    """Every category as a word: encoders refuse a column where some are, and know several kinds of missing."""
    return [
        ("any", FunctionTransformer(methodcaller("astype", "object"))),
        ("fill", FunctionTransformer(methodcaller("where", pd.notna, "(missing)"))),
        ("words", FunctionTransformer(methodcaller("astype", "str"))),
    ]


def _dates(candidate: Candidate) -> Pipeline:
    """A date as the time since 1970, and where in the day, the week and the year it is."""
    parts = [("since", FunctionTransformer(methodcaller("astype", "float64")))]
    parts += [(f"in_{name}", FunctionTransformer(methodcaller("__mod__", length))) for name, length in _PERIODS.items()]
    steps = [
        ("parse", FunctionTransformer(methodcaller("apply", pd.to_datetime, errors="coerce", utc=True))),
        # Whatever unit pandas chose.
        ("unit", FunctionTransformer(methodcaller("astype", "datetime64[ns, UTC]"))),
        ("count", FunctionTransformer(methodcaller("astype", "int64"))),
        ("fill", SimpleImputer(missing_values=_NOT_A_TIME, strategy="median", keep_empty_features=True)),
        ("expand", FeatureUnion(parts)),
    ]
    return Pipeline([*steps, ("scale", StandardScaler())] if candidate.scaling != "none" else steps)


def _text(seed: int) -> Pipeline:
    """TF-IDF of words, reduced to a few components; hashed, so that a small vocabulary is no error."""
    return Pipeline(
        [
            ("fill", FunctionTransformer(methodcaller("fillna", ""))),
            ("words", HashingVectorizer(n_features=_TEXT_FEATURES, alternate_sign=False, norm=None)),
            ("tfidf", TfidfTransformer(sublinear_tf=True)),
            ("reduce", TruncatedSVD(_TEXT_COMPONENTS, random_state=seed)),
            # Of few words most components are rounding errors, which trees would split by like by anything else.
            ("round", FunctionTransformer(methodcaller("round", _TEXT_DECIMALS))),
        ]
    )

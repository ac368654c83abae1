"""AutoGluon, with either of its presets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from autogluon.tabular import TabularPredictor

_METRICS = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "root_mean_squared_error"}
Predict = Callable[[pd.DataFrame], pd.DataFrame]


def autogluon(presets: str) -> Callable[[pd.DataFrame, dict[str, Any]], Predict]:
    """The engine that fits with `presets`, as its documentation has it."""

    def engine(train: pd.DataFrame, task: dict[str, Any]) -> Predict:
        problem = task["problem"]
        predictor = TabularPredictor(
            task["target"],
            problem_type=problem,
            eval_metric=_METRICS[problem],
            path=str(Path(task["folder"]) / "autogluon"),
            verbosity=0,
        ).fit(train, time_limit=task["seconds"], presets=presets, dynamic_stacking=False)
        if problem == "regression":
            return lambda features: pd.DataFrame({"prediction": predictor.predict(features)})
        return predictor.predict_proba

    return engine

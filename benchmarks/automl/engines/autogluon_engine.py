"""AutoGluon, best quality."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from autogluon.tabular import TabularPredictor
from task import solve

_METRICS = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "root_mean_squared_error"}


def engine(train: pd.DataFrame, task: dict[str, Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """As its documentation has it for accuracy."""
    problem = task["problem"]
    predictor = TabularPredictor(
        task["target"],
        problem_type=problem,
        eval_metric=_METRICS[problem],
        path=str(Path(task["folder"]) / "autogluon"),
        verbosity=0,
    ).fit(train, time_limit=task["seconds"], presets="best_quality", dynamic_stacking=False)
    if problem == "regression":
        return lambda features: pd.DataFrame({"prediction": predictor.predict(features)})
    return predictor.predict_proba


if __name__ == "__main__":
    solve(engine)

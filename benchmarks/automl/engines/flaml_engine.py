"""FLAML."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from flaml import AutoML
from task import as_frame, solve

_METRICS = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "rmse"}


def engine(train: pd.DataFrame, task: dict[str, Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """As its documentation has it, with both cores."""
    problem = task["problem"]
    model = AutoML()
    model.fit(
        train.drop(columns=[task["target"]]),
        train[task["target"]],
        task="regression" if problem == "regression" else "classification",
        metric=_METRICS[problem],
        time_budget=task["seconds"],
        max_iter=task.get("trials"),
        n_jobs=-1,
        seed=0,
        verbose=0,
    )
    return lambda features: as_frame(model, features.drop(columns=[task["target"]]), problem)


if __name__ == "__main__":
    solve(engine)

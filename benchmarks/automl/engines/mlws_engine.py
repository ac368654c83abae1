"""This project's AutoML."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from task import as_frame, solve

_METRICS = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "neg_root_mean_squared_error"}


def engine(train: pd.DataFrame, task: dict[str, Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Import included: it happens within the call."""
    from workspace_jobs import automl

    result = automl.run(
        train,
        task["target"],
        problem=task["problem"],
        metric=_METRICS[task["problem"]],
        timeout=task["seconds"],
        max_trials=task.get("trials"),
        validation=task.get("validation", "auto"),
        out=Path(task["folder"]) / "run",
    )
    return lambda features: as_frame(result.model, features, task["problem"])


if __name__ == "__main__":
    solve(engine)

"""mljar-supervised in its mode Perform."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from supervised.automl import AutoML
from task import solve

_METRICS = {"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}
_TASKS = {"binary": "binary_classification", "multiclass": "multiclass_classification", "regression": "regression"}


def engine(train: pd.DataFrame, task: dict[str, Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """As its documentation has it for quality; its time is whole seconds."""
    problem, target = task["problem"], task["target"]
    model = AutoML(
        mode="Perform",
        ml_task=_TASKS[problem],
        eval_metric=_METRICS[problem],
        total_time_limit=int(task["seconds"]),
        results_path=str(Path(task["folder"]) / "mljar"),
        random_state=0,
        verbose=0,
    )
    model.fit(train.drop(columns=[target]), train[target])

    def predict(features: pd.DataFrame) -> pd.DataFrame:
        found = features.drop(columns=[target])
        if problem == "regression":
            return pd.DataFrame({"prediction": model.predict(found)})
        names = sorted(train[target].unique())
        return pd.DataFrame(model.predict_proba(found), columns=names)

    return predict


if __name__ == "__main__":
    solve(engine)

"""H2O AutoML; it needs Java."""

from collections.abc import Callable
from typing import Any

import h2o
import pandas as pd
from h2o.automl import H2OAutoML
from task import solve

_METRICS = {"binary": "AUC", "multiclass": "mean_per_class_error", "regression": "RMSE"}


def engine(train: pd.DataFrame, task: dict[str, Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The start of its Java server included, as ours of its processes."""
    h2o.init(nthreads=-1)
    h2o.no_progress()
    problem, target = task["problem"], task["target"]
    frame = h2o.H2OFrame(train)
    if problem != "regression":
        frame[target] = frame[target].asfactor()
    model = H2OAutoML(max_runtime_secs=int(task["seconds"]), seed=0, sort_metric=_METRICS[problem])
    model.train(y=target, training_frame=frame)

    def predict(features: pd.DataFrame) -> pd.DataFrame:
        found = model.leader.predict(h2o.H2OFrame(features)).as_data_frame()
        if problem == "regression":
            return found.rename(columns={"predict": "prediction"})[["prediction"]]
        # H2O puts a p before a class that is a number.
        return found.drop(columns=["predict"]).rename(columns=lambda name: name.removeprefix("p"))

    return predict


if __name__ == "__main__":
    solve(engine)
    h2o.cluster().shutdown()

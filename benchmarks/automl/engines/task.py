"""What every engine's script is told, and what it must leave behind: read and written with pandas alone.

`python SCRIPT FOLDER` finds in FOLDER `task.json` (target, problem, seconds and, for some engines, trials and
validation), `train.csv` and `test.csv`, and leaves
`predictions.csv`: a column `prediction`, or a column a class with its probability; and `seconds.json`, the time from
the call of the engine until its model can predict.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd


def solve(engine: Callable[[pd.DataFrame, dict[str, Any]], Callable[[pd.DataFrame], pd.DataFrame]]) -> None:
    """Have `engine(train, task)` make a model, `model(features)` its predictions, and write them down."""
    folder = Path(sys.argv[1])
    task = json.loads((folder / "task.json").read_text())
    task["folder"] = str(folder)
    train, test = (pd.read_csv(folder / f"{name}.csv") for name in ("train", "test"))
    began = time.perf_counter()
    predict = engine(train, task)
    seconds = time.perf_counter() - began
    predict(test).to_csv(folder / "predictions.csv", index=False)
    (folder / "seconds.json").write_text(json.dumps(seconds))


def as_frame(model: Any, features: pd.DataFrame, problem: str) -> pd.DataFrame:  # noqa: ANN401 - as scikit-learn's
    """Predictions of a model with scikit-learn's interface."""
    if problem == "regression":
        return pd.DataFrame({"prediction": model.predict(features)})
    return pd.DataFrame(model.predict_proba(features), columns=list(model.classes_))

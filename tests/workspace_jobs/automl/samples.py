"""Small tables, and candidates that take milliseconds, for the tests of AutoML."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workspace_jobs.automl.candidates import definitions as candidates
from workspace_jobs.automl.candidates.candidate import Candidate

LINEAR = Candidate(
    "linear", "LogisticRegression", "sklearn.linear_model.LogisticRegression", {"max_iter": 200}, "standard"
)
TREE = Candidate("tree", "DecisionTree", "sklearn.tree.DecisionTreeClassifier", {"max_depth": 4})
BROKEN = Candidate("broken", "LogisticRegression", "sklearn.linear_model.LogisticRegression", {"C": -1.0})
# Deaf to anything but a kill: its fit is one long call into C.
ENDLESS = Candidate(
    "endless", "SGD", "sklearn.linear_model.SGDClassifier", {"loss": "log_loss", "max_iter": 2_000_000_000, "tol": None}
)
# Its first matrix of weights alone is hundreds of gigabytes.
HUNGRY = Candidate(
    "hungry", "NeuralNetwork", "sklearn.neural_network.MLPClassifier", {"hidden_layer_sizes": [5_000_000_000]}
)


def credit(rows: int = 150) -> pd.DataFrame:
    """Numbers and categories with gaps, a name, a date, a note, weights, and a target that depends on two of them."""
    generator = np.random.default_rng(0)
    amount = generator.normal(1000, 300, rows)
    job = np.array(["clerk", "driver", None])[generator.integers(0, 3, rows)]
    words = generator.choice(["late", "payment", "was", "made", "in", "full", "after", "call"], (rows, 6))
    return pd.DataFrame(
        {
            "amount": np.where(generator.random(rows) < 0.1, np.nan, amount),
            "job": job,
            "owner": generator.random(rows) < 0.5,
            "name": [f"customer{number}" for number in range(rows)],
            "since": [f"20{number % 20 + 10}-03-{number % 27 + 1:02}" for number in range(rows)],
            "note": [" ".join(line) for line in words],
            "branch": [f"branch {number}" for number in generator.integers(0, 60, rows)],
            "importance": generator.choice([1.0, 2.0], rows),
            "good": np.where(amount + 400 * (job == "clerk") > 1100, "yes", "no"),
        }
    )


def store(folder: Path, frame: pd.DataFrame, name: str = "credit.csv") -> Path:
    """Write a table as CSV, and return the file."""
    frame.to_csv(folder / name, index=False)
    return folder / name


def define(folder: Path, *chosen: Candidate) -> Path:
    """Write a definition file of these candidates."""
    file = folder / "candidates.yaml"
    candidates.write(chosen, file)
    return file


def quick(folder: Path, *chosen: Candidate, **options: Any) -> dict[str, Any]:
    """Options of a run in `folder` that takes no longer than it must."""
    file = define(folder, *(chosen or (LINEAR, TREE)))
    return {
        "target": "good", "candidates": file, "validation": "3", "out": folder / "run", "timeout": 120.0, **options,
    }  # fmt: skip


_WITHOUT_US = """
import json, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"workspace_jobs", "mlws"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
import cloudpickle, pandas
model = cloudpickle.load(open(sys.argv[1], "rb"))
rows = pandas.read_pickle(sys.argv[2])
print(json.dumps([getattr(model, method)(rows).tolist() for method in sys.argv[3:]]))
"""


def elsewhere(model: Path, rows: pd.DataFrame, folder: Path, *methods: str) -> list[Any]:
    """What each method of a saved model says of `rows` where this package is not installed; `folder` is for scratch."""
    rows.to_pickle(folder / "rows.pkl")
    command = [sys.executable, "-I", "-c", _WITHOUT_US, str(model / "model.pkl"), str(folder / "rows.pkl"), *methods]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: list[Any] = json.loads(done.stdout)
    return said

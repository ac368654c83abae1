"""AutoML beside its peers: the same tables, splits, cores and seconds, one after the other.

    python -m benchmarks.automl.run OUT --seconds 10 [--engines mlws flaml] [--tables digits wine] [--splits 5]
    python -m benchmarks.automl.report OUT

Every result is a line of OUT/results.jsonl; what is there already is not measured again. Peers are installed under
.tools/automl-peers, or --environments. Nothing else should run on the machine.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, roc_auc_score, root_mean_squared_error

from benchmarks.automl.benchmark_tables import benchmark_tables, splits
from benchmarks.automl.environments import ENGINES, interpreter
from benchmarks.automl.tables import Table

_ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = _ROOT / ".tools" / "automl-peers"
_SCRIPTS = Path(__file__).with_name("engines")
# What is not done by then is not going to be: no budget is kept that badly.
_PATIENCE = 6
_GRACE_SECONDS = 240


def main() -> None:
    """Measure what is asked for and not yet there."""
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    results = asked.out / "results.jsonl"
    known = {_key(result) for result in read_results(asked.out)}
    for table, split, train, test in _work(asked):
        for engine in asked.engines:
            result = {"table": table.name, "split": split, "engine": engine, "budget": asked.seconds}
            if _key(result) in known:
                continue
            measured = {**result, **_measure(engine, table, train, test, asked)}
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(measured) + "\n")
            print(json.dumps(measured), flush=True)


def read_results(out: Path) -> list[dict[str, Any]]:
    """What was measured so far."""
    file = out / "results.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def _key(result: dict[str, Any]) -> tuple[object, ...]:
    return tuple(result[name] for name in ("table", "split", "engine", "budget"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--tables", nargs="+", choices=[table.name for table in benchmark_tables()])
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--environments", type=Path, default=ENVIRONMENTS)
    return parser.parse_args()


def _work(asked: argparse.Namespace) -> Iterator[tuple[Table, int, pd.DataFrame, pd.DataFrame]]:
    for table in benchmark_tables():
        if asked.tables and table.name not in asked.tables:
            continue
        frame = table.load()
        for number, (learn, test) in enumerate(splits(table, frame, asked.splits)):
            yield table, number, frame.iloc[learn], frame.iloc[test]


def _measure(
    engine: str, table: Table, train: pd.DataFrame, test: pd.DataFrame, asked: argparse.Namespace
) -> dict[str, Any]:
    task = {"target": table.target, "problem": table.problem, "seconds": asked.seconds}
    patience = _PATIENCE * asked.seconds + _GRACE_SECONDS
    try:
        predictions, seconds = run_engine(engine, task, train, test, asked.environments, patience)
    except subprocess.TimeoutExpired:
        return {"error": "it did not end"}
    except subprocess.CalledProcessError as error:
        return {"error": error.stderr.strip().rpartition("\n")[2]}
    return {"score": _score(table, test[table.target], predictions), "seconds": seconds}


def run_engine(  # noqa: PLR0913, PLR0917 - what an engine is given
    engine: str, task: dict[str, Any], train: pd.DataFrame, test: pd.DataFrame, environments: Path, patience: float
) -> tuple[pd.DataFrame, float]:
    """What `engine` predicts for `test`, and the seconds until it could; `task` is what its script is told.

    Raises CalledProcessError where it fails, and TimeoutExpired where it takes more than `patience` seconds.
    """
    python = interpreter(engine, environments)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        train.to_csv(folder / "train.csv", index=False)
        test.to_csv(folder / "test.csv", index=False)
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        subprocess.run(
            [str(python), "-W", "ignore", str(_SCRIPTS / f"{engine}_engine.py"), place],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(_ROOT) if engine == "mlws" else ""},
            capture_output=True,
            text=True,
            timeout=patience,
            check=True,
        )
        predictions = pd.read_csv(folder / "predictions.csv")
        return predictions, json.loads((folder / "seconds.json").read_text(encoding="utf-8"))


def _score(table: Table, truth: pd.Series, predictions: pd.DataFrame) -> float:
    """The higher the better: ROC AUC for two classes, accuracy for more, the negated root mean squared error."""
    if table.problem == "regression":
        return -float(root_mean_squared_error(truth, predictions["prediction"]))
    names = np.array([str(name) for name in predictions.columns])
    labels = truth.astype(str).to_numpy()
    # An engine may have read 0 and 1 as 0.0 and 1.0.
    if not set(labels) <= set(names):
        names = np.array([str(float(name)) for name in names])
        labels = truth.astype(float).astype(str).to_numpy()
    order = np.argsort(names)
    if table.problem == "binary":
        return float(roc_auc_score(labels == names[order][1], predictions.to_numpy()[:, order[1]]))
    return float(accuracy_score(labels, names[predictions.to_numpy().argmax(axis=1)]))


if __name__ == "__main__":
    main()

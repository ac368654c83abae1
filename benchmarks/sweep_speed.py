"""The article's 330-run sweep: its plain MLflow script, and `mlws sweep` over the same fit, in turn, on this machine.

    python -m benchmarks.sweep_speed 3

Both begin with an existing store and all imports done; both leave 330 runs, which are compared one by one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIT = """
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

x, y = load_diabetes(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=42)


def fit(alpha, l1_ratio):
    model = ElasticNet(alpha=alpha, l1_ratio=l1_ratio).fit(x_train, y_train)
    predicted = model.predict(x_test)
    return {"mse": mean_squared_error(y_test, predicted), "r2": r2_score(y_test, predicted)}
"""
PLAIN = """
import time
import mlflow
from fit import fit

mlflow.set_experiment("article")
started = time.perf_counter()
for step in range(30):
    for tenth in range(11):
        alpha, l1_ratio = 10 ** (-5 + 6 * step / 29), tenth / 10
        with mlflow.start_run():
            measured = fit(alpha, l1_ratio)
            mlflow.log_param("alpha", alpha)
            mlflow.log_param("l1_ratio", l1_ratio)
            mlflow.log_metric("mse", measured["mse"])
            mlflow.log_metric("r2", measured["r2"])
print(time.perf_counter() - started)
"""
_SWEEP = ["fit.py:fit", "--grid", "alpha=logspace(-5,1,30)", "--grid", "l1_ratio=0:1:0.1", "--metric", "mse", "--json"]
_PLACES = 9


def main() -> None:
    """Measure, and print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--parallel", type=int, default=2)
    options = parser.parse_args()
    pairs = [_pair(options.parallel) for _ in range(options.rounds)]
    plain, ours = ([pair[at] for pair in pairs] for at in (0, 1))
    print(f"plain MLflow, 330 runs: {_shown(plain)}")
    print(f"mlws sweep --parallel {options.parallel}, 330 runs: {_shown(ours)}")
    print(f"times faster, pair by pair: {statistics.median(a / b for a, b in pairs):.1f}")


def _pair(parallel: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "fit.py").write_text(FIT, encoding="utf-8")
        (folder / "plain.py").write_text(PLAIN, encoding="utf-8")
        plain = float(_run(folder, "plain.db", [sys.executable, "plain.py"]))
        line = [sys.executable, "-P", "-m", "mlws", "sweep", *_SWEEP, "--parallel", str(parallel)]
        ours = json.loads(_run(folder, "ours.db", line))
        assert _cells(folder / "plain.db", "article") == _cells(folder / "ours.db", "fit"), "the stores differ"
        return plain, float(ours["seconds"])


def _run(folder: Path, store: str, line: list[str]) -> str:
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{folder / store}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _cells(store: Path, experiment: str) -> list[tuple[float, ...]]:
    """The parameters and metrics of every run but the sweep's own, in order."""
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{store}")
    found = client.get_experiment_by_name(experiment)
    assert found is not None
    runs = [run.data for run in client.search_runs([found.experiment_id], max_results=1000)]
    named = [(run.params["alpha"], run.params["l1_ratio"], run.metrics) for run in runs if "alpha" in run.params]
    return sorted(
        tuple(round(float(value), _PLACES) for value in (alpha, ratio, metrics["mse"], metrics["r2"]))
        for alpha, ratio, metrics in named
    )


def _shown(seconds: list[float]) -> str:
    return f"median {statistics.median(seconds):.2f} s, {min(seconds):.2f} to {max(seconds):.2f} s"


if __name__ == "__main__":
    main()

"""`python -m workspace_jobs.training.elastic_net_path`: sweep scikit-learn's diabetes data into a database of runs."""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

from workspace_jobs.tracking import location
from workspace_jobs.tracking.bulk import FinishedRun, write_runs
from workspace_jobs.tracking.errors import TrackingError
from workspace_jobs.training.elastic_net_path.fits import Fit, Split, fit_grid


def main() -> None:
    """Fit the grid, write the runs, and say which is best."""
    options = _options()
    try:
        path = _database(location.tracking_uri(options.tracking_uri))
        best, count, seconds = sweep(path, options.experiment, options.test_size, options.seed)
    except TrackingError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)
    sys.stdout.write(f"{count} runs in {seconds:.3f} s; the best: {best}\n")


def sweep(path: Path, experiment: str, test_size: float, seed: int) -> tuple[Fit, int, float]:
    """Fit 30 alphas by 11 l1 ratios and write a run for each; return the best, how many, and the seconds it took."""
    split = Split(*train_test_split(*load_diabetes(return_X_y=True), test_size=test_size, random_state=seed))
    began, started = time.perf_counter(), int(time.time() * 1000)
    fits = list(fit_grid(split, np.logspace(-5, 1, 30).tolist(), np.linspace(0, 1, 11).tolist()))
    ended = int(time.time() * 1000)
    runs = [
        FinishedRun({"alpha": fit.alpha, "l1_ratio": fit.l1_ratio}, {"mse": fit.mse, "r2": fit.r2}, started, ended)
        for fit in fits
    ]
    write_runs(path, experiment, runs)
    return min(fits, key=lambda fit: fit.mse), len(runs), time.perf_counter() - began


def _database(uri: str) -> Path:
    path = location.sqlite_path(uri)
    if path is None:
        raise TrackingError(f"{uri} is no database file: name one with --tracking-uri sqlite:///PATH")
    return path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="elastic_net_path", description=__doc__)
    parser.add_argument("--tracking-uri", help="sqlite:///PATH; default: MLFLOW_TRACKING_URI, else mlflow.db here")
    parser.add_argument("--experiment", default="elastic-net-diabetes", help="made where it is missing")
    parser.add_argument("--test-size", type=float, default=0.25, help="share of the rows kept for the test")
    parser.add_argument("--seed", type=int, default=42, help="seed of the split")
    return parser.parse_args()


if __name__ == "__main__":
    main()

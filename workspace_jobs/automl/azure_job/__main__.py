"""`python -m workspace_jobs.automl.azure_job TASK.json DATA_DIR OUT_DIR`: the process of an AutoML job.

Reads the task (Azure's taskDetails) and the tables, searches, and leaves `mlflow-model/` and `summary.json` in OUT_DIR;
or `error.txt`, one sentence, and exit code 2.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workspace_jobs.automl.azure_job import ENGINE
from workspace_jobs.automl.azure_job.task import Kind, Task, parse
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.problem_kinds import AskedProblem

if TYPE_CHECKING:
    import pandas as pd

_BINARY = 2
# Azure's own choice where the task makes none: many folds for few rows, one split for many.
_FEW_ROWS, _MANY_ROWS = 1_000, 20_000
_PROBLEMS: Mapping[Kind, AskedProblem] = {
    "Classification": "auto",
    "Regression": "regression",
    "Forecasting": "forecast",
}
_FOLDS_FOR_FEW, _FOLDS, _HELD_OUT = "10", "3", "0.1"


def main(task_file: Path, data: Path, out: Path) -> int:
    """Run the task; the exit code for the operating system."""
    out.mkdir(parents=True, exist_ok=True)
    # Two lines of links a trial would bury the scores.
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
    try:
        _run(parse(json.loads(task_file.read_text(encoding="utf-8"))), data, out)
    except AutoMLError as error:
        (out / "error.txt").write_text(f"{error}.", encoding="utf-8")
        return AutoMLError.exit_code
    return 0


def _run(task: Task, data: Path, out: Path) -> None:
    from workspace_jobs.automl.api import run_with
    from workspace_jobs.automl.data import tables
    from workspace_jobs.automl.progress import Lines
    from workspace_jobs.automl.tracking import Tracking

    _say(f"This is {ENGINE}: scikit-learn pipelines on this machine, not Azure's AutoML engine.")
    for notice in task.notices:
        _say(notice)
    frame = tables.read(data / "training_data")
    options = _options(task, data, out, frame)
    if options.positive != task.positive:
        _say(f"Not done by local AutoML: metrics of {task.positive} alone; {task.target} has not two classes.")
    tracking = None
    if os.environ.get("MLFLOW_TRACKING_URI") and os.environ.get("MLFLOW_RUN_ID"):
        tracking = Tracking()
    result = run_with(frame, options, Lines(_say), tracking=tracking)
    outcome = result.outcome
    best = result.ranked()[0]
    score = task.as_azure_has_it(outcome.score(task.metric))
    _say(f"Ended because {outcome.reason}. Best: {best.algorithm}, {task.metric} {score:.4f}.")
    if outcome.test_scores:
        tested = task.as_azure_has_it(outcome.test_scores[task.metric])
        _say(f"On the test data: {task.metric} {tested:.4f}.")
    result.folder.model.rename(out / "mlflow-model")
    summary = {
        "engine": ENGINE,
        "best_algorithm": best.algorithm,
        "best_child_run_id": result.best_child_run_id,
        "primary_metric": task.metric,
        "best_score": score,
        "trials": len(result.trials),
    }
    (out / "summary.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")


def _options(task: Task, data: Path, out: Path, frame: "pd.DataFrame") -> Options:
    special = {task.target, task.time, *task.series}
    columns = [] if task.unknown is None else list(map(str, frame.columns))
    return Options(
        target=task.target,
        problem=_PROBLEMS[task.kind],
        classes=task.kind == "Classification",
        metric=task.metric,
        positive=task.positive if _is_binary(task, frame) else None,
        metrics=task.metrics,
        timeout=task.timeout,
        trial_timeout=task.trial_timeout,
        max_trials=task.max_trials,
        exit_score=None if task.exit_score is None else task.as_score(task.exit_score),
        allow=tuple(sorted(task.allowed)),
        block=tuple(sorted(task.blocked)),
        time_column=task.time,
        group_column=task.series,
        horizon=task.horizon,
        weight_column=task.weights,
        include=tuple(name for name in columns if name not in special | (task.unknown or frozenset())),
        validation=_validation(task, data, len(frame)),
        test=_table(data / "test_data"),
        parallel=task.parallel,
        # Without a number of trials, a short list is a first try's idea of AutoML.
        search=task.max_trials is not None,
        ensemble=task.ensemble,
        out=out / "run",
        engine=ENGINE,
    )


def _is_binary(task: Task, frame: "pd.DataFrame") -> bool:
    """Whether the target has two classes: of more, Azure takes a positive label as well."""
    return task.target in frame and frame[task.target].nunique() == _BINARY


def _validation(task: Task, data: Path, rows: int) -> str:
    table = _table(data / "validation_data")
    if table is not None:
        return str(table)
    if task.folds is not None:
        return str(task.folds)
    if task.validation_size:
        return str(task.validation_size)
    if task.kind == "Forecasting":
        return "auto"
    if rows > _MANY_ROWS:
        return _HELD_OUT
    return _FOLDS_FOR_FEW if rows < _FEW_ROWS else _FOLDS


def _table(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

"""`python -m localazure.automl TASK.json DATA_DIR OUT_DIR`: the process of an AutoML job.

Reads the task (Azure's taskDetails) and the tables, tries the candidates, and leaves `mlflow-model/` and
`summary.json` in OUT_DIR; or `error.txt`, one sentence, and exit code 2.
"""

import json
import logging
import os
import sys
from pathlib import Path

from localazure.automl import ENGINE, candidates, dataset
from localazure.automl.errors import AutoMLError
from localazure.automl.search import Result, search
from localazure.automl.task import Task, parse
from localazure.automl.tracking import JobRun
from localazure.automl.trials import Trial, fit, judge, spread_of

_LOGGER = logging.getLogger("localazure.automl")


def main(task_file: Path, data: Path, out: Path) -> int:
    """Run the task; the exit code for the operating system."""
    out.mkdir(parents=True, exist_ok=True)
    # Two lines of links a trial would bury the scores.
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
    try:
        _run(parse(json.loads(task_file.read_text(encoding="utf-8"))), data, out)
    except AutoMLError as error:
        (out / "error.txt").write_text(str(error), encoding="utf-8")
        return error.exit_code
    return 0


def _run(task: Task, folder: Path, out: Path) -> None:
    _say(f"This is {ENGINE}: scikit-learn pipelines on this machine, not Azure's AutoML engine.")
    data = dataset.load(task, folder)
    choice = candidates.choose(task, len(data.train.target))
    for notice in (*task.notices, *data.notices, *choice.notices):
        _say(notice)
    rows, columns = data.train.features.shape
    _say(f"{task.kind} of {task.target}: {rows} rows, {columns} columns, judged by {task.metric} on {data.split_name}.")
    log = _TrialLog(task, JobRun.of_environment())
    result = search(task, choice.candidates, data, log.add)
    _finish(task, data, result, log, out)


def _finish(task: Task, data: dataset.Dataset, result: Result, log: "_TrialLog", out: Path) -> None:
    from localazure.automl.model import save_model

    best = result.best
    score = best.metrics[task.metric]
    _say(f"Ended because {result.reason}. Best: {best.candidate.algorithm}, {task.metric} {score:.4f}.")
    pipeline = fit(best.candidate, data, data.train)
    metrics = dict(best.metrics)
    if data.test is not None:
        tested = judge(task, pipeline, data.test, spread_of(task, data.train.target))
        _say(f"On the test data: {task.metric} {tested[task.metric]:.4f}.")
        metrics |= {f"test_{name}": value for name, value in tested.items()}
    save_model(pipeline, data.train.features, out / "mlflow-model")
    log.add_best(best, metrics)
    summary = {
        "engine": ENGINE,
        "best_algorithm": best.candidate.algorithm,
        "best_child_run_id": log.run_ids.get(best.candidate.algorithm, ""),
        "primary_metric": task.metric,
        "best_score": score,
        "trials": len(result.trials),
    }
    (out / "summary.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")


class _TrialLog:
    """Tells of each trial: a line in the log, and a child run where there is an MLflow server."""

    def __init__(self, task: Task, run: JobRun | None) -> None:
        self._task = task
        self._run = run
        self.run_ids: dict[str, str] = {}
        self._count = 0

    def add(self, trial: Trial, is_best: bool) -> None:  # noqa: FBT001 - the search's own callback
        self._count += 1
        name = trial.candidate.algorithm
        if trial.error is None:
            told = f"{self._task.metric} {trial.metrics[self._task.metric]:.4f}{'  best so far' * is_best}"
        else:
            told = f"failed: {trial.error}"
        _say(f"Trial {self._count}: {name:<20} {trial.seconds:6.1f} s  {told}")
        if self._run is not None:
            self.run_ids[name] = self._run.add_trial(self._count, trial)

    def add_best(self, best: Trial, metrics: dict[str, float]) -> None:
        if self._run is not None:
            self._run.add_best(self.run_ids[best.candidate.algorithm], metrics)


def _say(line: str) -> None:
    _LOGGER.info(line)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    _LOGGER.setLevel(logging.INFO)
    sys.exit(main(*map(Path, sys.argv[1:])))

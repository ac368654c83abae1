"""What logging a search to MLflow costs: the CPU time of logging, beside the time of the whole run.

    python -m benchmarks.automl.logging_share [--trials 250] [--data digits] [--target target]

Counted is what every thread but the main one works while trials run (the log's own, and the store's that it writes
through), and what the main one works to end the log, the model's files included. What is imported is imported before:
a run imports MLflow without tracking, too, to save its model.
"""

import argparse
import resource
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import mlflow.sklearn  # noqa: F401 - see above

from workspace_jobs.automl import engine
from workspace_jobs.automl.api import run
from workspace_jobs.automl.run_folder import Outcome, RunFolder
from workspace_jobs.automl.tracking import RunLog, Tracking
from workspace_jobs.tracking.buffer import flush_all


@dataclass(frozen=True)
class Measured:
    """Seconds: of the clock, of every core together, and of logging."""

    wall: float
    cpu: float
    logging: float


class _Timed(RunLog):
    """Counts what ending the log takes."""

    ending = 0.0

    def finish(self, folder: RunFolder, outcome: Outcome, seconds_left: float) -> None:
        """As the log does it."""
        began = time.thread_time()
        super().finish(folder, outcome, seconds_left)
        _Timed.ending = time.thread_time() - began


def main() -> None:
    """Measure one run, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=250)
    parser.add_argument("--data", default="digits")
    parser.add_argument("--target", default="target")
    asked = parser.parse_args()
    vars(engine)["RunLog"] = _Timed
    with tempfile.TemporaryDirectory() as folder:
        warm_up, measured = (
            _measure(asked.data, asked.target, trials, Path(folder) / str(trials)) for trials in (1, asked.trials)
        )
    print(f"{asked.trials} trials: {measured.wall:.1f} s, {measured.cpu:.1f} CPU seconds")
    shares = (
        f"{measured.logging / measured.wall:.2%} of the run's time, {measured.logging / measured.cpu:.2%} of its work"
    )
    print(f"logging: {measured.logging:.2f} CPU seconds, {shares}")
    print(f"of a run of one trial, in the same process before: {warm_up.logging:.2f} CPU seconds")


def _measure(data: str, target: str, trials: int, folder: Path) -> Measured:
    assert threading.current_thread() is threading.main_thread()
    began, worked, alone, children = time.perf_counter(), time.process_time(), time.thread_time(), _of_children()
    run(data, target, max_trials=trials, out=folder, tracking=Tracking(f"sqlite:///{folder}.db", "logging-share"))
    flush_all()  # what the store has not got yet is part of it
    wall, own = time.perf_counter() - began, time.process_time() - worked
    others = own - (time.thread_time() - alone)
    return Measured(wall, own + _of_children() - children, others + _Timed.ending)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()

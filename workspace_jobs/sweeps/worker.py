"""A warm process that runs one trial after another: imports are paid for once."""

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.logging_policy import apply, policy_of_environment
from workspace_jobs.sweeps.code import Code, code_of, mentions_mlflow
from workspace_jobs.sweeps.messages import FAILED, KILLED, Assignment, Ending, Ready, Report, Result, Task
from workspace_jobs.sweeps.reporting import EndedEarlyError, watch_metric
from workspace_jobs.sweeps.trial_run import CurrentTrial, completed_run, uses_mlflow, watch_runs

# What BLAS and OpenMP read, once, as they load.
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
_LONGEST_OUTPUT = 100_000
# What a tag can hold, with every server.
_LONGEST_ERROR = 1_000


def main(connection: Connection, assignment: Assignment) -> None:
    """Load the code, say so, and run trials until the coordinator has none left, or is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _enter(assignment)
    worker = _Worker(assignment, connection)
    try:
        code = worker.load()
    except JobsError as error:
        connection.send(Ready(str(error)))
        return
    except BaseException as error:
        from workspace_jobs.training.launch.target import traceback_of

        sys.stderr.write(traceback_of(error))
        connection.send(Ready(f"{assignment.file} cannot be loaded: {type(error).__name__}: {error}"))
        return
    connection.send(Ready())
    while (task := connection.recv()) is not None:
        connection.send(worker.run(code, task))


class _Worker:
    def __init__(self, assignment: Assignment, connection: Connection) -> None:
        self._assignment = assignment
        self._connection = connection
        self._current = CurrentTrial(assignment.parent)
        self._watches = False
        self._is_under_way = False

    def load(self) -> Code:
        given = self._assignment
        if not given.function or given.is_judged or mentions_mlflow(given.file):
            self._prepare_mlflow()
        code = code_of(given)
        if uses_mlflow():
            self._prepare_mlflow()
        return code

    def run(self, code: Code, task: Task) -> Result:
        self._current.begin(task.number)
        before = _log_size()
        started = _now()
        self._is_under_way = True
        metrics, ending = _attempt(code, task)
        self._is_under_way = False
        ended = _now()
        run_id = ""
        if self._current.has_run:
            run = completed_run(self._current, task.parameters, metrics, ending)
            run_id, metrics = run.info.run_id, run.data.metrics
        after = _log_size()
        output = _log_since(Path(self._assignment.log), before) if ending.status == FAILED else ""
        return Result(task.number, task.parameters, started, ended, ending, metrics, output, run_id, after)

    def _report(self, run_id: str, value: float) -> None:
        """Ask whether the trial goes on. A thread of its own is not asked for: it could not end the trial."""
        is_main = threading.current_thread() is threading.main_thread()
        if not (self._is_under_way and is_main and self._current.owns(run_id)):
            return
        try:
            self._connection.send(Report(self._current.number, value))
            why = self._connection.recv()
        except (EOFError, OSError):
            # The coordinator is gone, and that is no failure of the trial's.
            os._exit(1)
        if why:
            raise EndedEarlyError(why)

    def _prepare_mlflow(self) -> None:
        """Put runs of the code where the sweep is, and log what the workspace's policy says of scripts."""
        if self._watches:
            return
        import mlflow

        from workspace_jobs.training.launch.execution import enable_fast_stores
        from workspace_jobs.training.launch.pinning import pin_the_run

        enable_fast_stores()
        watch_runs(self._current)
        pin_the_run(os.environ["MLFLOW_EXPERIMENT_ID"])
        if self._assignment.is_judged:
            watch_metric(self._assignment.metric, self._report)
        policy = policy_of_environment()
        # A function says by what it returns what there is to log.
        if policy is not None and not self._assignment.function:
            apply(policy)
        assert mlflow.get_tracking_uri() == os.environ["MLFLOW_TRACKING_URI"]
        self._watches = True


def _enter(assignment: Assignment) -> None:
    """Take the sweep's environment, folder and log; nothing heavy is imported yet."""
    # Ctrl-C is the coordinator's to hear.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(assignment.environment)
    for name in _THREAD_VARIABLES:
        os.environ.setdefault(name, str(assignment.threads))
    os.chdir(assignment.folder)
    log = os.open(assignment.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        stream.flush()
        os.dup2(log, stream.fileno())
        stream.reconfigure(write_through=True)


def _attempt(code: Code, task: Task) -> tuple[Mapping[str, float], Ending]:
    """What the trial measured, and how it ended."""
    from workspace_jobs.training.launch.target import traceback_of

    try:
        return code(task.parameters), Ending()
    except EndedEarlyError as why:
        return {}, Ending(KILLED, str(why))
    except BaseException as error:
        sys.stderr.write(traceback_of(error))
        return {}, Ending(FAILED, f"{type(error).__name__}: {error}".splitlines()[0][:_LONGEST_ERROR])


def _end_with_parent() -> None:
    """A coordinator that was killed takes its workers along: nobody would hear their results."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _log_size() -> int:
    return os.fstat(sys.stdout.fileno()).st_size


def _log_since(path: Path, position: int) -> str:
    with path.open("rb") as file:
        file.seek(position)
        return file.read()[-_LONGEST_OUTPUT:].decode(errors="replace")


def _now() -> int:
    return int(time.time() * 1000)

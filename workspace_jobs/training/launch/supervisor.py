"""Looks after the process of the code: shows what it prints, passes signals on, records a death without a word."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from workspace_jobs.errors import JobsError
from workspace_jobs.training.launch.folder import LaunchFolder, Outcome
from workspace_jobs.training.launch.provenance import write_provenance
from workspace_jobs.training.launch.spec import LaunchSpec

_POLL_SECONDS = 0.05
# How long code has to end after it was asked to.
_GRACE_SECONDS = 30.0
_ROOT = str(Path(__file__).resolve().parents[3])
# Ours first while it is loaded, whatever other mlws is installed; `execution` then puts it last.
_BOOT = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1));"
    "runpy.run_module('workspace_jobs.training.launch.execution', run_name='__main__', alter_sys=True)"
)


class LaunchError(JobsError):
    """The code never became a run: MLflow's store cannot be written, or the interpreter does not start."""

    exit_code = 1


@dataclass
class _Signals:
    """What was asked of this process since it began to wait."""

    last: int = 0
    asked: float = 0.0

    def take(self, signum: int, frame: FrameType | None) -> None:
        self.last, self.asked = signum, time.monotonic()


@dataclass
class _Follower:
    """Shows a file as it grows."""

    source: BinaryIO
    to: BinaryIO

    def show(self) -> None:
        while chunk := self.source.read(1 << 16):
            self.to.write(chunk)
        self.to.flush()


def supervise(spec: LaunchSpec, environment: Mapping[str, str], out: BinaryIO, err: BinaryIO) -> Outcome:
    """Run the job and return how it ended; what the code prints goes to `out` and `err` as it comes.

    `environment` is the code's. SIGINT and SIGTERM are passed on, and end the run as KILLED.
    Raises LaunchError where there is no run.
    """
    with _folder(spec) as folder:
        with folder.stdout.open("wb") as stdout, folder.stderr.open("wb") as stderr, _signals() as signals:
            process = _start(folder, spec, environment, stdout, stderr)
            # While the code's process imports MLflow.
            write_provenance(spec, folder.artifacts)
            with folder.stdout.open("rb") as from_stdout, folder.stderr.open("rb") as from_stderr:
                followers = (_Follower(from_stdout, out), _Follower(from_stderr, err))
                code = _wait(process, followers, signals)
            outcome = folder.outcome()
        if outcome is None:
            raise LaunchError(f"{spec.target.name} was not started as a run: what is printed above says why")
        return outcome if outcome.status else _record_death(folder, outcome, environment, code, signals)


@contextmanager
def _folder(spec: LaunchSpec) -> Iterator[LaunchFolder]:
    folder = LaunchFolder(Path(tempfile.mkdtemp(prefix="mlws-launch-")))
    try:
        folder.stdout.parent.mkdir(parents=True)
        spec.write(folder.spec_file)
        yield folder
    finally:
        shutil.rmtree(folder.path, ignore_errors=True)


@contextmanager
def _signals() -> Iterator[_Signals]:
    signals = _Signals()
    before = {number: signal.signal(number, signals.take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(
    folder: LaunchFolder, spec: LaunchSpec, environment: Mapping[str, str], out: BinaryIO, err: BinaryIO
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _BOOT, _ROOT, str(folder.path)],
        cwd=spec.root,
        # MLflow would print two addresses whenever a run ends.
        env={"MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true", **environment, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )


def _wait(process: "subprocess.Popen[bytes]", followers: tuple[_Follower, ...], signals: _Signals) -> int:
    passed_on = 0.0
    try:
        while (code := process.poll()) is None:
            if signals.asked > passed_on:
                passed_on = signals.asked
                process.send_signal(signals.last)
            if passed_on and time.monotonic() > passed_on + _GRACE_SECONDS:
                process.kill()
            for follower in followers:
                follower.show()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
        return code
    finally:
        # Whatever the code has started ends with it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for follower in followers:
            follower.show()


def _record_death(
    folder: LaunchFolder, known: Outcome, environment: Mapping[str, str], code: int, signals: _Signals
) -> Outcome:
    """End a run whose process was killed: a crash of the interpreter, too little memory, a `kill -9`."""
    os.environ.update({name: value for name, value in environment.items() if name.startswith("MLFLOW_")})
    from mlflow import MlflowClient

    from workspace_jobs.training.launch.execution import enable_fast_stores
    from workspace_jobs.training.launch.recording import complete, outcome_of

    enable_fast_stores()
    client = MlflowClient(known.tracking_uri)
    how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    status = "KILLED" if signals.last else "FAILED"
    complete(LaunchSpec.read(folder.spec_file), known.run_id, status, folder, client)
    ended = outcome_of(client.get_run(known.run_id), known.experiment, known.tracking_uri)
    return replace(ended, error=f"its process ended {how}")

"""Follows a job: its live log, the end of its log where it failed, its cancellation."""

import contextlib
import io
import json
import tempfile
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TextIO

from workspace_jobs.azure_errors import azure_errors, reason
from workspace_jobs.connection import Workspace
from workspace_jobs.errors import JobFailedError, JobsError
from workspace_jobs.jobs.records import TERMINAL, get_job, status_of

LOG_NAMES = ("std_log.txt", "std_log_process_0.txt", "70_driver_log.txt")
# What the SDK writes over each log that it streams.
LOG_HEADING = "Streaming "
LOG_TAIL_LINES = 20
SETTLING_SECONDS = 120.0


class Followed(Enum):
    """How following a job ended."""

    COMPLETED = "completed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class LogTail:
    """The last lines of a job's log, or all of them."""

    file: str
    lines: tuple[str, ...]


def stream(workspace: Workspace, name: str, *, to: TextIO) -> Followed:
    """Write the job's log to `to` as it comes, until the job ends or the user presses Ctrl-C.

    Raises JobFailedError where the job failed or was cancelled; an interruption leaves the job running.
    """
    get_job(workspace, name)
    failure = ""
    try:
        streamed = _Streamed(to)
        with azure_errors(f"stream the log of job `{name}`"), contextlib.redirect_stdout(streamed):
            failure = _stream(workspace, name)
        status = _final_status(workspace, name)
        if not streamed.any_log:
            _write_log(workspace, name, to)
    except KeyboardInterrupt:
        return Followed.INTERRUPTED
    if failure or status == "Failed":
        raise JobFailedError(f"job `{name}` failed{': ' if failure else ''}{failure}: see `mlws jobs download {name}`")
    if status != "Completed":
        raise JobFailedError(f"job `{name}` ended as {status}: submit it again, or see `mlws jobs show {name}`")
    return Followed.COMPLETED


def log_tail(workspace: Workspace, name: str) -> LogTail | None:
    """Return the end of an ended job's log, or None where it left none."""
    log = _read_log(workspace, name)
    return LogTail(log.file, log.lines[-LOG_TAIL_LINES:]) if log else None


def cancel(workspace: Workspace, name: str) -> str:
    """Cancel the job and return its status. Raises JobsError where it has ended otherwise already."""
    status = status_of(get_job(workspace, name))
    if status in TERMINAL and status != "Canceled":
        raise JobsError(f"job `{name}` is {status} already: there is nothing to cancel")
    if status != "Canceled":
        with azure_errors(f"cancel job `{name}`"):
            workspace.ml_client.jobs.begin_cancel(name).result()
    return _final_status(workspace, name, until=TERMINAL | {"CancelRequested"})


class _Streamed(io.StringIO):
    """Passes on what the SDK writes, and notices whether there was a log in it and not just the job's address."""

    def __init__(self, to: TextIO) -> None:
        super().__init__()
        self._to = to
        self.any_log = False

    def write(self, text: str, /) -> int:
        self.any_log = self.any_log or text.startswith(LOG_HEADING)
        return self._to.write(text)

    def flush(self) -> None:
        self._to.flush()


def _write_log(workspace: Workspace, name: str, to: TextIO) -> None:
    """Write the whole log of a job that had ended before the SDK looked: it streams none of such a job."""
    log = _read_log(workspace, name)
    if log:
        to.write("\n".join((f"{LOG_HEADING}{log.file}", "", *log.lines, "", "")))


def _read_log(workspace: Workspace, name: str) -> LogTail | None:
    with tempfile.TemporaryDirectory(prefix="mlws-log-") as scratch:
        with azure_errors(f"download the log of job `{name}`"), contextlib.redirect_stdout(io.StringIO()):
            workspace.ml_client.jobs.download(name, download_path=scratch)
        logs = [path for path in sorted(Path(scratch).rglob("*.txt")) if path.name in LOG_NAMES]
        if not logs:
            return None
        return LogTail(logs[0].name, tuple(logs[0].read_text(encoding="utf-8", errors="replace").splitlines()))


def _stream(workspace: Workspace, name: str) -> str:
    """Stream until the end; return why the job failed, or nothing. Raises KeyboardInterrupt."""
    from azure.ai.ml.exceptions import JobException

    try:
        workspace.ml_client.jobs.stream(name)
    except JobException as error:
        # The SDK turns both a failed job and Ctrl-C into this.
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        return _failure(str(error))
    return ""


def _final_status(workspace: Workspace, name: str, until: frozenset[str] = TERMINAL) -> str:
    """Wait for the job to settle: its log ends, and its cancellation is accepted, a little before it does."""
    patience = time.monotonic() + SETTLING_SECONDS
    while True:
        status = status_of(get_job(workspace, name))
        if status in until or time.monotonic() > patience:
            return status
        time.sleep(0.5)


def _failure(message: str) -> str:
    """Take the service's own words out of the JSON that the SDK raises."""
    start, end = message.find("{"), message.rfind("}")
    try:
        answer = json.loads(message[start : end + 1])
    except json.JSONDecodeError:
        return "it gave no reason"
    error = answer.get("error", answer) if isinstance(answer, dict) else {}
    return reason(str(error.get("message") or "it gave no reason"))

"""Runs one long command of set-up: output to a log file, progress to the reporter, failure to a sentence."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.setup.errors import SetupError
from tools.setup.progress import Reporter, Ticker

_TICK_SECONDS = 0.2
_ERROR = re.compile(r"(npm )?error\b", re.IGNORECASE)


@dataclass(frozen=True)
class Command:
    """What to run, and what to tell a person when it fails."""

    stage: str
    arguments: Sequence[str | Path]
    advice: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float | None = None
    detail: Callable[[Path], str] = lambda _log: ""


def run(command: Command, log: Path, reporter: Reporter) -> None:
    """Run to the end. Raises SetupError with advice and the log's place when it fails or takes too long."""
    log.parent.mkdir(parents=True, exist_ok=True)
    ticker = Ticker(reporter, command.stage)
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                [os.fspath(argument) for argument in command.arguments],
                cwd=command.folder,
                env={**os.environ, **command.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as problem:
            raise SetupError(f"{command.stage} failed ({problem.strerror}): {command.advice}.") from None
        try:
            status = _wait(process, command, log, ticker)
        except BaseException:
            _end(process)
            raise
        finally:
            reporter.clear()
    if status != 0:
        raise SetupError(f"{command.stage} failed ({_reason(log)}): {command.advice}; the full log is {log}.")
    ticker.done()


def _wait(process: subprocess.Popen[bytes], command: Command, log: Path, ticker: Ticker) -> int:
    while True:
        try:
            return process.wait(_TICK_SECONDS)
        except subprocess.TimeoutExpired:
            if command.timeout_seconds is not None and ticker.elapsed > command.timeout_seconds:
                raise SetupError(
                    f"{command.stage} took more than {command.timeout_seconds:.0f} s: {command.advice}."
                ) from None
            ticker.tick(command.detail(log))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and what it started: it leads a process group of its own."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    except ProcessLookupError:
        pass


def _reason(log: Path) -> str:
    """The line of the log that says why: the first that calls itself an error, else the last."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    reason = (errors or lines[-1:] or ["it said nothing"])[0]
    return reason[:200].rstrip(".")

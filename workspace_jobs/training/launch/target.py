"""Runs a script or a module as `python script.py` would: as `__main__`, with its arguments and its own folder first."""

import os
import runpy
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from workspace_jobs.training.launch.spec import Target

_OURS = str(Path(__file__).resolve().parents[2])


def run_as_main(target: Target, arguments: Sequence[str]) -> None:
    """Run the code to its end. Whatever it raises goes on its way, SystemExit and KeyboardInterrupt included."""
    with _invoked(target, arguments):
        if target.is_module:
            runpy.run_module(target.name, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(target.name, run_name="__main__")


def exit_code_of(stop: SystemExit) -> int:
    """The exit code that Python would end with, and its message, if it has one, on stderr."""
    if stop.code is None:
        return 0
    if isinstance(stop.code, int):
        return stop.code
    sys.stderr.write(f"{stop.code}\n")
    return 1


def traceback_of(error: BaseException) -> str:
    """The traceback as the script alone would have printed it, without the launcher's frames."""
    return "".join(traceback.format_exception(type(error), error, _first_of_script(error.__traceback__)))


@contextmanager
def _invoked(target: Target, arguments: Sequence[str]) -> Iterator[None]:
    argv, path = sys.argv[:], sys.path[:]
    sys.argv[:] = [target.name, *arguments]
    sys.path.insert(0, os.getcwd() if target.is_module else os.path.dirname(os.path.abspath(target.name)))  # noqa: PTH100, PTH109, PTH120 - as Python does
    try:
        yield
    finally:
        sys.argv[:], sys.path[:] = argv, path


def _first_of_script(trace: TracebackType | None) -> TracebackType | None:
    first = trace
    while first is not None and _is_launchers(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    # A script that cannot be compiled has no frame of its own.
    return first


def _is_launchers(filename: str) -> bool:
    return filename.startswith((_OURS, "<frozen ")) or filename == runpy.__file__

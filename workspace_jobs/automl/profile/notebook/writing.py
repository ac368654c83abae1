"""Puts the notebook together, runs it, and writes it with its outputs."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.profile.notebook import cells
from workspace_jobs.automl.profile.profiling import Profile
from workspace_jobs.automl.profile.table import MAX_ROWS

if TYPE_CHECKING:
    from nbformat import NotebookNode

_SECONDS_A_CELL: Final = 600
_MOST_COLUMNS: Final = 300
_KERNEL: Final = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True)
class Sources:
    """What the profile was made of, as the command line takes it: tables by path or name, and the group column."""

    data: str
    test: str | None = None
    group: str | None = None


def write_notebook(profile: Profile, sources: Sources, path: Path) -> None:
    """Write the notebook that recomputes the profile, executed, to `path`.

    Raises:
        AutoMLError: what runs notebooks is not installed, or a cell failed; then nothing is written.
    """
    try:
        import nbformat
    except ModuleNotFoundError as error:
        raise AutoMLError(f"a notebook needs {error.name}: install mlws[automl], or leave --notebook out") from error
    notebook = nbformat.from_dict(_notebook(profile, sources, path.resolve().parent))
    _run(notebook, path.resolve().parent)
    written = nbformat.writes(notebook).encode("utf-8", "backslashreplace")
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(written)
    draft.replace(path)


def _run(notebook: "NotebookNode", folder: Path) -> None:
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellControlSignal
        from traitlets.config import Config
    except ModuleNotFoundError as error:
        raise AutoMLError(f"a notebook needs {error.name}: install mlws[automl], or leave --notebook out") from error
    place = {"metadata": {"path": str(folder)}}
    try:
        with TemporaryDirectory() as sockets:
            # Sockets that nobody else on the machine can reach, where there are such.
            private = {} if sys.platform == "win32" else {"transport": "ipc", "ip": f"{sockets}/kernel"}
            config = Config({"KernelManager": private})
            NotebookClient(notebook, config=config, timeout=_SECONDS_A_CELL, resources=place).execute()
    except (CellControlSignal, RuntimeError) as error:
        last = str(error).strip().rpartition("\n")[2]
        raise AutoMLError(f"the notebook can't be run, and is not written: {last}") from error


def _notebook(profile: Profile, sources: Sources, folder: Path) -> dict[str, object]:
    more = [cells.GROUPS] if sources.group is not None else []
    more += [cells.SHIFT] if sources.test is not None else []
    pairs = ((_opening(profile, sources), _loading(profile, sources, folder)), *cells.ALWAYS, *more)
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": _KERNEL},
        "cells": [cell for number, pair in enumerate(pairs) for cell in _cells(number, *pair)],
    }


def _cells(number: int, asked: str, code: str) -> tuple[dict[str, object], dict[str, object]]:
    """A question and its answer. Random ids would make each notebook differ from the last."""
    question: dict[str, object] = {"cell_type": "markdown", "id": f"question-{number}", "metadata": {}, "source": asked}
    answer = {"cell_type": "code", "id": f"answer-{number}", "metadata": {}, "source": code}
    return question, {**answer, "execution_count": None, "outputs": []}


def _opening(profile: Profile, sources: Sources) -> str:
    """What was found, so that the cells below can be read with it in mind."""
    found = [f"- **{one.severity} {one.id}**: {one.message}. *{one.advice}.*" for one in profile.alerts]
    lines = [f"# {Path(sources.data).name}", f"{profile.verdict[0].upper()}{profile.verdict[1:]}."]
    lines += ["\n".join(found)] if found else []
    return "\n\n".join([*lines, "The cells below find this out in plain pandas: change them where your data differs."])


def _loading(profile: Profile, sources: Sources, folder: Path) -> str:
    test = f"tables.read({_written(sources.test, folder)!r})" if sources.test is not None else "None"
    return f"""import warnings

import numpy as np
import pandas as pd

from workspace_jobs.automl import tables

frame = tables.read({_written(sources.data, folder)!r})
test = {test}
target, problem, group = {profile.target!r}, {profile.problem!r}, {sources.group!r}
if len(frame) > {MAX_ROWS:_}:
    frame = frame.sample({MAX_ROWS:_}, random_state=0)
features = [name for name in frame if name not in (target, group)]
MOST = {_MOST_COLUMNS}  # columns at most where a cell would take long
frame.head()"""


def _written(source: str, folder: Path) -> str:
    """A path as seen from the notebook's folder, which may move with its data; the name of a data set as it is."""
    return os.path.relpath(source, folder) if Path(source).exists() else source

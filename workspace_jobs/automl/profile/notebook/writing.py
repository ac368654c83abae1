"""The cells of the exploration: what was found, and the pandas that finds it again."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workspace_jobs.automl.notebook_file import Cell, write_notebook
from workspace_jobs.automl.profile.notebook import cells
from workspace_jobs.automl.profile.profiling import Profile
from workspace_jobs.automl.profile.table import MAX_ROWS

_MOST_COLUMNS: Final = 300


@dataclass(frozen=True)
class Sources:
    """What the profile was made of, as the command line takes it: tables by path or name, and the group column."""

    data: str
    test: str | None = None
    group: str | None = None


def write_exploration(profile: Profile, sources: Sources, path: Path) -> None:
    """Write the notebook that recomputes the profile, executed, to `path`.

    Raises:
        AutoMLError: what runs notebooks is not installed, or a cell failed; then nothing is written.
    """
    more = [cells.GROUPS] if sources.group is not None else []
    more += [cells.SHIFT] if sources.test is not None else []
    folder = path.resolve().parent
    pairs = ((_opening(profile, sources), _loading(profile, sources, folder)), *cells.ALWAYS, *more)
    write_notebook([cell for pair in pairs for cell in _cells(*pair)], path, executed=True)


def _cells(asked: str, code: str) -> tuple[Cell, Cell]:
    return Cell("markdown", asked), Cell("code", code)


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

from workspace_jobs.automl.data import tables

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

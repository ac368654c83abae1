"""Runs as a table that fits the terminal: parameters and metrics are columns, those of the most runs first."""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workspace_jobs.presentation import text_of
from workspace_jobs.runs.records import Run, moment

ID_LENGTH = 8
_GAP = 2
_WIDEST = 24
_OF_THE_MACHINE = "metrics.system/"


@dataclass(frozen=True)
class Table:
    """Columns and rows of text, and the keys that found no room."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    left_out: tuple[str, ...]


def run_table(
    runs: Sequence[Run],
    first: Sequence[str] = (),
    width: int | None = None,
    experiments: Mapping[str, str] | None = None,
) -> Table:
    """Lay out runs in `width` characters, by default the terminal's; keys in `first` (`metrics.rmse`) come first.

    Where all runs have the same value, the column comes last: it tells none of them apart. Last of all is what MLflow
    measures of the machine. Runs of several experiments tell theirs, by the names in `experiments` (id -> name).
    """
    width = width or shutil.get_terminal_size((100, 24)).columns
    columns = [
        ("RUN", [run.id[:ID_LENGTH] for run in runs]),
        ("NAME", [_short(run.name) for run in runs]),
        ("STATUS", [run.status if run.stage == "active" else "DELETED" for run in runs]),
        ("STARTED", [text_of(moment(run.started)) for run in runs]),
    ]
    ids = [run.experiment_id for run in runs]
    if experiments and len(set(ids)) > 1:
        columns.insert(1, ("EXPERIMENT", [_short(experiments.get(one, one)) for one in ids]))
    room = width - sum(_width(column) for column in columns)
    left_out = []
    for key in _keys(runs, first):
        column = (key.partition(".")[2], [_cell(run, key) for run in runs])
        if _width(column) <= room:
            columns.append(column)
            room -= _width(column)
        else:
            left_out.append(key)
    rows = list(zip(*(cells for _, cells in columns), strict=True))
    return Table(tuple(name for name, _ in columns), rows, tuple(left_out))


def differing(runs: Sequence[Run]) -> list[str]:
    """The parameters and metrics, as `params.KEY` and `metrics.KEY`, that not all runs have alike.

    Parameters come first, what MLflow measures of the machine last, and each sorted.
    """

    def rank(key: str) -> tuple[bool, bool, str]:
        return key.startswith("metrics."), key.startswith(_OF_THE_MACHINE), key

    return [key for key in sorted(_coverage(runs), key=rank) if len({_cell(run, key) for run in runs}) > 1]


def value_of(run: Run, key: str) -> str | float | None:
    """The run's value of `params.KEY` or `metrics.KEY`."""
    kind, _, name = key.partition(".")
    return run.metrics.get(name) if kind == "metrics" else run.params.get(name)


def _keys(runs: Sequence[Run], first: Sequence[str]) -> list[str]:
    coverage = _coverage(runs)
    varied = set(differing(runs))

    def rank(key: str) -> tuple[bool, bool, bool, int, bool, str]:
        return (
            key not in first,
            key.startswith(_OF_THE_MACHINE),
            key not in varied,
            -coverage[key],
            key.startswith("params."),
            key,
        )

    return sorted(coverage, key=rank)


def _coverage(runs: Sequence[Run]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for run in runs:
        counted.update(f"params.{key}" for key in run.params)
        counted.update(f"metrics.{key}" for key in run.metrics)
    return counted


def _cell(run: Run, key: str) -> str:
    return _short(text_of(value_of(run, key)))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _width(column: tuple[str, list[str]]) -> int:
    name, cells = column
    return _GAP + max(len(name), *map(len, cells), 0)

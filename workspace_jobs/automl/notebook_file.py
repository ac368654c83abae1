"""A notebook as a list of cells, executed or not, written in one step."""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from workspace_jobs.automl.errors import AutoMLError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_SECONDS_A_CELL: Final = 600
_KERNEL: Final = {"name": "python3", "display_name": "Python 3", "language": "python"}


class Cell(NamedTuple):
    """A cell: `text` is Markdown, or Python."""

    kind: Literal["markdown", "code"]
    text: str


def write_notebook(cells: Sequence[Cell], file: Path, *, executed: bool = False) -> Path:
    """Write the cells as a notebook; with `executed`, run in its folder and with its outputs.

    Raises AutoMLError where what writes or runs notebooks is not installed, or a cell failed; then nothing is written.
    """
    try:
        import nbformat
    except ModuleNotFoundError as error:
        raise _not_installed(error) from error
    notebook = nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": _KERNEL},
            "cells": [_cell(number, cell) for number, cell in enumerate(cells)],
        }
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    if executed:
        _run(notebook, file.resolve().parent)
    nbformat.validate(notebook)
    draft = file.with_name(f".{file.name}.draft")
    draft.write_bytes(f"{nbformat.writes(notebook)}\n".encode("utf-8", "backslashreplace"))
    draft.replace(file)
    return file


def _cell(number: int, cell: Cell) -> dict[str, object]:
    # Random ids would make each notebook differ from the last.
    common: dict[str, object] = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.text.strip(),
    }
    return common if cell.kind == "markdown" else {**common, "execution_count": None, "outputs": []}


def _run(notebook: "NotebookNode", folder: Path) -> None:
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellControlSignal
        from traitlets.config import Config
    except ModuleNotFoundError as error:
        raise _not_installed(error) from error
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


def _not_installed(error: ModuleNotFoundError) -> AutoMLError:
    return AutoMLError(f"a notebook needs {error.name}: install mlws[automl]")

"""A notebook as a list of cells, written in one step."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import nbformat


class Cell(NamedTuple):
    """A cell: `text` is Markdown, or Python."""

    kind: Literal["markdown", "code"]
    text: str


def write_notebook(cells: Sequence[Cell], file: Path) -> Path:
    """Write the cells as a notebook that has not been run."""
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [_cell(number, cell) for number, cell in enumerate(cells)],
    }
    nbformat.validate(notebook)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(file)
    return file


def _cell(number: int, cell: Cell) -> dict[str, object]:
    common: dict[str, object] = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.text.strip(),
    }
    return common if cell.kind == "markdown" else {**common, "execution_count": None, "outputs": []}

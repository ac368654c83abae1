"""What mistakes cost, as a person writes it: `fn=5,fp=1` for two classes, or a YAML file or mapping of classes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from workspace_jobs.automl.decisions.thresholds import cost_matrix
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.errors import nearest

Costs = str | Path | Mapping[str, Any]
# The cells of a confusion matrix of two classes: (true, predicted).
_CELLS = {"tn": (0, 0), "fp": (0, 1), "fn": (1, 0), "tp": (1, 1)}
_BINARY = 2


def read_costs(asked: Costs, classes: Sequence[object]) -> NDArray[np.float64]:
    """The matrix `costs[true][predicted]`, shape (n_classes, n_classes).

    A mistake that is not named costs 1, being right nothing. Raises AutoMLError for what is no cost of these classes.
    """
    named, told = _named(asked)
    matrix = 1 - np.eye(len(classes))
    if set(named) <= set(_CELLS):
        if len(classes) != _BINARY:
            raise AutoMLError(f"{told}: {', '.join(named)} is of two classes, and this target has {len(classes)}")
        for cell, cost in named.items():
            matrix[_CELLS[cell]] = _number(cost, f"{told}: {cell}")
        return cost_matrix(matrix.tolist(), _BINARY)
    places = {str(label): place for place, label in enumerate(classes)}
    for true, row in named.items():
        if not isinstance(row, Mapping):
            raise AutoMLError(
                f"{told}: `{true}: {row}` is no mapping of an answer to its cost, as in `{true}: {{A: 5}}`"
            )
        for answer, cost in row.items():
            at = _place(places, str(true), told), _place(places, str(answer), told)
            matrix[at] = _number(cost, f"{told}: {true} taken for {answer}")
    return cost_matrix(matrix.tolist(), len(classes))


def as_written(asked: Costs | None) -> Costs | None:
    """The same costs without a file of this machine. Raises AutoMLError where a file can't be read."""
    return asked if asked is None or isinstance(asked, Mapping) or "=" in str(asked) else dict(_named(asked)[0])


def _named(asked: Costs) -> tuple[Mapping[str, Any], str]:
    """The costs by name, and how to speak of where they stand."""
    if isinstance(asked, Mapping):
        return asked, "costs"
    told = f"--costs {asked}"
    if "=" in str(asked):
        parts = [part.partition("=") for part in str(asked).split(",")]
        named = {name.strip(): value.strip() for name, _, value in parts}
        unknown = next((name for name in named if name not in _CELLS), None)
        if unknown is not None:
            raise AutoMLError(
                f"{told}: there is no `{unknown}`; write fn=5,fp=1 (also tp, tn), or the path of a YAML file"
            )
        return named, told
    try:
        # As text: YAML takes a class `no` for false.
        content = yaml.load(Path(asked).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - safe, too
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        why = str(error).partition("\n")[0]
        raise AutoMLError(f"{told} can't be read ({why}): write fn=5,fp=1, or the path of a YAML file") from error
    if not isinstance(content, Mapping) or not content:
        raise AutoMLError(f"{told} has no costs: write a line `TRUE: {{ANSWER: COST}}` for each class")
    return content, told


def _place(places: Mapping[str, int], label: str, told: str) -> int:
    if label not in places:
        raise AutoMLError(f"{told}: there is no class `{label}`; {nearest(label, places)}")
    return places[label]


def _number(cost: object, told: str) -> float:
    try:
        number = float(str(cost))
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise AutoMLError(f"{told} costs `{cost}`: write a number")
    return number

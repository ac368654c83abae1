"""What a table of a benchmark is, and how generated ones get what real ones have: categories and gaps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workspace_jobs.automl.problem_kinds import ProblemKind

_GAPS = 0.06


@dataclass(frozen=True)
class Table:
    """Rows with a target. `source` says where they come from."""

    name: str
    source: str
    problem: ProblemKind
    target: str
    load: Callable[[], pd.DataFrame]


def framed(
    features: NDArray[Any], target: NDArray[Any], seed: int, *, categories: int = 0, units: bool = True
) -> pd.DataFrame:
    """A generated table whose first `categories` columns are cut into categories, with gaps in some columns.

    With `units` each column is in a unit of its own, from hundredths to ten thousands, as columns of real tables are.
    """
    generator = np.random.default_rng(seed)
    names = [f"x{number}" for number in range(features.shape[1])]
    factors = 10.0 ** np.random.default_rng(seed + 1000).uniform(-2, 4, len(names)) if units else 1.0
    frame = pd.DataFrame(features * factors, columns=names)
    for column in list(frame.columns)[:categories]:
        parts = int(generator.integers(3, 9))
        labels = generator.permutation([f"{column}-{letter}" for letter in "abcdefghi"[:parts]])
        frame[column] = labels[pd.qcut(frame[column], parts, labels=False)]
    if categories:
        for column in list(frame.columns)[::3]:
            frame.loc[generator.random(len(frame)) < _GAPS, column] = np.nan
    return frame.assign(target=target)

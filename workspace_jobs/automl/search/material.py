"""What every trial of a run works on. It is sent to the processes of the trials once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.automl.run_folder import Split


@dataclass(frozen=True)
class Material:
    """Rows and how to judge by them.

    `truth` are class numbers (positions in `classes`) or values; `target` is the column as pipelines are fitted to it.
    `metrics` begins with the run's own. Out-of-fold predictions are written to `predictions`/NUMBER.npy.
    Where series are forecast, `scales` has for each split what the error of each judged row is divided by.
    """

    features: pd.DataFrame
    target: pd.Series
    truth: NDArray[Any]
    weights: NDArray[np.float64] | None
    splits: Sequence[Split]
    schema: Schema
    problem: ProblemKind
    classes: tuple[Any, ...]
    metrics: tuple[str, ...]
    seed: int
    predictions: Path
    scales: Sequence[NDArray[np.float64]] = ()

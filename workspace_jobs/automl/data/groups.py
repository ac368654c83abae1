"""The groups that a column makes of the rows: its values, or quarters of many numbers."""

import numpy as np
import pandas as pd

from workspace_jobs.automl.errors import AutoMLError

MOST_GROUPS, _BINS = 20, 4


def group_labels(column: pd.Series) -> pd.Series:
    """Each row's group as text; a number of many values in quarters."""
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > MOST_GROUPS:
        quarters = pd.qcut(column, _BINS, duplicates="drop")
        names = [f"{span.left:.4g} to {span.right:.4g}" for span in quarters.cat.categories]
        # A name for each quarter, not for each row: there may be many.
        return pd.Series(np.array([*names, "missing"], dtype=object)[quarters.cat.codes], index=column.index)
    return column.astype(object).where(column.notna(), "missing").map(str)


def check_groups(column: pd.Series) -> None:
    """Raise AutoMLError for a column that makes no groups to compare: of one value, or of too many that are words."""
    count = group_labels(column).nunique()
    if not 1 < count <= MOST_GROUPS:
        told = "has one value only" if count == 1 else f"makes {count} groups"
        raise AutoMLError(
            f"--fairness-column {column.name}: it {told}; name one of 2 to {MOST_GROUPS} groups, or a number"
        )

"""Tables too large to learn from whole: a random part of the rows is taken, and that is said."""

import pandas as pd

# 400 MB of numbers. Trials share them, and each makes one or two copies of its own.
MOST_CELLS = 50_000_000


def sampled(frame: pd.DataFrame, most_cells: int, seed: int) -> tuple[pd.DataFrame, list[str]]:
    """So many rows of `frame` that they have no more than `most_cells` cells, in their order, and what to say of it."""
    most = max(1, most_cells // max(1, frame.shape[1]))
    if len(frame) <= most:
        return frame, []
    told = f"Learning from {most:,} of {len(frame):,} rows, drawn at random, so that trials fit into memory."
    return frame.sample(most, random_state=seed).sort_index().reset_index(drop=True), [told]

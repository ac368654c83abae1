"""Writes how a run split its rows: from the seed where scikit-learn makes the same splits again, else from its file."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, RepeatedKFold, RepeatedStratifiedKFold, StratifiedKFold

from workspace_jobs.automl.report.notebooks.source_code import Source
from workspace_jobs.automl.run_folder import Split

_FROM_FILE = """\
with np.load(RUN / "splits.npz") as rows:
    splits = [(rows[f"learn_{fold}"], rows[f"judge_{fold}"]) for fold in range(len(rows.files) // 2)]"""


def splits_source(splits: Sequence[Split], target: pd.Series, seed: int, source: Source) -> str:
    """Code that makes `splits` of `X` and `y`: the same rows in the same order."""
    for made_by, options in _validators(len(splits), seed):
        if _makes(made_by(**options), target, splits):
            written = ", ".join(f"{name}={value}" for name, value in options.items())
            return f"splits = list({source.name(made_by)}({written}).split(X, y))"
    return _FROM_FILE


def _validators(count: int, seed: int) -> Iterator[tuple[type[Any], dict[str, int | bool]]]:
    """What might have made `count` splits."""
    if count > 1:
        once: dict[str, int | bool] = {"n_splits": count, "shuffle": True, "random_state": seed}
        yield from ((StratifiedKFold, once), (KFold, once))
    for repeats in (repeats for repeats in range(2, count // 2 + 1) if count % repeats == 0):
        again: dict[str, int | bool] = {"n_splits": count // repeats, "n_repeats": repeats, "random_state": seed}
        yield from ((RepeatedStratifiedKFold, again), (RepeatedKFold, again))


def _makes(validator: Any, target: pd.Series, splits: Sequence[Split]) -> bool:  # noqa: ANN401 - scikit-learn
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of classes with few rows: the run has made its splits
            made = list(validator.split(np.zeros(len(target)), target))
    except ValueError:  # a target that cannot be stratified, or too few rows of a class
        return False
    pairs = zip(made, splits, strict=True)
    return all(np.array_equal(one, other) for found, kept in pairs for one, other in zip(found, kept, strict=True))

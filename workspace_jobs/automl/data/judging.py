"""Whether another table can judge a model of the data: asked before there is one, because afterwards a run is lost."""

import pandas as pd
from pandas.api import types

from workspace_jobs.automl.data.dataset import Dataset, truth_of
from workspace_jobs.automl.data.schema import Timeline
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.errors import some


def check_judging(table: pd.DataFrame, dataset: Dataset, what: str) -> list[str]:
    """Sentences on rows of `table`, which `what` names, that nothing can be judged by.

    Raises AutoMLError where that is all of them, or where no pipeline of `dataset` could answer for them.
    """
    target = table[dataset.roles.target]
    if target.empty:
        raise AutoMLError(f"{what} has no row with a value of {target.name!r}")
    for name in (*dataset.schema.numeric, *([] if dataset.classes else [target.name])):
        _check_numbers(table[name], what)
    if dataset.schema.timeline is not None:
        _check_series(table, dataset, dataset.schema.timeline, what)
    return _unknown_classes(target, dataset, what) if dataset.classes else []


def _check_numbers(column: pd.Series, what: str) -> None:
    present = column.dropna()
    wrong = present[present.isin([float("inf"), float("-inf")])]
    if not types.is_numeric_dtype(column):
        wrong = present[pd.to_numeric(present, errors="coerce").isna()]
        wrong = present if wrong.empty else wrong
    if len(wrong):
        raise AutoMLError(
            f"{what}: column {column.name!r} has numbers in the training data, and {wrong.iloc[0]} here: "
            "write a number, or leave the cell empty"
        )


def _check_series(table: pd.DataFrame, dataset: Dataset, timeline: Timeline, what: str) -> None:
    from workspace_jobs.automl.forecasting.timeline import steps_of

    try:
        steps_of(timeline).fit(dataset.frame).transform(table)
    except ValueError as error:
        raise AutoMLError(f"{what}: {error}") from error


def _unknown_classes(target: pd.Series, dataset: Dataset, what: str) -> list[str]:
    unknown = target[truth_of(target, dataset.classes) == -1]
    names = some([str(name) for name in unknown.unique()])
    if len(unknown) == len(target):
        known = some([str(name) for name in dataset.classes])
        raise AutoMLError(f"{what}: target {target.name!r} is {names}, and in the training data {known}")
    told = f"{len(unknown)} rows of {what} judge nothing: the training data have no class {names}."
    return [told] if len(unknown) else []

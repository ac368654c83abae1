"""Profiles a table: reads it, runs every check, and puts the figures together."""

import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from workspace_jobs.automl.data.problem import detect
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import MissingTarget
from workspace_jobs.automl.problem_kinds import AskedProblem, ProblemKind
from workspace_jobs.automl.profile.alerts import SEVERITIES, Alert, Severity
from workspace_jobs.automl.profile.checks.catalogue import IDS, module
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Categories, Column
from workspace_jobs.automl.profile.correlation import Association, associations
from workspace_jobs.automl.profile.predictive_power import Power
from workspace_jobs.automl.profile.statistics import Statistics, describe
from workspace_jobs.automl.profile.table import Table, read_table
from workspace_jobs.errors import nearest

PROBLEMS: Final[tuple[AskedProblem, ...]] = ("auto", "binary", "multiclass", "regression", "forecast")
# Each two of so many columns are compared in the report; the check on collinearity compares all.
MAX_ASSOCIATED: Final = 30


@dataclass(frozen=True)
class Profile:
    """What is known of a table before training.

    Parameters:
        rows, columns: the table's size.
        looked_at: how many of the rows the figures are of: all, or a random sample of a large table.
        target, problem: as given, or as the target's values say; None where there is no target.
        alerts: the gravest first.
        statistics: of each column, in the table's order.
        powers: what each feature alone tells of the target.
        associations: of each two of the first MAX_ASSOCIATED features that fit, the strongest first.
        test_rows: rows of the test table, None where there is none.
        seconds: how long it took.
    """

    rows: int
    columns: int
    looked_at: int
    target: str | None
    problem: ProblemKind | None
    alerts: tuple[Alert, ...]
    statistics: tuple[Statistics, ...]
    powers: tuple[Power, ...]
    associations: tuple[Association, ...]
    test_rows: int | None
    seconds: float

    @property
    def verdict(self) -> str:
        """In one sentence, whether training should start."""
        errors = sum(alert.severity == "error" for alert in self.alerts)
        warnings = sum(alert.severity == "warning" for alert in self.alerts)
        if errors:
            more = f", and {_counted(warnings, 'warning')}" if warnings else ""
            return f"{_counted(errors, 'error')} to put right before training{more}"
        if warnings:
            return f"ready for training, with {_counted(warnings, 'warning')} to look at"
        return "ready for training"

    def verdict_of(self, check_id: str) -> Severity | None:
        """The gravest severity that a check has found, None where it found nothing."""
        found = {alert.severity for alert in self.alerts if alert.id == check_id}
        return next((severity for severity in SEVERITIES if severity in found), None)


def profile(  # noqa: PLR0913 - what may be said about a table
    frame: pd.DataFrame,
    target: str | None = None,
    *,
    test: pd.DataFrame | None = None,
    problem: str | None = None,
    group: str | None = None,
    missing_target: MissingTarget = "refuse",
) -> Profile:
    """Profile `frame` before a model is trained on it to predict the column `target`.

    Parameters:
        test: rows that the model will be tested on, compared with `frame`.
        problem: binary, multiclass, regression or forecast; else what the target's values say.
        group: the column that says which rows belong together.
        missing_target: whether rows without target are an error, or are going to be dropped.

    Raises:
        AutoMLError: the table is empty or has two columns of one name, or a column or problem does not exist.
    """
    began = time.perf_counter()
    table = read_table(frame)
    for name in (target, group):
        _check_column(table, name)
    of_target = table.columns[target] if target is not None else None
    features = tuple(column for name, column in table.columns.items() if name not in (target, group))
    context = Context(
        table,
        features,
        of_target,
        *_problem(of_target, problem),
        None if test is None else read_table(test),
        table.columns[group] if group is not None else None,
        missing_target,
        0 if target is None else int(frame.iloc[:, list(table.columns).index(target)].isna().sum()),
    )
    alerts = _alerts(context)
    return Profile(
        table.total_rows,
        len(table.columns),
        table.rows,
        target,
        context.problem,
        alerts,
        tuple(describe(column) for column in table.columns.values()),
        context.powers,
        associations(_compared(context), context.correlations),
        None if test is None else len(test),
        time.perf_counter() - began,
    )


def _alerts(context: Context) -> tuple[Alert, ...]:
    found = [alert for check_id in IDS for alert in module(check_id).check(context)]
    return tuple(sorted(found, key=lambda alert: SEVERITIES.index(alert.severity)))


def _check_column(table: Table, name: str | None) -> None:
    if name is not None and name not in table.columns:
        raise AutoMLError(f"the table has no column `{name}`: {nearest(name, table.columns)}")


def _problem(target: Column | None, asked: str | None) -> tuple[ProblemKind | None, str | None]:
    """The problem that was asked for, or that the target's values pose; and why it can't be that one."""
    known = next((kind for kind in PROBLEMS if kind == (asked or "auto")), None)
    if known is None:
        raise AutoMLError(f"there is no problem `{asked}`: {nearest(str(asked), PROBLEMS)}")
    if target is None or target.kind == "empty":
        return None, None
    try:
        return detect(_series(target), known).kind, None
    except AutoMLError as error:
        return (None if known == "auto" else known), str(error)


def _series(target: Column) -> "pd.Series[Any]":
    """The target's values, as pandas has them, without those that are missing or infinite."""
    if isinstance(target, Categories):
        return pd.Series(target.levels[target.codes[~target.missing]], name=target.name)
    values = pd.Series(target.values[np.isfinite(target.values)], name=target.name)
    return pd.to_datetime(values, unit="s") if target.kind == "date" else values


def _compared(context: Context) -> list[Column]:
    """The features worth comparing: those that vary, and labels that are not each row's own."""
    fit = [
        column
        for column in context.features
        if column.distinct > 1
        and (column.kind == "number" or (isinstance(column, Categories) and column.distinct**2 <= context.table.rows))
    ]
    return fit[:MAX_ASSOCIATED]


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"

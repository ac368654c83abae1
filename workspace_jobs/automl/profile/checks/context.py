"""What a check may look at: the table, the target, the test table, and what several checks need, worked out once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from workspace_jobs.automl.options import MissingTarget
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.automl.profile.columns import MISSING, Categories, Codes, Column, Mask, Numbers
from workspace_jobs.automl.profile.correlation import Correlations
from workspace_jobs.automl.profile.predictive_power import ClassPower, NumberPower, Power
from workspace_jobs.automl.profile.table import Table

# Below so many rows, nothing that columns have in common is more than chance.
FEW_ROWS: Final = 20


@dataclass(frozen=True)
class Context:
    """Everything that a check may look at.

    Parameters:
        table: all columns.
        features: those that are to predict; neither the target nor the group column.
        target: what is to be predicted, None where nobody said.
        problem: how it is to be predicted, None where there is no target or no problem that fits it.
        misfit: why the target cannot be predicted so, None where it can.
        test: the rows that the model will be tested on, None where nobody gave them.
        group: the column that says which rows belong together, None where nobody said.
        missing_target: what is to be done with rows that have no target.
        without_target: how many of all rows have none, those outside of a sample too.
    """

    table: Table
    features: tuple[Column, ...]
    target: Column | None = None
    problem: ProblemKind | None = None
    misfit: str | None = None
    test: Table | None = None
    group: Column | None = None
    missing_target: MissingTarget = "refuse"
    without_target: int = 0

    @property
    def names(self) -> list[str]:
        """The names of the features."""
        return [column.name for column in self.features]

    @cached_property
    def numbers(self) -> tuple[Numbers, ...]:
        """The features that are numbers, and not dates."""
        return tuple(one for one in self.features if isinstance(one, Numbers) and one.kind == "number")

    @cached_property
    def labels(self) -> tuple[Categories, ...]:
        """The features that are anything but numbers and dates, and have a value."""
        return tuple(one for one in self.features if isinstance(one, Categories) and one.kind != "empty")

    @property
    def is_classification(self) -> bool:
        """Whether classes are to be predicted."""
        return self.problem in ("binary", "multiclass")

    @cached_property
    def known(self) -> Mask:
        """The rows whose target is there and finite; shape (rows,)."""
        if self.target is None:
            return np.zeros(self.table.rows, dtype=np.bool_)
        if isinstance(self.target, Numbers):
            return np.isfinite(self.target.values)
        return ~self.target.missing

    @cached_property
    def classes(self) -> Codes:
        """The class of each row as the number of its level, -1 where it is missing; shape (rows,)."""
        assert self.target is not None
        if isinstance(self.target, Categories):
            return self.target.codes
        codes = np.searchsorted(self.target.levels, self.target.values)
        return np.where(self.known, codes, MISSING)

    def class_name(self, code: int) -> str:
        """How a class is written."""
        assert self.target is not None
        level = self.target.levels[code]
        return f"{level:g}" if isinstance(self.target, Numbers) else str(level)

    @cached_property
    def powers(self) -> tuple[Power, ...]:
        """What each feature alone tells of the target; empty where no target or too few rows have one."""
        if self.target is None or int(self.known.sum()) < FEW_ROWS or self.target.distinct < 2:  # noqa: PLR2004
            return ()
        rows = None if self.known.all() else self.known
        judge: ClassPower | NumberPower
        if self.is_classification:
            judge = ClassPower(self.classes[self.known])
        elif isinstance(self.target, Numbers):
            judge = NumberPower(self.target.values[self.known])
        else:
            return ()
        return tuple(judge.of(column, rows) for column in self.features if column.kind != "empty")

    @cached_property
    def correlations(self) -> Correlations:
        """The correlations among the features that are numbers and not constant."""
        return Correlations([one for one in self.numbers if one.distinct > 1])

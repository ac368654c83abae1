"""How candidates are judged: which rows each is fitted to, and which it is judged by."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
    train_test_split,
)

from workspace_jobs.automl.data.data_assets import is_data_asset
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.run_folder import Split

_FOLDS = 5
# Below: folds are repeated, because each judges so few rows. Above: fewer folds, then one held-out part.
_FEW_ROWS, _MANY_ROWS, _VERY_MANY_ROWS = 1_500, 20_000, 100_000
# In less time, twice as many trials tell more than trials judged twice.
_SECONDS_FOR_REPEATS = 30
_CROSS = re.compile(r"(\d+)(?:x(\d+))?")
_SHARE = re.compile(r"(0?\.\d+)|(\d+)%")


@dataclass(frozen=True)
class Asked:
    """What `--validation` says: `folds` with `repeats`, or a `share` held out, or a `file`; all None for no wish."""

    folds: int | None = None
    repeats: int = 1
    share: float | None = None
    file: Path | None = None

    @classmethod
    def parse(cls, text: str) -> "Asked":
        """Read `auto`, `5`, `5x3`, `0.2`, `20%`, or the path of a table. Raises AutoMLError for none of them."""
        if text == "auto":
            return cls()
        if match := _SHARE.fullmatch(text):
            share = float(match[1]) if match[1] else int(match[2]) / 100
            if 0 < share < 1:
                return cls(share=share)
        elif match := _CROSS.fullmatch(text):
            folds, repeats = int(match[1]), int(match[2] or 1)
            if folds > 1 and repeats > 0:
                return cls(folds=folds, repeats=repeats)
        elif Path(text).exists() or is_data_asset(text):
            return cls(file=Path(text))
        raise AutoMLError(
            f"--validation {text}: write a number of folds (5, or 5x3 to repeat them), a share to hold out "
            "(0.2 or 20%), or the path of a table"
        )


@dataclass(frozen=True)
class Plan:
    """The splits, and a sentence on how they were made."""

    splits: tuple[Split, ...]
    words: str

    @property
    def judged(self) -> list[NDArray[np.intp]]:
        """The rows that each split judges."""
        return [judge for _, judge in self.splits]


@dataclass(frozen=True)
class Rows:
    """What a plan depends on. `classes` are class numbers, None for a numeric target."""

    count: int
    classes: NDArray[np.intp] | None = None
    groups: pd.Series | None = None
    times: pd.Series | None = None


def plan(rows: Rows, asked: Asked, seed: int, seconds: float | None = None) -> Plan:
    """Decide the splits; `seconds` is how long the run may take.

    Raises AutoMLError where there are too few rows or groups for what was asked.
    """
    _refuse_what_folds_cannot_keep(rows, asked)
    if rows.times is not None:
        return _by_time(rows, asked)
    if rows.groups is not None:
        return _by_group(rows, rows.groups, asked, seed)
    if asked.share is None and asked.folds is None and rows.count > _VERY_MANY_ROWS:
        return _held_out(rows, 0.1, seed)
    if asked.share is not None:
        return _held_out(rows, asked.share, seed)
    if asked.folds is not None:
        return _folds(rows, asked.folds, asked.repeats, seed)
    has_time = seconds is None or seconds >= _SECONDS_FOR_REPEATS
    repeats = 2 if rows.count < _FEW_ROWS and has_time else 1
    return _folds(rows, 3 if rows.count > _MANY_ROWS else _FOLDS, repeats, seed)


def _refuse_what_folds_cannot_keep(rows: Rows, asked: Asked) -> None:
    if rows.times is not None and rows.groups is not None:
        raise AutoMLError(
            "--time-column and --group-column exclude each other where nothing is forecast: folds keep the order or "
            "the groups, not both; leave one of them out"
        )
    if asked.repeats > 1 and (rows.times is not None or rows.groups is not None):
        kept = "--time-column" if rows.times is not None else "--group-column"
        raise AutoMLError(
            f"--validation {asked.folds}x{asked.repeats}: folds by {kept} are not repeated: write a number"
        )


def _folds(rows: Rows, folds: int, repeats: int, seed: int) -> Plan:
    if folds > rows.count:
        raise AutoMLError(f"{folds}-fold cross-validation needs {folds} rows, and there are {rows.count}")
    stratified = _can_stratify(rows, folds)
    kind = "stratified " if stratified else ""
    if repeats > 1:
        cross: RepeatedKFold | KFold = (RepeatedStratifiedKFold if stratified else RepeatedKFold)(
            n_splits=folds, n_repeats=repeats, random_state=seed
        )
        words = f"Validation: {kind}{folds}-fold cross-validation, {repeats} times."
    else:
        cross = (StratifiedKFold if stratified else KFold)(n_splits=folds, shuffle=True, random_state=seed)
        words = f"Validation: {kind}{folds}-fold cross-validation."
    return _plan(cross.split(np.zeros(rows.count), rows.classes), words)


def _held_out(rows: Rows, share: float, seed: int) -> Plan:
    judged = math.ceil(rows.count * share)
    if judged == rows.count:
        raise AutoMLError(
            f"--validation {share:g} leaves none of {rows.count} rows to learn from: write a smaller share"
        )
    by = rows.classes if _can_stratify(rows, 2) and _has_room_for_classes(rows, judged) else None
    learn, judge = train_test_split(np.arange(rows.count), test_size=share, random_state=seed, stratify=by)
    return _plan([(learn, judge)], f"Validation: {share:.0%} of the rows held out.")


def _has_room_for_classes(rows: Rows, judged: int) -> bool:
    """Whether both parts have a row for each class."""
    assert rows.classes is not None
    return min(judged, rows.count - judged) >= len(np.unique(rows.classes))


def _by_group(rows: Rows, groups: pd.Series, asked: Asked, seed: int) -> Plan:
    codes = groups.astype("category").cat.codes.to_numpy()
    count = len(np.unique(codes))
    if asked.share is not None:
        if math.ceil(count * asked.share) == count:
            raise AutoMLError(f"--validation {asked.share:g} leaves none of {count} groups to learn from: write less")
        shuffled = GroupShuffleSplit(n_splits=1, test_size=asked.share, random_state=seed)
        words = f"Validation: {asked.share:.0%} of the groups of {groups.name} held out."
        return _plan(shuffled.split(np.zeros(rows.count), groups=codes), words)
    folds = min(asked.folds or _FOLDS, count)
    if folds < 2 or (asked.folds or 0) > count:  # noqa: PLR2004 - one to learn from and one to judge by
        raise AutoMLError(f"{asked.folds or 2} folds need as many groups, and {groups.name!r} has {count}")
    stratified = _can_stratify(rows, folds)
    cross = (StratifiedGroupKFold if stratified else GroupKFold)(n_splits=folds, shuffle=True, random_state=seed)
    words = f"Validation: {folds}-fold cross-validation that keeps each {groups.name} in one fold."
    return _plan(cross.split(np.zeros(rows.count), rows.classes, codes), words)


def _by_time(rows: Rows, asked: Asked) -> Plan:
    assert rows.times is not None
    # As text, 10/1 would come before 9/1.
    times = rows.times if types.is_numeric_dtype(rows.times) else pd.to_datetime(rows.times, utc=True)
    order = np.argsort(times.to_numpy(), kind="stable")
    if asked.share is not None:
        cut = rows.count - max(1, int(rows.count * asked.share))
        words = f"Validation: the latest {asked.share:.0%} of the rows by {rows.times.name}."
        return _plan([(order[:cut], order[cut:])], words)
    folds = asked.folds or _FOLDS
    if folds >= rows.count:
        raise AutoMLError(f"{folds} folds by time need more rows than {rows.count}")
    splits = [(order[learn], order[judge]) for learn, judge in TimeSeriesSplit(folds).split(order)]
    return _plan(splits, f"Validation: {folds} folds by {rows.times.name}, each judged by rows later than it learned.")


def _can_stratify(rows: Rows, members: int) -> bool:
    return rows.classes is not None and int(np.bincount(rows.classes).min()) >= members


def _plan(splits: Iterable[Split], words: str) -> Plan:
    return Plan(tuple((np.asarray(learn), np.asarray(judge)) for learn, judge in splits), words)

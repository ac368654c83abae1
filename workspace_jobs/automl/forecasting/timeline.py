"""How time runs in a table to forecast: what a step is, which steps are missing, and how long a season is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from workspace_jobs.automl.data.schema import Timeline
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.forecasting.forecasters import History, TimeSteps

_SECOND = 1_000_000_000
_CYCLES = {"an hour": 3_600, "a day": 86_400, "a week": 604_800, "a year": 31_556_952}
_MONTHS_A_YEAR = 12
# Fewer steps than this share of those between the first and the last are no regular series with gaps.
_LEAST_PRESENT = 0.5
# Autocorrelation of the steps' differences, which a trend does not raise: of a season that the calendar has, and of one
# that only the numbers show. Longer seasons are out of reach of the methods.
_OF_CALENDAR, _OF_NUMBERS = 0.2, 0.3
_LONGEST_SEASON, _TIMES_SEEN = 400, 3
_SERIES_LOOKED_AT = 20
_NEARLY = 0.9


def find(frame: pd.DataFrame, target: str, time: str | None, series: tuple[str, ...]) -> tuple[Timeline, list[str]]:
    """The timeline of `frame`, and sentences on it.

    Raises AutoMLError where there is no time column, a series has a time twice, or times are no regular steps.
    """
    if time is None:
        raise AutoMLError("--problem forecast needs --time-column: name the column that says when each row was")
    _refuse_twice(frame, time, series)
    found, step = _regular(frame[time], time, series)
    histories = histories_of(found, frame, frame[target].to_numpy(float))
    gaps = sum(len(history.values) for history in histories) - len(frame)
    told = [f"Time: a step is {step}; {len(histories)} series, the longest of {len(histories[0].values)} steps."]
    if gaps:
        told.append(f"{gaps} steps without a row are filled by a line between their neighbours.")
    season, words = _season(found, histories)
    return Timeline(time, series, found.frequency, found.step, found.origin, season), [*told, words]


def steps_of(timeline: Timeline) -> TimeSteps:
    """What counts the steps of this timeline."""
    return TimeSteps(timeline.time, timeline.series, timeline.frequency, timeline.step, timeline.origin)


def histories_of(steps: TimeSteps, frame: pd.DataFrame, values: NDArray[np.float64]) -> list[History]:
    """Each series of `frame`, the longest first."""
    found = histories_by_number(steps.fit(frame).transform(frame), values)
    return sorted(found.values(), key=lambda history: -len(history.values))


def histories_by_number(rows: NDArray[np.float64], values: NDArray[np.float64]) -> dict[int, History]:
    """Each series of `rows`, which are steps and numbers of series."""
    chosen = {int(number): rows[:, 1] == number for number in np.unique(rows[:, 1])}
    return {number: History.of(rows[series, 0], values[series]) for number, series in chosen.items()}


def _refuse_twice(frame: pd.DataFrame, time: str, series: tuple[str, ...]) -> None:
    again = frame.duplicated([*series, time]).to_numpy()
    if not again.any():
        return
    row = int(again.argmax())
    if not series:
        raise AutoMLError(
            f"--time-column {time}: {frame[time].iloc[row]} is there more than once, again in row {row + 1}; "
            "if the table has several series, name what tells them apart with --group-column"
        )
    name = ", ".join(str(frame[column].iloc[row]) for column in series)
    raise AutoMLError(
        f"series {name} has {time} {frame[time].iloc[row]} more than once, again in row {row + 1}: leave one row a time"
    )


def _regular(times: pd.Series, time: str, series: tuple[str, ...]) -> tuple[TimeSteps, str]:
    """What counts the steps, and what a step is in words."""
    if types.is_numeric_dtype(times):
        known = np.unique(times.to_numpy(float))
        step = float(np.diff(known).min(initial=np.inf))
        places = (known - known[0]) / step
        _check_regular(places, times, time, is_even=bool(np.allclose(places, np.rint(places), atol=0.1)))
        return TimeSteps(time, series, "", step, float(known[0])), f"{step:g} of {time}"
    stamps = pd.DatetimeIndex(pd.to_datetime(times, utc=True).dt.tz_localize(None).unique()).sort_values()
    months = _months(stamps)
    if months is not None:
        places, each = _in_steps(months)
        _check_regular(places, times, time)
        return TimeSteps(time, series, "M" if each == 1 else f"{each}M"), _counted(each, "month")
    places, nanoseconds = _in_steps(stamps.as_unit("ns").asi8)
    _check_regular(places, times, time)
    frequency = pd.tseries.frequencies.to_offset(pd.Timedelta(nanoseconds, unit="ns"))
    return TimeSteps(time, series, str(frequency.freqstr)), _in_words(nanoseconds)


def _months(stamps: pd.DatetimeIndex) -> NDArray[np.int64] | None:
    """The number of each month where every time is the same day of a month of its own, or its last; else None."""
    months = np.asarray(stamps.year * _MONTHS_A_YEAR + stamps.month, dtype=np.int64)
    same_day = len(np.unique(stamps.day)) == 1 or bool(stamps.is_month_end.all())
    return months if same_day and len(np.unique(months)) == len(months) else None


def _in_steps(numbers: NDArray[np.int64]) -> tuple[NDArray[Any], int]:
    """The numbers in units of their greatest common step, and that step."""
    step = int(np.gcd.reduce(np.diff(numbers))) or 1
    return (numbers - numbers[0]) // step, step


def _check_regular(places: NDArray[Any], times: pd.Series, time: str, *, is_even: bool = True) -> None:
    if len(places) > 1 and is_even and len(places) >= _LEAST_PRESENT * (places[-1] + 1):
        return
    ordered = times.drop_duplicates().sort_values()
    raise AutoMLError(
        f"--time-column {time}: times come in no regular steps ({', '.join(map(str, ordered.iloc[:3]))}, ...): "
        "sum or average the rows by hour, day, week or month first"
    )


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'s' if count > 1 else ''}"


def _in_words(nanoseconds: int) -> str:
    units = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
    for unit, seconds in units.items():
        if nanoseconds % (seconds * _SECOND) == 0:
            return _counted(nanoseconds // (seconds * _SECOND), unit)
    return f"{nanoseconds / _SECOND:g} seconds"


def _season(steps: TimeSteps, histories: Sequence[History]) -> tuple[int, str]:
    """How many steps a season has, 1 for none, and why."""
    correlations = _autocorrelation(histories)
    known = {length: name for length, name in _calendar(steps).items() if length < len(correlations)}
    if known:
        best = max(known, key=lambda length: correlations[length])
        if correlations[best] >= _OF_CALENDAR:
            return best, (
                f"Season: {best} steps, {known[best]}, because changes so far apart are alike "
                f"(autocorrelation {correlations[best]:.2f})."
            )
    peaks = [
        lag
        for lag in range(2, len(correlations) - 1)
        if correlations[lag - 1] < correlations[lag] > correlations[lag + 1] and correlations[lag] >= _OF_NUMBERS
    ]
    if not peaks:
        return 1, "Season: none, because changes are alike at no distance."
    highest = max(correlations[lag] for lag in peaks)
    found = next(lag for lag in peaks if correlations[lag] >= _NEARLY * highest)
    told = f"Season: {found} steps, because changes so far apart are alike (autocorrelation {correlations[found]:.2f})."
    return found, told


def _autocorrelation(histories: Sequence[History]) -> NDArray[np.float64]:
    """Of the changes from step to step: the mean over the longest series, by lag."""
    from statsmodels.tsa.stattools import acf

    most = min(_LONGEST_SEASON, len(histories[0].values) // _TIMES_SEEN)
    changes = [np.diff(history.values) for history in histories[:_SERIES_LOOKED_AT]]
    found = [acf(change, nlags=most, fft=True) for change in changes if len(change) > most and change.std() > 0]
    return np.asarray(np.mean(found, axis=0)) if found else np.zeros(1)


def _calendar(steps: TimeSteps) -> dict[int, str]:
    """The seasons that the calendar has for such steps: their lengths, and their names."""
    if not steps.frequency:
        return {}
    count = steps.frequency if steps.frequency[0].isdigit() else f"1{steps.frequency}"
    if count.endswith("M"):
        lengths = {"a year": _MONTHS_A_YEAR / int(count[:-1])}
    else:
        lengths = {name: cycle / pd.Timedelta(count).total_seconds() for name, cycle in _CYCLES.items()}
    near = {round(length): name for name, length in lengths.items() if abs(length - round(length)) < 0.01 * length}
    return {length: name for length, name in near.items() if length > 1}

"""How values are written on the page."""

from datetime import UTC, datetime, timedelta
from typing import Final

from workspace_jobs.automl.profile.statistics import Statistics

_THOUSAND: Final = 1_000
_LARGE: Final = 10_000_000
_LONG_SPAN: Final = 3 * 86_400.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def number(value: float) -> str:
    """Four significant digits; whole numbers in full, with thousands apart."""
    if value == int(value) and abs(value) < _LARGE:
        return f"{int(value):,}"
    return f"{value:,.0f}" if _THOUSAND <= abs(value) < _LARGE else f"{value:.4g}"


def share(part: int, whole: int) -> str:
    """A share in percent; `0` and `<0.1%` are different things."""
    if not part:
        return "0"
    percent = 100 * part / max(whole, 1)
    return f"{percent:.1f}%" if percent >= 0.1 else "<0.1%"  # noqa: PLR2004


def quantile_of(statistics: Statistics, place: int) -> str:
    """A quantile as a number, or as the day or the minute that it is of dates."""
    value = statistics.quantiles[place]
    if statistics.kind != "date":
        return number(value)
    try:
        moment = _EPOCH + timedelta(seconds=value)
    except OverflowError:
        return number(value)
    is_long = statistics.quantiles[-1] - statistics.quantiles[0] >= _LONG_SPAN
    return moment.strftime("%Y-%m-%d" if is_long else "%Y-%m-%d %H:%M")

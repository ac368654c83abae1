"""A card for each column: its shape, its figures, and what was found about it."""

from collections import defaultdict
from html import escape
from typing import Final

from workspace_jobs.automl.profile.alerts import SEVERITIES, Alert
from workspace_jobs.automl.profile.profiling import Profile
from workspace_jobs.automl.profile.report.charts import bars, histogram
from workspace_jobs.automl.profile.report.writing import number, quantile_of, share
from workspace_jobs.automl.profile.statistics import Statistics

_MOST: Final = 120
_TOP: Final = 5
_FIRST, _LOWER, _MEDIAN, _UPPER, _LAST = 0, 2, 3, 4, 6


def cards(profile: Profile) -> str:
    """The cards of all columns; of very many, of the target and those with alerts first."""
    alerts: dict[str, list[Alert]] = defaultdict(list)
    for alert in profile.alerts:
        for name in alert.columns:
            alerts[name].append(alert)
    shown = _shown(profile, alerts)
    powers = {power.column: f"{power.value:.3f}" for power in profile.powers}
    measure = profile.powers[0].measure if profile.powers else ""
    written = [_card(one, profile, alerts[one.name], (measure, powers.get(one.name, ""))) for one in shown]
    rest = len(profile.statistics) - len(shown)
    more = f'<p class="soft">{rest:,} more columns have no alert; <code>--json</code> has them all.</p>' if rest else ""
    return f'<h2 id="columns">Columns</h2>\n<div class="cards">\n{chr(10).join(written)}\n</div>{more}'


def _shown(profile: Profile, alerts: dict[str, list[Alert]]) -> list[Statistics]:
    """The columns in the table's order, at most _MOST: the target and those with alerts have precedence."""
    ranked = sorted(profile.statistics, key=lambda one: (one.name != profile.target, one.name not in alerts))
    names = {one.name for one in ranked[:_MOST]}
    return [one for one in profile.statistics if one.name in names]


def _card(one: Statistics, profile: Profile, alerts: list[Alert], power: tuple[str, str]) -> str:
    kind = f"{one.kind} · target" if one.name == profile.target else one.kind
    marks = "".join(
        f'<a class="severity {severity}" href="#{check_id}">{check_id}</a>'
        for severity, check_id in sorted(
            {(a.severity, a.id) for a in alerts}, key=lambda pair: SEVERITIES.index(pair[0])
        )
    )
    figures = [*_figures(one), (power[0], power[1])]
    told = "".join(f"<div><dt>{label}</dt><dd>{escape(value)}</dd></div>" for label, value in figures if value)
    return (
        f'<article class="card"><header><h3>{escape(one.name)}</h3><span class="soft">{kind}</span></header>'
        f'{f"<div>{marks}</div>" if marks else ""}{_shape(one)}<dl class="figures">{told}</dl></article>'
    )


def _figures(one: Statistics) -> list[tuple[str, str]]:
    figures = [("missing", share(one.missing, one.count + one.missing)), ("distinct", f"{one.distinct:,}")]
    if one.infinite:
        figures.append(("infinite", f"{one.infinite:,}"))
    if one.mean is not None and one.standard_deviation is not None:
        figures += [("mean", number(one.mean)), ("std", number(one.standard_deviation))]
    if one.quantiles:
        quarters = (("25%", _LOWER), ("median", _MEDIAN), ("75%", _UPPER))
        figures += [(label, quantile_of(one, place)) for label, place in quarters]
    return figures


def _shape(one: Statistics) -> str:
    if one.histogram is not None:
        return histogram(one.histogram, (quantile_of(one, _FIRST), quantile_of(one, _LAST)))
    if not one.top:
        return ""
    rows = [(value, count / one.count, share(count, one.count)) for value, count in one.top[:_TOP]]
    return bars(rows)

"""The page: what to do first, then the target, the columns, how they go together, and what was checked."""

import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert
from workspace_jobs.automl.profile.checks.catalogue import IDS, description, title
from workspace_jobs.automl.profile.profiling import MAX_ASSOCIATED, Profile
from workspace_jobs.automl.profile.report.cards import cards
from workspace_jobs.automl.profile.report.charts import bars, heatmap
from workspace_jobs.automl.profile.report.writing import share

_MOST_ALERTS: Final = 100
_MOST_POWERS: Final = 15
_MOST_PAIRS: Final = 12
_CODE: Final = re.compile("`([^`]*)`")
_WORTH_TELLING: Final = 0.1


def html(profile: Profile, name: str = "Table") -> str:
    """The profile as a page that needs no other file; `name` is what the table is called."""
    sections = (
        _head(profile, name),
        _alerts(profile),
        _powers(profile),
        cards(profile),
        _associations(profile),
        _checks(profile),
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(name)}</title>\n'
        f'<link rel="icon" href="data:,">\n<style>\n{_style()}</style>\n</head>\n<body>\n'
        f"{chr(10).join(filter(None, sections))}\n{_foot(profile)}\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return files(__package__).joinpath("style.css").read_text("utf-8")


def _head(profile: Profile, name: str) -> str:
    missing = sum(one.missing for one in profile.statistics)
    facts = [
        ("rows", f"{profile.rows:,}"),
        ("columns", f"{profile.columns:,}"),
        ("values missing", share(missing, profile.looked_at * profile.columns)),
    ]
    if profile.target is not None:
        facts += [("target", profile.target), ("problem", profile.problem or "none that fits")]
    if profile.test_rows is not None:
        facts.append(("test rows", f"{profile.test_rows:,}"))
    told = "".join(f"<div><dt>{label}</dt><dd>{escape(value)}</dd></div>" for label, value in facts)
    verdict = profile.verdict
    said = f'<p class="verdict">{verdict[0].upper()}{verdict[1:]}.</p>'
    return f'<h1>{escape(name)}</h1>\n{said}\n<dl class="facts">{told}</dl>'


def _alerts(profile: Profile) -> str:
    if not profile.alerts:
        return '<h2 id="alerts">What to do</h2>\n<p>Nothing: no check found anything.</p>'
    items = "\n".join(map(_alert, profile.alerts[:_MOST_ALERTS]))
    rest = len(profile.alerts) - _MOST_ALERTS
    more = f'\n<p class="soft">And {rest:,} more alerts: <code>--json</code> has them all.</p>' if rest > 0 else ""
    return f'<h2 id="alerts">What to do</h2>\n<ul class="alerts">\n{items}\n</ul>{more}'


def _alert(alert: Alert) -> str:
    return (
        f'<li><span class="severity {alert.severity}">{alert.severity.capitalize()}</span>'
        f'<p>{_sentence(alert.message)}</p><a class="id" href="#{alert.id}">{alert.id}</a>'
        f'<p class="advice">{_sentence(alert.advice)}</p></li>'
    )


def _sentence(text: str) -> str:
    """The text with a full stop, what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(f"{text.rstrip('.')}."))


def _powers(profile: Profile) -> str:
    told = sorted(profile.powers, key=lambda power: -power.value)[:_MOST_POWERS]
    if not told or told[0].strength <= 0:
        return ""
    measure = "ROC AUC" if told[0].measure == "ROC AUC" else "R² of ranks"
    rows = [(power.column, power.strength, f"{power.value:.3f}") for power in told if power.strength > 0]
    return (
        f'<h2 id="target">What each column alone tells of {escape(str(profile.target))}</h2>\n'
        f'<p class="soft">{measure}, predicted for each fifth of the rows from the other four. A bar starts at '
        f"chance and would be full for a perfect prediction.</p>\n{bars(rows)}"
    )


def _associations(profile: Profile) -> str:
    pairs = profile.associations
    told = [one for one in pairs if abs(one.value) >= _WORTH_TELLING][:_MOST_PAIRS]
    if not told:
        return ""
    taking_part = {name for one in pairs for name in (one.first, one.second)}
    names = [one.name for one in profile.statistics if one.name in taking_part]
    rows = "".join(
        f"<tr><td>{escape(one.first)} <span class='soft'>and</span> {escape(one.second)}</td>"
        f'<td class="number">{one.value:.2f}</td><td class="soft">{one.measure}</td></tr>'
        for one in told
    )
    of_all = f"The first {MAX_ASSOCIATED} columns that can be compared. " if len(names) == MAX_ASSOCIATED else ""
    return (
        f'<h2 id="associations">How columns go together</h2>\n<p class="soft">{of_all}The darker, the stronger; '
        f"the other colour is for falling together with rising.</p>\n{heatmap(names, pairs)}\n"
        f"<table><tbody>{rows}</tbody></table>"
    )


def _checks(profile: Profile) -> str:
    items = "\n".join(_check(check_id, profile) for check_id in IDS)
    return (
        f'<h2 id="checks">What was checked</h2>\n'
        f'<p class="soft">Open a check to read what it looks for and what to do.</p>\n{items}'
    )


def _check(check_id: str, profile: Profile) -> str:
    found = profile.verdict_of(check_id) or "fine"
    # Beside the title of a check, which is of a fault, "fine" would say that the fault is.
    verdict = "Not found" if found == "fine" else found.capitalize()
    about = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in description(check_id))
    return (
        f'<details id="{check_id}"><summary><span class="severity {found}">{verdict}</span>'
        f'<span class="id">{check_id}</span><span class="title">{escape(title(check_id).capitalize())}</span></summary>'
        f"{about}</details>"
    )


def _foot(profile: Profile) -> str:
    sample = (
        f" Figures are of {profile.looked_at:,} rows drawn at random from {profile.rows:,}."
        if profile.looked_at < profile.rows
        else ""
    )
    return f'<footer class="soft"><p>Profiled in {profile.seconds:.2f} s by mlws.{sample}</p></footer>'

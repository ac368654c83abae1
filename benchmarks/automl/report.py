"""The benchmark's page: scores, mean ranks, how time was kept, and a critical-difference diagram for each budget.

    python -m benchmarks.automl.report OUT    # reads results.jsonl, writes report.html and ranks-SECONDS.svg

Mean ranks over tables (of the mean score over splits), Friedman's test, and Nemenyi's critical difference
(Demšar 2006): engines joined by a bar can't be told apart.
"""

import html
import math
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.stats import friedmanchisquare, studentized_range

from benchmarks.automl.rank_diagram import diagram
from benchmarks.automl.run import read_results

_CONFIDENCE = 0.95
_ENOUGH_ENGINES = 3
# Means of the same scores may differ by rounding.
_DECIMALS = 12


def main(out: Path) -> None:
    """Write the page and the diagrams."""
    results = pd.DataFrame(read_results(out))
    parts = []
    for budget, measured in results.groupby("budget"):
        common = measured_by_all(measured)
        if common.empty:
            parts.append(f"<h2>{budget:g} s</h2><p>No table was measured with every engine yet.</p>")
            continue
        scores = mean_scores(common)
        ranks = mean_ranks(scores)
        drawing = diagram(ranks, critical_difference(len(ranks), len(scores)))
        (out / f"ranks-{budget:g}.svg").write_text(drawing, encoding="utf-8")
        parts.append(_section(float(str(budget)), measured, common, scores, ranks, drawing))
    (out / "report.html").write_text(_PAGE.format(body="\n".join(parts)), encoding="utf-8")
    print(f"{out / 'report.html'}")


def measured_by_all(measured: pd.DataFrame) -> pd.DataFrame:
    """The results on splits that every engine has tried: what was not measured yet is no failure."""
    engines = measured["engine"].nunique()
    return measured[measured.groupby(["table", "split"])["engine"].transform("nunique") == engines]


def mean_scores(measured: pd.DataFrame) -> pd.DataFrame:
    """A row a table and a column an engine; an engine that failed on a split has no score there, and the last rank."""
    scored = measured if "score" in measured else measured.assign(score=math.nan)
    grouped = scored.groupby(["table", "engine"])["score"].agg(_mean_of_all)
    return grouped.unstack("engine")


def _mean_of_all(values: pd.Series) -> float:
    return float("nan") if values.isna().any() else round(float(values.mean()), _DECIMALS)


def mean_ranks(scores: pd.DataFrame) -> dict[str, float]:
    """The mean rank of each engine, 1 for the best; ties share."""
    return dict(_ranks(scores).mean().sort_values(kind="stable"))


def _ranks(scores: pd.DataFrame) -> pd.DataFrame:
    """The ranks on each table; those that failed share the last ones."""
    return scores.fillna(-math.inf).rank(axis=1, ascending=False)


def critical_difference(engines: int, tables: int) -> float:
    """How far mean ranks must be apart to be told apart (Nemenyi)."""
    if engines < 2:  # noqa: PLR2004 - nothing to compare
        return 0.0
    q = float(studentized_range.ppf(_CONFIDENCE, engines, math.inf)) / math.sqrt(2)
    return q * math.sqrt(engines * (engines + 1) / (6 * tables))


def _section(  # noqa: PLR0913, PLR0917 - what the page says
    budget: float,
    measured: pd.DataFrame,
    common: pd.DataFrame,
    scores: pd.DataFrame,
    ranks: dict[str, float],
    drawing: str,
) -> str:
    kept = measured.assign(kept=measured["seconds"] / measured["budget"]).groupby("engine")["kept"]
    times = pd.DataFrame({"wall / budget, mean": kept.mean(), "most": kept.max()})
    splits = common.groupby("table")["split"].nunique()
    told = f"{len(scores)} tables, {splits.min()} to {splits.max()} splits each. {friedman(scores)}"
    left_out = sorted(set(measured["table"]) - set(common["table"]))
    if left_out:
        told += f" Not measured with every engine yet, and left out: {', '.join(left_out)}."
    return (
        f"<h2>{budget:g} s</h2><p>{html.escape(told)}</p>{drawing}"
        f"<div class=wide>{scores[list(ranks)].round(4).to_html(border=0, na_rep='failed')}</div>"
        f"<div class=wide>{times.round(3).to_html(border=0, na_rep='')}</div>"
    )


def friedman(scores: pd.DataFrame) -> str:
    """Friedman's test, in a sentence. It looks at ranks alone, so an engine that failed counts as the last."""
    if scores.shape[1] < _ENOUGH_ENGINES or len(scores) < _ENOUGH_ENGINES:
        return "Too few engines or tables for a test."
    ranks = _ranks(scores)
    if (ranks.nunique(axis=1) == 1).all():
        return "All engines are equal on every table."
    columns: list[Any] = [ranks[name] for name in ranks]
    return f"Friedman's test that all are equal: p = {friedmanchisquare(*columns).pvalue:.2g}."


_PAGE = """<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>AutoML beside its peers</title><style>:root{{color-scheme:light dark}}
body{{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
.wide{{overflow-x:auto;margin:1rem 0}}td,th{{padding:.2rem .6rem;text-align:right}}svg{{max-width:100%}}</style>
<h1>AutoML beside its peers</h1><p>Higher is better: ROC AUC for two classes, accuracy for more, the negated root mean
squared error for numbers.</p>{body}</html>
"""


if __name__ == "__main__":
    main(Path(sys.argv[1]))

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
from scipy.stats import friedmanchisquare, rankdata, studentized_range

from benchmarks.automl.run import read_results

_WIDTH, _LEFT, _STEP = 720, 60, 22
_CONFIDENCE = 0.95
_ENOUGH_ENGINES = 3


def main(out: Path) -> None:
    """Write the page and the diagrams."""
    results = pd.DataFrame(read_results(out))
    parts = []
    for budget, measured in results.groupby("budget"):
        scores = mean_scores(measured)
        ranks = mean_ranks(scores)
        drawing = diagram(ranks, critical_difference(len(ranks), len(scores)))
        (out / f"ranks-{budget:g}.svg").write_text(drawing, encoding="utf-8")
        parts.append(_section(float(str(budget)), measured, scores, ranks, drawing))
    (out / "report.html").write_text(_PAGE.format(body="\n".join(parts)), encoding="utf-8")
    print(f"{out / 'report.html'}")


def mean_scores(measured: pd.DataFrame) -> pd.DataFrame:
    """A row a table and a column an engine; an engine that failed on a split has no score there, and the last rank."""
    return measured.pivot_table(index="table", columns="engine", values="score", aggfunc=_mean_of_all, dropna=False)


def _mean_of_all(values: pd.Series) -> float:
    return float("nan") if values.isna().any() else float(values.mean())


def mean_ranks(scores: pd.DataFrame) -> dict[str, float]:
    """The mean rank of each engine, 1 for the best; ties share."""
    filled = scores.fillna(-math.inf)
    ranks = pd.DataFrame([rankdata(-row) for row in filled.to_numpy()], columns=scores.columns)
    return dict(ranks.mean().sort_values())


def critical_difference(engines: int, tables: int) -> float:
    """How far mean ranks must be apart to be told apart (Nemenyi)."""
    if engines < 2:  # noqa: PLR2004 - nothing to compare
        return 0.0
    q = float(studentized_range.ppf(_CONFIDENCE, engines, math.inf)) / math.sqrt(2)
    return q * math.sqrt(engines * (engines + 1) / (6 * tables))


def diagram(ranks: dict[str, float], distance: float) -> str:
    """The critical-difference diagram, as SVG."""
    most = max(2, len(ranks))
    height = 90 + _STEP * (len(ranks) + 2)

    def at(rank: float) -> float:
        return _LEFT + (rank - 1) / (most - 1) * (_WIDTH - 2 * _LEFT)

    lines = [f'<line x1="{at(1)}" y1="50" x2="{at(most)}" y2="50" stroke="currentColor"/>']
    lines += [f'<text x="{at(rank)}" y="40" text-anchor="middle">{rank}</text>' for rank in range(1, most + 1)]
    lines.append(f'<line x1="{at(1)}" y1="14" x2="{min(at(1 + distance), _WIDTH)}" y2="14" stroke="currentColor"/>')
    lines.append(f'<text x="{at(1)}" y="10">critical difference {distance:.2f}</text>')
    groups = _cliques(sorted(ranks.values()), distance)
    for number, (low, high) in enumerate(groups):
        y = 58 + 6 * number
        lines.append(f'<line x1="{at(low)}" y1="{y}" x2="{at(high)}" y2="{y}" stroke="currentColor" stroke-width="4"/>')
    below = 64 + 6 * len(groups)
    for place, (engine, rank) in enumerate(ranks.items(), start=1):
        y = below + _STEP * place
        lines.append(f'<line x1="{at(rank)}" y1="50" x2="{at(rank)}" y2="{y - 5}" stroke="currentColor" opacity=".5"/>')
        lines.append(f'<text x="{at(rank) + 5}" y="{y}">{html.escape(engine)} {rank:.2f}</text>')
    body = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 80} {height}" font-family="sans-serif" '
        f'font-size="14" fill="currentColor">\n{body}\n</svg>\n'
    )


def _cliques(ranks: list[float], distance: float) -> list[tuple[float, float]]:
    """Ranges of ranks within which none differ; a range inside another is not shown."""
    found: list[tuple[float, float]] = []
    for low in ranks:
        high = max(rank for rank in ranks if rank <= low + distance)
        if high > low and (not found or high > found[-1][1]):
            found.append((low, high))
    return found


def _section(budget: float, measured: pd.DataFrame, scores: pd.DataFrame, ranks: dict[str, float], drawing: str) -> str:
    kept = measured.assign(kept=measured["seconds"] / measured["budget"]).groupby("engine")["kept"]
    times = pd.DataFrame({"wall / budget, mean": kept.mean(), "most": kept.max()})
    splits = measured.groupby("table")["split"].nunique()
    told = f"{len(scores)} tables, {splits.min()} to {splits.max()} splits each. {_friedman(scores)}"
    return (
        f"<h2>{budget:g} s</h2><p>{html.escape(told)}</p>{drawing}"
        f"<div class=wide>{scores[list(ranks)].round(4).to_html(border=0, na_rep='failed')}</div>"
        f"<div class=wide>{times.round(3).to_html(border=0, na_rep='')}</div>"
    )


def _friedman(scores: pd.DataFrame) -> str:
    complete = scores.dropna()
    if scores.shape[1] < _ENOUGH_ENGINES or len(complete) < _ENOUGH_ENGINES:
        return "Too few engines or tables for a test."
    columns: list[Any] = [complete[name] for name in complete]
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

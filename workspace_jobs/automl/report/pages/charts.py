"""The figures of the report that no single prediction makes: scores side by side, and explanations."""

import numpy as np
from matplotlib.figure import Figure

from workspace_jobs.automl.report.findings.explanation import Explanation, PartialDependence
from workspace_jobs.automl.report.findings.leaderboard import Leaderboard
from workspace_jobs.evaluation import canvas
from workspace_jobs.evaluation.canvas import shown


def scores(board: Leaderboard, *, top: int = 15) -> Figure:
    """The scores of the `top` trials with their intervals, the best on top."""
    standings = board.standings[:top]
    figure, axes = canvas.empty_axes("Trials", board.metric, "", (5.6, 1.2 + 0.28 * len(standings)))
    rows, values = np.arange(len(standings)), np.array([standing.score for standing in standings])
    reach = np.array([(value - one.low, one.high - value) for one, value in zip(standings, values, strict=True)])
    axes.errorbar(values, rows, xerr=np.clip(np.nan_to_num(reach.T), 0, None), fmt="o", color=canvas.HUES[0])
    axes.set_yticks(rows, [shown(f"{standing.trial.number} {standing.trial.name}") for standing in standings])
    axes.set_ylim(len(standings) - 0.5, -0.5)
    return figure


def importances(explanation: Explanation, *, top: int = 15) -> Figure:
    """Bars of what the `top` features weigh."""
    names = explanation.features[:top]
    figure, axes = canvas.empty_axes("What the model looks at", "Importance", "", (5.6, 1.2 + 0.26 * len(names)))
    axes.barh(np.arange(len(names)), explanation.importance[:top], color=canvas.HUES[0])
    axes.set_yticks(np.arange(len(names)), [shown(name) for name in names])
    axes.invert_yaxis()
    axes.locator_params(axis="x", nbins=5)
    return figure


def dependence(found: PartialDependence, answer: str) -> Figure:
    """The answer over a feature: a line for numbers, bars for anything else."""
    figure, axes = canvas.empty_axes(shown(found.feature), shown(found.feature), shown(answer))
    numbers = [value for value in found.values if isinstance(value, float)]
    if len(numbers) == len(found.values):
        axes.plot(numbers, found.answers, color=canvas.HUES[0], marker="o", markersize=3)
        return figure
    axes.bar(np.arange(len(found.values)), found.answers, color=canvas.HUES[0])
    names = [shown(value) for value in found.values]
    axes.set_xticks(np.arange(len(names)), names, rotation=45, ha="right")
    return figure

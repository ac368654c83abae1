"""The report of a run: `report.html`, one page with everything, which needs no other file."""

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from workspace_jobs.automl.decisions import thresholds
from workspace_jobs.automl.decisions.calibration import calibration, expected_calibration_error
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.findings.fairness import Group, fairness, weakest_groups
from workspace_jobs.automl.report.findings.leaderboard import Leaderboard, Standing, leaderboard
from workspace_jobs.automl.report.pages import charts, html
from workspace_jobs.automl.report.pages.figures import figures_of
from workspace_jobs.automl.report.pages.model_card import EFFECT, OF_EFFECT, coverage_in_words
from workspace_jobs.automl.report.pages.trial_page import (
    Explained,
    explain_trial,
    explanation_section,
    has_columns_to_explain,
    trial_sections,
)
from workspace_jobs.automl.report.predictions import judged, members, predictions_of, truth
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.evaluation import classifiers

_BOARD_COLUMNS = (
    *("rank", "trial", "name", "score", "from", "to", "group", "training", "overfits"),
    *("fit s", "µs a row", "size", "Pareto"),
)
_GROUP_COLUMNS = ("column", "group", "rows", "score", "rate", "true rate")


def write_report(folder: RunFolder, *, explain_seconds: float = 10.0) -> Path:
    """Write `report.html`. Without seconds to explain in, nothing is fitted, and the page says how to explain later.

    Raises AutoMLError where no trial has finished.
    """
    board = leaderboard(folder)
    best = board.standings[0].trial
    is_explained = explain_seconds > 0 and has_columns_to_explain(folder.definition())
    explained = explain_trial(folder, best.number, seconds=explain_seconds) if is_explained else None
    sections = [
        _head(folder, board),
        _model(folder, board),
        _decision(folder),
        _board(board),
        _failures(folder),
        _figures(folder),
        _explanation(folder, explained),
        _groups(folder),
        _thresholds(folder),
        html.heading("best", f"The best trial: {best.number} {best.name}"),
        trial_sections(folder, best),
    ]
    draft = folder.report.with_suffix(".draft")
    draft.write_text(html.page(_title(folder), sections, f"Run {folder.path.name}, by mlws."), encoding="utf-8")
    draft.replace(folder.report)
    return folder.report


def _title(folder: RunFolder) -> str:
    definition = folder.definition()
    return f"{definition.target} of {Path(definition.data).name}"


def _head(folder: RunFolder, board: Leaderboard) -> str:
    definition, outcome = folder.definition(), folder.outcome()
    best = board.standings[0]
    pairs: list[tuple[str, object]] = [
        ("rows", f"{definition.rows:,}"),
        ("features", len(definition.schema.features)),
        ("problem", definition.problem),
        ("metric", definition.metric),
        ("finished trials", len(board.standings)),
    ]
    if outcome is not None:
        pairs.append(("took", f"{outcome.seconds:.1f} s"))
    verdict = f"The best of {len(board.standings)} trials, {best.trial.name}, has {board.metric} {_scored(best)}."
    explanations = "".join(f"<li>{escape(sentence)}</li>" for sentence in definition.explanations)
    ended = f"<li>Ended: {escape(outcome.reason)}.</li>" if outcome is not None else "<li>The run has not ended.</li>"
    return (
        f'<h1>{escape(_title(folder))}</h1>\n<p class="verdict">{escape(verdict)}</p>\n{html.facts(pairs)}\n'
        f'{html.heading("decisions", "What was decided")}\n<ul class="plain">{explanations}{ended}</ul>'
    )


def _scored(standing: Standing) -> str:
    bounds = "" if math.isnan(standing.low) else f" (95%: {standing.low:.4g} to {standing.high:.4g})"
    return f"{standing.score:.4g}{bounds}"


def _model(folder: RunFolder, board: Leaderboard) -> str:
    outcome, names = folder.outcome(), {one.trial.number: one.trial.name for one in board.standings}
    rows = [(part.number, names.get(part.number, ""), f"{part.weight:.0%}") for part in members(folder)]
    curse = board.curse
    luck = (
        f"To choose the best of many flatters it: of its {curse.claimed:.4g}, {html.text_of(curse.nested)} is left "
        "where the fold that judges had no part in the choice."
    )
    scores = []
    if outcome is not None:
        tested = outcome.test_scores
        scores = [(name, outcome.score(name), tested.get(name)) for name, values in outcome.scores.items() if values]
    return "\n".join(
        [
            html.heading("model", "The model", luck),
            html.table(("trial", "name", "share of the vote"), rows),
            html.table(("metric", "out of fold", "on test data"), scores),
        ]
    )


def _board(board: Leaderboard) -> str:
    told = (
        f"{board.metric}, the higher the better, with 95% intervals ({board.basis}). Trials of one group cannot be "
        "told apart. Overfits: far better on its training rows. Pareto: no other is as good, as fast and as small."
    )
    rows = [_row(standing) for standing in board.standings]
    front = [row for row, standing in zip(rows, board.standings, strict=True) if standing.on_pareto_front]
    return "\n".join(
        [
            html.heading("leaderboard", "Leaderboard", told),
            html.pictures([html.picture(charts.scores(board), "scores with intervals")]),
            html.table(_BOARD_COLUMNS, rows),
            html.heading("pareto", "Good, fast or small", "What no other trial beats in all three."),
            html.table(_BOARD_COLUMNS, front),
        ]
    )


def _row(standing: Standing) -> tuple[object, ...]:
    trial = standing.trial
    return (
        standing.rank,
        trial.number,
        trial.name,
        standing.score,
        standing.low,
        standing.high,
        standing.group,
        trial.train_score,
        standing.overfits,
        trial.fit_seconds,
        standing.predict_microseconds,
        html.size(trial.size_bytes),
        standing.on_pareto_front,
    )


def _failures(folder: RunFolder) -> str:
    rows = [(one.number, one.name, one.status, one.error) for one in folder.trials() if one.status != "finished"]
    if not rows:
        return ""
    told = "Pruned: its first folds showed that it was out of reach of the best, so the others were not tried."
    table = html.table(("trial", "name", "status", "why"), rows)
    return f"{html.heading('failed', 'Trials that did not finish', told)}\n{table}"


def _figures(folder: RunFolder) -> str:
    made = figures_of(folder, members(folder))
    plots = [html.picture(figure, name.replace("_", " ")) for name, figure in made.items()]
    outcome = folder.outcome()
    told = "The model's predictions for rows that its pipelines had not learned from."
    if outcome is not None and outcome.decision is not None:
        told += " They are those of the likeliest class, before any calibration."
    if outcome is not None and outcome.coverage is not None:
        told += f" {coverage_in_words(outcome.coverage)}"
    return f"{html.heading('figures', 'Figures', told)}\n{html.pictures(plots)}"


def _explanation(folder: RunFolder, explained: Explained | None) -> str:
    if not has_columns_to_explain(folder.definition()):
        return ""
    if explained is None:
        told = f"Left out for lack of time: write mlws automl explain {folder.path.name}"
        return html.heading("explanation", "What it looks at", told)
    return explanation_section(folder.definition(), explained)


def _groups(folder: RunFolder) -> str:
    definition = folder.definition()
    told = (
        "The groups of at least 30 rows with the lowest scores. Rates are the share given the positive class, or means."
    )
    found = [
        html.heading("groups", "Where it is weakest", told),
        html.table(_GROUP_COLUMNS, _rows(weakest_groups(folder))),
    ]
    if definition.fairness is not None:
        fair = fairness(folder, definition.fairness)
        told = (
            f"Between the groups of {definition.fairness}: score differs by {html.text_of(fair.score_difference)} "
            f"(ratio {html.text_of(fair.score_ratio)}), rate by {html.text_of(fair.rate_difference)} "
            f"(ratio {html.text_of(fair.rate_ratio)})."
        )
        found += [html.heading("fairness", "Fairness", told), html.table(_GROUP_COLUMNS, _rows(fair.groups))]
    return "\n".join(found)


def _rows(groups: Sequence[Group]) -> list[tuple[object, ...]]:
    return [(one.column, one.value, one.rows, one.score, one.rate, one.true_rate) for one in groups]


def _decision(folder: RunFolder) -> str:
    outcome = folder.outcome()
    if outcome is None or outcome.decision is None:
        return ""
    classes, decision = folder.definition().classes, outcome.decision
    matrix = classifiers.confusion_matrix(np.array(decision.confusion), [str(label) for label in classes])
    return "\n".join(
        [
            html.heading("decision", "How it answers", " ".join([*decision.words(classes), OF_EFFECT])),
            html.table(EFFECT, decision.effect()),
            html.pictures([html.picture(matrix, "confusion matrix as decided")]),
        ]
    )


def _thresholds(folder: RunFolder) -> str:
    definition, predictions = folder.definition(), predictions_of(folder, members(folder))
    if definition.problem != "binary":
        return ""
    rows = judged(predictions)
    target, probability = truth(folder)[rows], predictions[rows, 1]
    try:
        fit = calibration(target, predictions[rows], seed=definition.seed)
        best = {
            name: thresholds.best_threshold(target, probability, score, seed=definition.seed)
            for name, score in thresholds.SCORES.items()
        }
    except AutoMLError:  # too few rows of a class
        return ""
    after = [f"{loss:.4g} after {method}" for method, loss in fit.losses.items() if method != "none"]
    told = (
        f"Before any calibration, probabilities are off by {expected_calibration_error(target, probability):.3g} on "
        f"average. Their log loss is {fit.losses['none']:.4g}, {', '.join(after)} on rows that the fit had not seen. "
        "The options calibrate, threshold and costs of mlws automl run make a model answer so."
    )
    return "\n".join(
        [
            html.heading("thresholds", "From probabilities to decisions", told),
            html.table(
                ("for the best", f"{definition.classes[1]} from", "score", "score from one half"),
                [(name, one.value, one.score, one.default_score) for name, one in best.items()],
            ),
        ]
    )

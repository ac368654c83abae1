"""The model card: what the model is, how good, for whom worse, and what nobody but its publisher can say.

One content, written as Markdown (`model-card.md`) and as a page (`model-card.html`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from workspace_jobs.automl.report.findings.fairness import Fairness, fairness, weakest_groups
from workspace_jobs.automl.report.findings.leaderboard import Leaderboard, leaderboard
from workspace_jobs.automl.report.pages import html
from workspace_jobs.automl.report.predictions import members
from workspace_jobs.automl.run_folder import Definition, RunFolder

_FEW_ROWS = 1_000
EFFECT = ("measure", "likeliest class", "as decided")
OF_EFFECT = "Measured on rows that had no part in deciding; costs and log loss are the better the lower."
_LOAD = """\
import mlflow

model = mlflow.sklearn.load_model("model")  # the folder beside this card
model.predict(rows)  # a DataFrame with the columns that are listed under Data"""

_INTERVAL = "model.predict_interval(rows, confidence_level=0.9)  # the lower and the upper end for each row"


@dataclass(frozen=True)
class Section:
    """A heading with sentences, a table and code, each of which may be missing."""

    title: str
    sentences: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    code: str = ""


def write_model_card(folder: RunFolder) -> tuple[Path, Path]:
    """Write `model-card.md` and `model-card.html`. Raises AutoMLError where no trial has finished."""
    title = f"Model card: {folder.definition().target}"
    sections = model_card(folder)
    text, page = model_card_files(folder)
    text.write_text("\n\n".join([f"# {title}", *map(_markdown, sections)]) + "\n", encoding="utf-8")
    parts = [f"<h1>{escape(title)}</h1>", *map(_html, sections)]
    page.write_text(html.page(title, parts, f"Run {folder.path.name}, by mlws."), encoding="utf-8")
    return text, page


def model_card_files(folder: RunFolder) -> tuple[Path, Path]:
    """Where the card is written, as Markdown and as a page."""
    return folder.path / "model-card.md", folder.path / "model-card.html"


def model_card(folder: RunFolder) -> list[Section]:
    """The card's sections."""
    definition, board = folder.definition(), leaderboard(folder)
    fair = None if definition.fairness is None else fairness(folder, definition.fairness)
    return [
        _model(folder, definition, board),
        Section("Use", ("Intended use, and uses it is not meant for: to be written by who publishes the model.",)),
        _data(definition),
        _quality(folder, board),
        *_decision(folder, definition),
        *([] if fair is None else [_fairness(definition, fair)]),
        _limits(folder, definition, board),
        Section("Load it", code=_LOAD if definition.schema.timeline is None else f"{_LOAD}\n{_INTERVAL}"),
    ]


def _model(folder: RunFolder, definition: Definition, board: Leaderboard) -> Section:
    trials = {standing.trial.number: standing.trial for standing in board.standings}
    parts = members(folder)
    told = f"Predicts {definition.target} ({definition.problem}). Seed {definition.seed}, data {definition.digest}."
    rows = tuple((part.number, trials[part.number].estimator, f"{part.weight:.0%}") for part in parts)
    about = f"Metrics and rates are about {definition.classes[1]}." if definition.problem == "binary" else None
    return Section("Model", tuple(filter(None, (told, about))), ("trial", "estimator", "share of the vote"), rows)


def _data(definition: Definition) -> Section:
    schema = definition.schema
    kinds = ("numeric", "categorical", "high_cardinality", "dates", "text")
    rows = [(kind.replace("_", " "), ", ".join(getattr(schema, kind))) for kind in kinds if getattr(schema, kind)]
    left_out = tuple(f"{name} is left out: {reason}." for name, reason in schema.left_out.items())
    told = f"{definition.rows:,} rows of {Path(definition.data).name}. {definition.validation}"
    return Section("Data", (told, *left_out), ("kind", "columns"), tuple(rows))


def _quality(folder: RunFolder, board: Leaderboard) -> Section:
    outcome, best = folder.outcome(), board.standings[0]
    told = (
        f"The best single trial has {board.metric} {best.score:.4g}, 95% interval {html.text_of(best.low)} to "
        f"{html.text_of(best.high)} ({board.basis}). Every metric is a score: the higher the better, errors negated."
    )
    if outcome is None:
        return Section("Quality", (told,))
    more = () if outcome.coverage is None else (coverage_in_words(outcome.coverage),)
    rows = tuple(
        (name, sum(values) / len(values), outcome.test_scores.get(name))
        for name, values in outcome.scores.items()
        if values
    )
    return Section("Quality", (told, *more), ("metric", "out of fold", "on test data"), rows)


def _decision(folder: RunFolder, definition: Definition) -> list[Section]:
    outcome = folder.outcome()
    if outcome is None or outcome.decision is None:
        return []
    told = (*outcome.decision.words(definition.classes), OF_EFFECT)
    return [Section("Answers", told, EFFECT, tuple(outcome.decision.effect()))]


def coverage_in_words(coverage: float) -> str:
    """How much the intervals of a forecast can be trusted."""
    return f"Intervals of 90%, made by the errors from other origins, held {coverage:.1%} of what came."


def _fairness(definition: Definition, fair: Fairness) -> Section:
    told = (
        f"Groups of {definition.fairness}. Score: difference {html.text_of(fair.score_difference)}, ratio "
        f"{html.text_of(fair.score_ratio)}. Rate: difference {html.text_of(fair.rate_difference)}, ratio "
        f"{html.text_of(fair.rate_ratio)}."
    )
    rows = tuple((one.value, one.rows, one.score, one.rate, one.true_rate) for one in fair.groups)
    return Section("Fairness", (told,), ("group", "rows", "score", "rate", "true rate"), rows)


def _limits(folder: RunFolder, definition: Definition, board: Leaderboard) -> Section:
    """What was found that speaks for care; nothing where nothing was found."""
    found = []
    optimism, overfitting = board.curse.optimism, {one.trial.number for one in board.standings if one.overfits}
    if optimism > 0:
        found.append(f"The best trial's score is {optimism:.3g} too high, as far as folds that did not choose it tell.")
    found += [f"Trial {part.number} overfits." for part in members(folder) if part.number in overfitting]
    if definition.rows < _FEW_ROWS:
        found.append(f"{definition.rows:,} rows are few: other rows may give other scores.")
    if weakest := weakest_groups(folder, count=1):
        told = f"{weakest[0].column} {weakest[0].value}"
        found.append(f"Its lowest score, {weakest[0].score:.4g}, is for {told} ({weakest[0].rows} rows).")
    return Section("Limits", tuple(found) or ("None was found by mlws; it can't know them all.",))


def _markdown(section: Section) -> str:
    parts = [f"## {section.title}", *section.sentences]
    if section.rows:
        columns, rows = html.filled(section.columns, section.rows)
        lines = [columns, ["---"] * len(columns), *rows]
        parts.append("\n".join(f"| {' | '.join(_markdown_cells(line))} |" for line in lines))
    if section.code:
        parts.append(f"```python\n{section.code}\n```")
    return "\n\n".join(parts)


def _markdown_cells(cells: Sequence[object]) -> list[str]:
    return [html.text_of(cell).replace("|", "\\|") for cell in cells]


def _html(section: Section) -> str:
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in section.sentences)
    code = f"<pre><code>{escape(section.code)}</code></pre>" if section.code else ""
    name = section.title.lower().replace(" ", "-")
    return f"{html.heading(name, section.title)}{said}{html.table(section.columns, section.rows)}{code}"

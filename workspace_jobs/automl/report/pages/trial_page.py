"""All about one trial: a page of its own, whose parts the report shows for the best."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from matplotlib.figure import Figure

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.findings.explanation import (
    Explanation,
    PartialDependence,
    explain,
    partial_dependence,
)
from workspace_jobs.automl.report.pages import charts, figures, html
from workspace_jobs.automl.report.predictions import trial_of
from workspace_jobs.automl.report.refitted import refit
from workspace_jobs.automl.run_folder import Definition, Member, RunFolder
from workspace_jobs.automl.trial import Trial

_DEPENDENCES = 4


@dataclass(frozen=True)
class Explained:
    """What a trial's pipeline looks at, and how its answer depends on the heaviest features."""

    trial: Trial
    explanation: Explanation
    dependences: tuple[PartialDependence, ...]


def explain_trial(folder: RunFolder, number: int, *, seconds: float = 10.0) -> Explained:
    """Fit the trial's pipeline once more and explain it in about so many `seconds` besides.

    Raises AutoMLError where there is no such finished trial, and for a forecast.
    """
    trial = trial_of(folder, number)
    if not has_columns_to_explain(folder.definition()):
        raise AutoMLError(f"{folder.path} is a forecast, which looks at its own past and at no column: see report.html")
    fitted = refit(folder, trial)
    explanation = explain(fitted, seconds=seconds)
    heaviest = explanation.features[:_DEPENDENCES]
    return Explained(trial, explanation, tuple(partial_dependence(fitted, feature) for feature in heaviest))


def has_columns_to_explain(definition: Definition) -> bool:
    """Whether columns are what its trials look at, rather than the past of the target."""
    return definition.schema.timeline is None


def write_trial_page(folder: RunFolder, explained: Explained, *, seconds: float = 10.0) -> Path:
    """Write `trials/trial-NUMBER.html`, with the learning curve where its fits take about `seconds` at most."""
    definition, trial = folder.definition(), explained.trial
    plots = [html.picture(figure, name.replace("_", " ")) for name, figure in _figures(folder, trial).items()]
    told, needed = (
        "Of predictions for rows that the pipeline had not learned from.",
        figures.learning_curve_seconds(trial),
    )
    if needed > seconds:
        told += f" The learning curve is left out: it needs about {needed:.0f} s, so write --seconds {needed:.0f}."
    else:
        plots.append(html.picture(figures.learning_curve(folder, trial), "learning curve"))
    sections = [
        f"<h1>Trial {trial.number}: {escape(trial.name)}</h1>",
        html.facts(_facts(definition, trial)),
        trial_sections(folder, trial),
        html.heading("figures", "Figures", told),
        html.pictures(plots),
        explanation_section(definition, explained),
    ]
    file = folder.path / "trials" / f"trial-{trial.number}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html.page(f"Trial {trial.number}: {trial.name}", sections, f"Run {folder.path.name}, by mlws."))
    return file


def trial_sections(folder: RunFolder, trial: Trial) -> str:
    """Parameters, metrics on each fold, and the diagram of the pipeline."""
    definition = folder.definition()
    parameters, behind = dict(trial.parameters), "over steps of time"
    if has_columns_to_explain(definition):
        parameters |= {"scaling": trial.scaling, "encoding": trial.encoding}
        behind = "behind a preprocessing by kind of column"
    if trial.calibration != "none":
        parameters["calibration"] = trial.calibration
    folds = range(len(trial.scores[definition.metric]))
    return "\n".join(
        [
            html.heading("parameters", "Parameters", f"{trial.estimator}, {behind}."),
            html.table(("parameter", "value"), [(name, str(value)) for name, value in parameters.items()]),
            html.heading("folds", "Metrics on each fold", "The higher the better: errors are negated."),
            html.table(
                ("metric", "mean", *(f"fold {fold + 1}" for fold in folds)),
                [(name, trial.score(name), *values) for name, values in trial.scores.items()],
            ),
            html.heading("pipeline", "Pipeline"),
            f'<div class="diagram">{figures.diagram(folder, trial)}</div>',
        ]
    )


def explanation_section(definition: Definition, explained: Explained) -> str:
    """What the pipeline looks at, and how its answer depends on it."""
    found, trial = explained.explanation, explained.trial
    told = f"Trial {trial.number}, on {len(found.rows)} rows that it had not learned from, by {found.method}."
    answer = f"probability of {definition.classes[-1]}" if definition.classes else definition.target
    plots = [html.picture(charts.importances(found), "importance of features")]
    plots += [
        html.picture(charts.dependence(one, answer), f"{answer} over {one.feature}") for one in explained.dependences
    ]
    return f"{html.heading('explanation', 'What it looks at', told)}\n{html.pictures(plots)}"


def _figures(folder: RunFolder, trial: Trial) -> dict[str, Figure]:
    return figures.figures_of(folder, (Member(trial.number, 1.0),))


def _facts(definition: Definition, trial: Trial) -> list[tuple[str, object]]:
    return [
        (definition.metric, trial.score(definition.metric)),
        ("on training rows", trial.train_score),
        ("fit, all folds", f"{trial.fit_seconds:.2f} s"),
        ("predict, all folds", f"{trial.predict_seconds:.3f} s"),
        ("size", html.size(trial.size_bytes)),
    ]

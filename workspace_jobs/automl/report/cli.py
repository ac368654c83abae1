"""The commands `mlws automl report`, `notebook` and `explain`: a finished run's folder in, pages and notebooks out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace_jobs.presentation import echo_json, echo_pairs, echo_table

if TYPE_CHECKING:
    from workspace_jobs.automl.run_folder import RunFolder

_MOST_FEATURES = 15
folder_argument = click.argument("run_folder", type=click.Path(path_type=Path, file_okay=False))
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command("report")
@folder_argument
@click.option(
    "--explain-seconds",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    help="How long to explain the best trial; 0 fits nothing.",
)
@json_option
def report(run_folder: Path, explain_seconds: float, *, as_json: bool) -> None:
    """Write the report and the model card of the AutoML run in RUN_FOLDER."""
    from workspace_jobs.automl.report.pages.model_card import write_model_card
    from workspace_jobs.automl.report.pages.report_page import write_report

    folder = _folder(run_folder)
    page = write_report(folder, explain_seconds=explain_seconds)
    card, card_page = write_model_card(folder)
    if as_json:
        echo_json({"report": page, "model_card": card, "model_card_page": card_page})
    else:
        echo_pairs([("report", page), ("model card", card), ("the same as a page", card_page)])


@click.command("notebook")
@folder_argument
@click.option("--trial", "trials", type=click.IntRange(min=0), multiple=True, help="The number of a trial; repeatable.")
@click.option("--best", type=click.IntRange(min=1), help="So many of the best trials; 1 where no trial is named.")
@json_option
def notebook(run_folder: Path, trials: tuple[int, ...], best: int | None, *, as_json: bool) -> None:
    """Write notebooks that reproduce trials of the AutoML run in RUN_FOLDER, exactly and in plain scikit-learn."""
    from workspace_jobs.automl.report.notebooks.trial_notebook import write_best_notebooks, write_trial_notebook
    from workspace_jobs.automl.report.predictions import trial_of

    folder = _folder(run_folder)
    for number in trials:  # before the first is written
        trial_of(folder, number)
    files = [write_trial_notebook(folder, number) for number in trials]
    if best is not None or not trials:
        files += [file for file in write_best_notebooks(folder, best or 1) if file not in files]
    if as_json:
        echo_json({"notebooks": files})
    else:
        click.echo("\n".join(map(str, files)))


@click.command("explain")
@folder_argument
@click.option("--trial", type=click.IntRange(min=0), help="The number of a trial; else the best.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    help="How long to explain, about; a learning curve that takes longer is left out.",
)
@json_option
def explain(run_folder: Path, trial: int | None, seconds: float, *, as_json: bool) -> None:
    """Say what a trial of the AutoML run in RUN_FOLDER looks at, and write a page with all its figures."""
    from workspace_jobs.automl.report.pages.trial_page import explain_trial, write_trial_page
    from workspace_jobs.automl.report.predictions import finished_trials

    folder = _folder(run_folder)
    number = finished_trials(folder)[0].number if trial is None else trial
    explained = explain_trial(folder, number, seconds=seconds)
    page, found = write_trial_page(folder, explained, seconds=seconds), explained.explanation
    weights = [(name, float(value)) for name, value in zip(found.features, found.importance, strict=True)]
    if as_json:
        echo_json({"trial": number, "method": found.method, "importance": dict(weights), "page": page})
        return
    click.echo(f"trial {number}, {explained.trial.name}: {found.method}")
    echo_table(("FEATURE", "IMPORTANCE"), weights[:_MOST_FEATURES])
    if len(weights) > _MOST_FEATURES:
        click.echo(f"and {len(weights) - _MOST_FEATURES} more: --json has them all")
    click.echo(str(page))


def _folder(path: Path) -> "RunFolder":
    """The run in `path`. Raises AutoMLError where there is none."""
    from workspace_jobs.automl.run_folder import RunFolder

    folder = RunFolder(path)
    folder.definition()
    return folder

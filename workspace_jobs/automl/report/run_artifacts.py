"""What MLflow gets of a run besides numbers: its pages; of the best trials figures, diagram and notebook."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workspace_jobs.automl.report.notebooks.trial_notebook import write_trial_notebook
from workspace_jobs.automl.report.pages import figures
from workspace_jobs.automl.report.pages.model_card import model_card_files
from workspace_jobs.automl.report.predictions import finished_trials
from workspace_jobs.automl.run_folder import Member, RunFolder
from workspace_jobs.automl.trial import Trial

if TYPE_CHECKING:
    from mlflow import MlflowClient

_BEST = 5
# What the files of a trial take on an idle machine, with room to spare; then, what those of the last one took.
_FIRST_SECONDS, _MARGIN = 2.0, 1.5
_MOST_FOR_LEARNING_CURVE = 10.0


def log_artifacts(
    client: "MlflowClient",
    folder: RunFolder,
    run_id: str,
    children: Mapping[int, str],
    seconds_left: Callable[[], float],
) -> None:
    """Log report and model card to `run_id`; then, while time is left, to the best trials' own runs what is theirs.

    `children` are runs by the number of the trial.
    """
    for file in (folder.report, *model_card_files(folder)):
        client.log_artifact(run_id, str(file))
    needed = _FIRST_SECONDS
    for trial in finished_trials(folder)[:_BEST]:
        if seconds_left() < needed:
            break
        began = time.monotonic()
        run = children[trial.number]
        client.log_artifacts(run, str(write_trial_figures(folder, trial, seconds_left() - needed)))
        client.log_artifact(run, str(write_trial_notebook(folder, trial.number)))
        needed = _MARGIN * (time.monotonic() - began)


def write_trial_figures(folder: RunFolder, trial: Trial, curve_seconds: float) -> Path:
    """Write `trials/NUMBER`: each figure as a picture, and the diagram of the pipeline as `pipeline.html`.

    The learning curve is among the figures where its fits take at most `curve_seconds`.
    """
    place = folder.path / "trials" / str(trial.number)
    place.mkdir(parents=True, exist_ok=True)
    drawn = figures.figures_of(folder, (Member(trial.number, 1.0),))
    if figures.learning_curve_seconds(trial) <= min(curve_seconds, _MOST_FOR_LEARNING_CURVE):
        drawn["learning_curve"] = figures.learning_curve(folder, trial)
    for name, figure in drawn.items():
        figure.savefig(place / f"{name}.png", dpi=100)
    (place / "pipeline.html").write_text(figures.diagram(folder, trial), encoding="utf-8")
    return place

"""The command `mlws automl`: options in, a run or a list of candidates out; the work is done next door."""

import importlib
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from workspace_jobs.automl.options import Options
from workspace_jobs.automl.placing import Placement
from workspace_jobs.automl.run_options import run_options
from workspace_jobs.cli import config_option
from workspace_jobs.presentation import echo_json, echo_pairs, echo_table

if TYPE_CHECKING:
    from workspace_jobs.automl.decisions.decision import Decision
    from workspace_jobs.automl.engine import Result

_SHOWN_TRIALS = 10


class _Commands(click.Group):
    """The commands of AutoML; those of its parts are imported when they are called, with what they need."""

    _PARTS: ClassVar[Mapping[str, str]] = {
        "explain": "workspace_jobs.automl.report.cli:explain",
        "explore": "workspace_jobs.automl.profile.cli:explore",
        "notebook": "workspace_jobs.automl.report.cli:notebook",
        "report": "workspace_jobs.automl.report.cli:report",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self._PARTS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._PARTS:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._PARTS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands)
def automl() -> None:
    """From a table to the best model for it, every step of it open."""


@automl.command("run")
@click.argument("data")
@run_options
@click.option("--candidates-only", is_flag=True, help="Write candidates.yaml into --out, to be edited; train nothing.")
@click.option("--register-as", metavar="NAME", help="Register the model in MLflow under this name.")
@click.option("--tracking-uri", metavar="URI", help="Where MLflow runs go; else MLFLOW_TRACKING_URI, else mlflow.db.")
@click.option("--experiment", metavar="NAME", help="The MLflow experiment; else one of the data's name.")
@click.option("--no-tracking", is_flag=True, help="Log nothing to MLflow.")
@click.option(
    "--engine",
    type=click.Choice(("open", "azure")),
    default="open",
    show_default=True,
    help="This engine, or Azure's own AutoML as a job of the workspace.",
)
@click.option(
    "--here", is_flag=True, help="Run on this machine, as it does where neither --compute nor azure is named."
)
@click.option("--compute", metavar="NAME", help="Run as a job of the workspace, on this compute.")
@click.option(
    "--environment", metavar="NAME:VERSION", help="The job's environment; else one with what the engine needs."
)
@click.option("--stream", "streaming", is_flag=True, help="Show the log of the job and wait for its end.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run_command(data: str, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - as Placement and Options have them
    """Find the best model for the table DATA, and keep everything about the search in a folder.

    DATA is a CSV, Parquet or JSON-lines file, a folder (Delta, MLTable), a data asset of the workspace
    (azureml:NAME:VERSION or azureml:NAME@latest), or a data set of scikit-learn such as digits.
    """
    began = time.monotonic()
    place = Placement(**{one.name: given.pop(one.name) for one in fields(Placement)})
    options = Options(**given)
    place.check(data, options)
    if place.candidates_only:
        _write_candidates(data, options, as_json=as_json)
        return
    if place.is_job:
        _submit(data, options, place, as_json=as_json)
        return
    from workspace_jobs.automl.api import run_with
    from workspace_jobs.automl.progress import Lines, Table
    from workspace_jobs.automl.tracking import Tracking

    tracking = None if place.no_tracking else Tracking(place.tracking_uri, place.experiment, place.register_as)
    progress = Table() if sys.stderr.isatty() else Lines(lambda line: click.echo(line, err=True))
    result = run_with(data, options, progress, tracking=tracking, began=began)
    if as_json:
        echo_json(summary(result))
        return
    _echo(result)


def _submit(data: str, options: Options, place: Placement, *, as_json: bool) -> None:
    from workspace_jobs.cli import follow_submitted
    from workspace_jobs.connection import connect

    if place.engine == "azure":
        from workspace_jobs.automl.azure_engine import prepare, submit
        from workspace_jobs.automl.run_folder import data_name
        from workspace_jobs.names import experiment_from

        prepared = prepare(data, options)
        workspace = connect(options.config)
        for line in prepared.explanations:
            click.echo(line, err=True)
        experiment = place.experiment or experiment_from(data_name(data))
        name = str(submit(prepared, options, workspace, place.compute, experiment).name)
    else:
        from workspace_jobs.automl.compute_job.request import Request
        from workspace_jobs.automl.compute_job.submission import Place, submit_run

        workspace = connect(options.config)
        wanted = Place(place.compute, place.environment, place.experiment)
        name = submit_run(workspace, Request(data, options, place.register_as), wanted)
    follow_submitted(workspace, name, streaming=place.streaming, as_json=as_json)


def summary(result: "Result") -> dict[str, Any]:
    """What a program wants to know of a run."""
    outcome, metric = result.outcome, result.definition.metric
    return {
        "folder": str(result.folder.path),
        "problem": result.definition.problem,
        "metric": metric,
        "rows": result.definition.rows,
        "source_rows": result.definition.source_rows,
        "score": outcome.score(metric),
        "scores": {name: outcome.score(name) for name in outcome.scores},
        "test_scores": dict(outcome.test_scores),
        "decision": None if outcome.decision is None else asdict(outcome.decision),
        "coverage": outcome.coverage,
        "reason": outcome.reason,
        "seconds": outcome.seconds,
        "members": [{"trial": member.number, "weight": member.weight} for member in outcome.members],
        "explanations": list(result.definition.explanations),
        "trials": [trial.to_json() for trial in result.ranked()],
        "model": str(result.folder.model),
        "report": str(result.folder.report) if result.folder.report.exists() else None,
        "run_id": result.run_id,
    }


def _echo(result: "Result") -> None:
    outcome, metric = result.outcome, result.definition.metric
    rows = [
        (trial.number, trial.name, trial.score(metric) if trial.error is None else "", trial.seconds, trial.error or "")
        for trial in result.ranked()[:_SHOWN_TRIALS]
    ]
    echo_table(("TRIAL", "CANDIDATE", metric.upper(), "SECONDS", "NOT FINISHED"), rows)
    names = {trial.number: trial.name for trial in result.trials}
    model = " + ".join(f"{member.weight:.2f} {names[member.number]}" for member in outcome.members)
    click.echo()
    echo_pairs(
        [
            ("ended because", outcome.reason),
            ("trials", _counted(result)),
            ("seconds", round(outcome.seconds, 1)),
            ("model", model if len(outcome.members) > 1 else names[outcome.members[0].number]),
            (metric, outcome.score(metric)),
            *((f"test {name}", value) for name, value in outcome.test_scores.items()),
            *_effect(outcome.decision),
            ("in intervals of 90%", None if outcome.coverage is None else f"{outcome.coverage:.1%} of what came"),
            ("folder", result.folder.path),
            ("report", result.folder.report if result.folder.report.exists() else None),
            ("MLflow run", result.run_id),
        ]
    )


def _counted(result: "Result") -> str:
    counts = Counter(trial.status for trial in result.trials)
    return ", ".join(f"{count} {status}" for status, count in counts.items())


def _effect(decision: "Decision | None") -> list[tuple[str, object]]:
    if decision is None:
        return []
    answers = [] if decision.threshold is None else [("threshold", decision.threshold)]
    changed = [(name, f"{before:.4g} before, {after:.4g} as decided") for name, before, after in decision.effect()]
    return [("calibration", decision.calibration), *answers, *changed]


def _write_candidates(data: str, options: Options, *, as_json: bool) -> None:
    from workspace_jobs.automl.candidates import definitions as candidates
    from workspace_jobs.automl.preparation import prepare_run
    from workspace_jobs.automl.report.notebooks.candidates_notebook import write_candidates_notebook

    prepared = prepare_run(data, options)
    file = (options.out or Path()) / "candidates.yaml"
    candidates.write(prepared.candidates, file)
    notebook = write_candidates_notebook(prepared, data, file.with_suffix(".ipynb"), seed=options.seed)
    if as_json:
        named = [{"name": found.name, "algorithm": found.algorithm} for found in prepared.candidates]
        told = list(prepared.explanations)
        echo_json({"file": str(file), "notebook": str(notebook), "explanations": told, "candidates": named})
        return
    for line in prepared.explanations:
        click.echo(line)
    click.echo(f"{len(prepared.candidates)} candidates in {file}; edit it, then run it with --candidates {file}")
    click.echo(f"{notebook} explains them")

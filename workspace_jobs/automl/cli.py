"""The command `mlws automl`: options in, a run or a list of candidates out; the work is done next door."""

import importlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from workspace_jobs.automl.options import DEFAULT_SECONDS, Options
from workspace_jobs.automl.placing import Placement
from workspace_jobs.cli import config_option
from workspace_jobs.presentation import echo_json, echo_pairs, echo_table

if TYPE_CHECKING:
    from workspace_jobs.automl.decisions.decision import Decision
    from workspace_jobs.automl.engine import Result

_SHOWN_TRIALS = 10
_GIB = 2**30
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


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


_OPTIONS = (
    click.option("--target", required=True, metavar="COL", help="The column to predict."),
    click.option(
        "--problem",
        type=click.Choice(("auto", "binary", "multiclass", "regression", "forecast")),
        default="auto",
        show_default=True,
        help="What is to be predicted.",
    ),
    click.option("--metric", default="auto", show_default=True, help="What decides: any scorer of scikit-learn."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=1),
        metavar="SECONDS",
        help=f"The time for everything; {DEFAULT_SECONDS:.0f} if there is no --max-trials either.",
    ),
    click.option("--max-trials", type=click.IntRange(min=1), help="How many candidates to try."),
    click.option("--trial-timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", help="The time for a trial."),
    click.option("--candidates", type=_FILE, help="Try what this file defines, instead of the portfolio."),
    click.option(
        "--include",
        multiple=True,
        metavar="COL",
        help="Learn from this column; of many, only from these. Of a forecast: it is known in advance.",
    ),
    click.option("--exclude", multiple=True, metavar="COL", help="Do not learn from this column."),
    click.option("--allow", multiple=True, metavar="ALGORITHM", help="Try this family of algorithms, and no other."),
    click.option("--block", multiple=True, metavar="ALGORITHM", help="Do not try this family of algorithms."),
    click.option("--time-column", metavar="COL", help="The time of each row: judge by rows later than those learned."),
    click.option(
        "--group-column",
        multiple=True,
        metavar="COL",
        help="Rows with the same value stay in one fold; of a forecast, are one series. Several tell groups apart.",
    ),
    click.option(
        "--horizon", type=click.IntRange(min=1), metavar="N", help="How many steps ahead a forecast is judged."
    ),
    click.option("--weight-column", metavar="COL", help="How much each row counts."),
    click.option("--fairness-column", metavar="COL", help="Whom the report compares the model's errors for."),
    click.option(
        "--validation",
        default="auto",
        show_default=True,
        help="Folds (5, or 5x3 to repeat them), a share to hold out (0.2), or a table.",
    ),
    click.option("--test", metavar="FILE", help="A table that judges the finished model, and nothing else."),
    click.option(
        "--missing-target",
        type=click.Choice(("drop", "refuse")),
        default="drop",
        show_default=True,
        help="What to do with rows that have no target.",
    ),
    click.option("--calibrate", is_flag=True, help="Calibrate the model's probabilities on out-of-fold predictions."),
    click.option(
        "--threshold",
        metavar="auto|P",
        help="Answer with the second class from this probability on; auto for the best of the metric.",
    ),
    click.option("--costs", metavar="fn=5,fp=1|FILE", help="Answer with the class of least expected cost."),
    click.option("--parallel", type=click.IntRange(min=1), help="Trials at a time; else as many as there are cores."),
    click.option(
        "--memory",
        type=click.FloatRange(min=0.01),
        metavar="GIB",
        callback=lambda _context, _option, value: None if value is None else int(value * _GIB),
        help="What the run may use; of a larger table a part of the rows is learned from. Else what is free.",
    ),
    click.option(
        "--executor",
        type=click.Choice(("local", "ray")),
        default="local",
        show_default=True,
        help="Where trials run: processes of this machine, or a Ray cluster.",
    ),
    click.option(
        "--ray-address", metavar="HOST:PORT", help="The Ray cluster to join; else RAY_ADDRESS, else a new one."
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="The same seed makes the same choices."),
    click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder of the run."),
    click.option("--report/--no-report", default=True, show_default=True, help="Write report.html and a model card."),
    click.option("--resume", is_flag=True, help="Go on with the run in --out."),
)


def _run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@automl.command("run")
@click.argument("data")
@_run_options
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
def run_command(  # noqa: PLR0913 - one parameter an option
    data: str,
    *,
    candidates_only: bool,
    register_as: str | None,
    tracking_uri: str | None,
    experiment: str | None,
    no_tracking: bool,
    engine: str,
    here: bool,
    compute: str | None,
    environment: str | None,
    streaming: bool,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - as Options has them
) -> None:
    """Find the best model for the table DATA, and keep everything about the search in a folder.

    DATA is a CSV, Parquet or JSON-lines file, a folder (Delta, MLTable), a data asset of the workspace
    (azureml:NAME:VERSION or azureml:NAME@latest), or a data set of scikit-learn such as digits.
    """
    began = time.monotonic()
    options = Options(**given)
    place = Placement(engine, here, compute, environment, streaming, experiment, tracking_uri, no_tracking, register_as)
    place.check(data, options)
    if candidates_only:
        _write_candidates(data, options, as_json=as_json)
        return
    if place.is_job:
        _submit(data, options, place, as_json=as_json)
        return
    from workspace_jobs.automl.api import run_with
    from workspace_jobs.automl.progress import Lines, Table
    from workspace_jobs.automl.tracking import Tracking

    tracking = None if no_tracking else Tracking(tracking_uri, experiment, register_as)
    progress = Table() if sys.stderr.isatty() else Lines(lambda line: click.echo(line, err=True))
    result = run_with(data, options, progress, tracking=tracking, began=began)
    if as_json:
        echo_json(summary(result))
        return
    _echo(result)


def _submit(data: str, options: Options, place: Placement, *, as_json: bool) -> None:
    from workspace_jobs.cli import follow_submitted
    from workspace_jobs.connection import connect

    workspace = connect(options.config)
    if place.engine == "azure":
        from workspace_jobs.automl.azure_engine import submit

        name = str(submit(data, options, workspace, place.compute, place.experiment).name)
    else:
        from workspace_jobs.automl.compute_job.request import Request
        from workspace_jobs.automl.compute_job.submission import Place, submit_run

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

"""The command `mlws sweep`: arguments in, the best trial out; the work is done next door."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workspace_jobs.cli import INTERRUPTED
from workspace_jobs.presentation import echo_json, echo_pairs
from workspace_jobs.training.options import job_options

if TYPE_CHECKING:
    from workspace_jobs.logging_policy import LoggingPolicy
    from workspace_jobs.sweeps.coordinator import SweepOutcome
    from workspace_jobs.sweeps.definition import SweepDefinition
    from workspace_jobs.sweeps.recorder import Recorder
    from workspace_jobs.training.job import Asked


@click.command()
@click.argument("target", required=False)
@click.option("--grid", multiple=True, metavar="K=VALUES", help="Try `0.1,1`, `0:1:0.1`, `logspace(-5,1,30)`.")
@click.option("--random", multiple=True, metavar="K=DIST", help="Draw from `uniform(0,1)`, `loguniform(1e-5,10)`.")
@click.option("--param", "parameters", multiple=True, metavar="K=V", help="A parameter that stays the same.")
@click.option("--sampler", type=click.Choice(["grid", "random", "tpe"]), help="Else grid, or random with --random.")
@click.option("--metric", help="Which metric counts; needed where a trial has several.")
@click.option("--goal", type=click.Choice(["minimize", "maximize"]), help="What to do with it; else minimize.")
@click.option("--max-trials", type=click.IntRange(min=1), help="How many trials at most; else the grid, or 20.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds that the sweep may take.")
@click.option("--trial-timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds that a trial may take.")
@click.option("--patience", type=click.IntRange(min=1), help="Stop after so many trials without improvement.")
@click.option(
    "--early-termination", metavar="POLICY", help="End trials that lag: `bandit(slack_factor=0.1)`, `median_stopping`."
)
@click.option("--parallel", type=click.IntRange(min=1), help="Processes at the same time; else one a core.")
@click.option("--seed", type=int, help="What random values are drawn from; else 0.")
@click.option("--resume", metavar="RUN", help="Go on with an interrupted sweep, by the id of its run.")
@job_options(compute="Submit a sweep job of the workspace instead, on this compute.")
def sweep(target: str | None, resume: str | None, config: Path | None, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - as click hands them over
    """Try TARGET with many values: script.py, script.py:function, module:function, or a sweep job's YAML file.

    A script gets `--name value` arguments; a function gets keyword arguments and returns what it measured.
    """
    from workspace_jobs.training.job import Asked

    where = {name: options.pop(name) for name in ("compute", "streaming", "tracking_uri", "autolog")}
    run = {name: options.pop(name) for name in ("experiment", "name", "tags", "environment")}
    if (target is None) == (resume is None):
        raise click.UsageError("name a script, module:function or sweep file, or --resume RUN, and not both")
    if resume is not None:
        submitted = {name: where[name] for name in ("compute", "streaming")}
        _refuse({**options, **run, **submitted}, "--resume goes on with what the sweep was asked for")
        _resume(resume, where["tracking_uri"], config, where["autolog"], as_json=as_json)
        return
    assert target is not None
    asked = Asked(target, autolog=where["autolog"], **run)
    if where["compute"]:
        name = _submitted(target, options, asked, config, where["compute"])
        _follow(name, config, streaming=where["streaming"], as_json=as_json)
        return
    if where["streaming"] or run["environment"]:
        raise click.UsageError("--stream and --environment are for a submitted sweep: write --compute too")
    definition, asked = _asked(target, options, asked)
    _begin(definition, asked, where["tracking_uri"], config, as_json=as_json)


def _asked(target: str, options: dict[str, Any], asked: "Asked") -> "tuple[SweepDefinition, Asked]":
    from workspace_jobs.sweeps.asked import AskedSweep, definition_of
    from workspace_jobs.sweeps.job_file import is_job_file, read_job_file

    wanted = AskedSweep(**options)
    cores = os.cpu_count() or 1
    if is_job_file(target):
        return read_job_file(Path(target), wanted, asked, cores)
    return definition_of(target, wanted, cores), asked


def _refuse(options: dict[str, Any], why: str) -> None:
    """Raise UsageError for the first option that was given."""
    stated = [name for name, value in options.items() if value]
    if stated:
        spelled = {"parameters": "param", "tags": "tag", "streaming": "stream"}
        option = spelled.get(stated[0], stated[0].replace("_", "-"))
        raise click.UsageError(f"{why}: leave --{option} out")


def _begin(
    definition: "SweepDefinition", asked: "Asked", tracking_uri: str | None, config: Path | None, *, as_json: bool
) -> None:
    from workspace_jobs.sweeps.here import begin_sweep
    from workspace_jobs.tracking.location import tracking_uri as chosen
    from workspace_jobs.training.job import local_policy

    policy = local_policy(config, asked.autolog)
    recorder = begin_sweep(definition, asked, chosen(tracking_uri))
    _run(definition, recorder, policy, tracking_uri, as_json=as_json)


def _resume(parent: str, tracking_uri: str | None, config: Path | None, autolog: str | None, *, as_json: bool) -> None:
    from workspace_jobs.sweeps.here import resume_sweep
    from workspace_jobs.tracking.location import tracking_uri as chosen
    from workspace_jobs.training.job import local_policy

    policy = local_policy(config, autolog)
    recorder, definition = resume_sweep(parent, chosen(tracking_uri))
    _run(definition, recorder, policy, tracking_uri, as_json=as_json)


def _run(
    definition: "SweepDefinition",
    recorder: "Recorder",
    policy: "LoggingPolicy",
    tracking_uri: str | None,
    *,
    as_json: bool,
) -> None:
    from workspace_jobs.sweeps.here import run_here
    from workspace_jobs.sweeps.progress import shown_progress

    click.echo(f"sweep {recorder.parent}: {definition.max_trials} trials of {definition.target}", err=True)
    try:
        with shown_progress() as watcher:
            outcome = run_here(definition, recorder, policy, watcher)
    except KeyboardInterrupt:
        elsewhere = f" --tracking-uri {tracking_uri}" if tracking_uri else ""
        click.echo(f"\ninterrupted; to go on: mlws sweep --resume {recorder.parent}{elsewhere}", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    if as_json:
        echo_json(outcome)
    else:
        _echo(outcome)


def _submitted(target: str, options: dict[str, Any], asked: "Asked", config: Path | None, compute: str) -> str:
    from workspace_jobs.connection import connect
    from workspace_jobs.sweeps.job_file import is_job_file
    from workspace_jobs.sweeps.remote import submit_job_file, submit_sweep

    if is_job_file(target):
        _refuse(
            {**options, "tags": asked.tags, "environment": asked.environment}, f"a workspace does what {target} says"
        )
        return submit_job_file(connect(config), Path(target), asked, compute)
    definition, asked = _asked(target, options, asked)
    return submit_sweep(connect(config), definition, asked, compute)


def _follow(name: str, config: Path | None, *, streaming: bool, as_json: bool) -> None:
    from workspace_jobs.cli import follow_submitted
    from workspace_jobs.connection import connect

    follow_submitted(connect(config), name, streaming=streaming, as_json=as_json)


def _echo(outcome: "SweepOutcome") -> None:
    from workspace_jobs.sweeps.progress import shortfall

    best = outcome.best
    echo_pairs(
        [
            ("sweep", outcome.run_id),
            ("status", outcome.status),
            ("ended because", outcome.reason),
            ("trials", f"{outcome.trials}{shortfall(outcome.failed, outcome.ended_early)}"),
            ("took", f"{outcome.seconds:.2f} s"),
            *(
                [
                    ("best run", best.run_id),
                    *((f"param {name}", value) for name, value in best.parameters.items()),
                    *((f"metric {name}", value) for name, value in best.metrics.items() if "system/" not in name),
                ]
                if best
                else [("best", "name the metric that counts: --metric")]
            ),
        ]
    )

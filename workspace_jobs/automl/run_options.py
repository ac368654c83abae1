"""What `mlws automl run` may be asked, as options of click; `Options` has the same names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workspace_jobs.automl.options import DEFAULT_SECONDS

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_GIB = 2**30

_OPTIONS = (
    click.option("--target", required=True, metavar="COL", help="The column to predict."),
    click.option(
        "--problem",
        type=click.Choice(("auto", "binary", "multiclass", "regression", "forecast")),
        default="auto",
        show_default=True,
        help="What is to be predicted.",
    ),
    click.option(
        "--positive",
        metavar="LABEL",
        help="Of two classes, the one that metrics and thresholds are about; else the rare one, else the last.",
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
        help="Answer with the positive class from this probability on; auto for the best of the metric.",
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


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` all of them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command

"""`python -m workspace_jobs.automl.compute_job REQUEST [--table NAME=PATH]...`: a run, on a compute.

The run of the job is the parent of the trials' runs. The run's folder is left in `outputs`, which Azure ML keeps.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from workspace_jobs.automl.compute_job.request import Request
from workspace_jobs.errors import JobsError

# Azure ML makes artifacts of the run of what it finds there.
_OUT = Path("outputs") / "automl"


def main(arguments: list[str]) -> int:
    """Run it; the exit code for the operating system."""
    parser = argparse.ArgumentParser(prog="workspace_jobs.automl.compute_job")
    parser.add_argument("request", type=Path)
    parser.add_argument("--table", action="append", default=[], type=_pair)
    given = parser.parse_args(arguments)
    # Two lines of links a trial would bury the scores.
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
    try:
        _run(Request.read(given.request), dict(given.table))
    except JobsError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return 0


def _run(request: Request, tables: dict[str, str]) -> None:
    from workspace_jobs.automl.api import run_with
    from workspace_jobs.automl.progress import Lines
    from workspace_jobs.automl.tracking import Tracking

    options = replace(
        request.options,
        out=_OUT,
        data_name=request.data,
        test=tables.get("test"),
        validation=tables.get("validation", request.options.validation),
    )
    tracking = Tracking(register_as=request.register_as, is_whole=True)
    result = run_with(tables.get("data", request.data), options, Lines(_say), tracking=tracking)
    outcome, metric = result.outcome, result.definition.metric
    _say(f"Ended because {outcome.reason}. Best: {result.ranked()[0].name}; {metric} {outcome.score(metric):.4f}.")
    for name, value in outcome.test_scores.items():
        _say(f"On the test data: {name} {value:.4f}.")


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

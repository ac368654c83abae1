"""A sweep on this machine, begun or resumed."""

import contextlib
import os
from dataclasses import replace

from workspace_jobs.errors import JobsError
from workspace_jobs.logging_policy import LoggingPolicy
from workspace_jobs.runs.client import store_errors
from workspace_jobs.runs.opening import prepare_store
from workspace_jobs.sweeps.coordinator import SweepOutcome, Watcher, run_sweep
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.recorder import Recorder
from workspace_jobs.tracking.location import outbox, sqlite_path
from workspace_jobs.training.job import Asked, launch_spec

# What another run of this shell may have left.
_OF_ANOTHER_RUN = ("MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_NAME")


def begin_sweep(definition: SweepDefinition, asked: Asked, tracking_uri: str) -> Recorder:
    """Create the parent run. Raises JobsError where there is no such code."""
    with contextlib.chdir(definition.folder):
        spec = launch_spec(replace(asked, target=definition.file))
    _prepare(tracking_uri)
    spec = replace(spec, target=replace(spec.target, name=definition.target))
    with store_errors(tracking_uri):
        return Recorder.begin(definition, spec, tracking_uri)


def resume_sweep(parent: str, tracking_uri: str) -> tuple[Recorder, SweepDefinition]:
    """Take up an interrupted sweep. Raises JobsError where there is none of that id."""
    path = sqlite_path(tracking_uri)
    if path is not None and not path.exists():
        raise JobsError(f"--resume {parent}: {path} does not exist: write the store's address as --tracking-uri")
    _prepare(tracking_uri)
    with store_errors(tracking_uri):
        return Recorder.resume(parent, tracking_uri)


def run_here(definition: SweepDefinition, recorder: Recorder, policy: LoggingPolicy, watcher: Watcher) -> SweepOutcome:
    """Run what is left of a sweep."""
    where = {"MLFLOW_TRACKING_URI": recorder.tracking_uri, "MLWS_TRACKING_OUTBOX": str(outbox())}
    environment = {**policy.variables(), **where}
    return run_sweep(definition, recorder, environment, watcher)


def _prepare(tracking_uri: str) -> None:
    for name in _OF_ANOTHER_RUN:
        os.environ.pop(name, None)
    # What a resumed sweep downloads is a page of text.
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    prepare_store(tracking_uri)

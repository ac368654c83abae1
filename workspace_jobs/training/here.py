"""A training job on this machine: the launcher, with the environment that a workspace would have given it."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from workspace_jobs.runs.opening import prepare_store
from workspace_jobs.tracking.location import outbox
from workspace_jobs.tracking.location import tracking_uri as chosen_uri
from workspace_jobs.training.job import Asked, launch_spec, local_data, local_policy
from workspace_jobs.training.launch.folder import Outcome
from workspace_jobs.training.launch.supervisor import supervise

# What another run of this shell may have left, and a job of its own must not go on with.
_OF_ANOTHER_RUN = ("MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME")


def run_here(asked: Asked, config: Path | None, tracking_uri: str | None, out: BinaryIO) -> Outcome:
    """Run the job and return how it ended; what it prints goes to `out`, its errors to standard error.

    Raises JobsError for what is wrong before it starts.
    """
    spec = launch_spec(asked)
    if not asked.experiment and os.environ.get("MLFLOW_EXPERIMENT_NAME"):
        spec = replace(spec, experiment=os.environ["MLFLOW_EXPERIMENT_NAME"])
    spec = replace(spec, data=local_data(dict(spec.data)))
    policy = local_policy(config, asked.autolog)
    uri = chosen_uri(tracking_uri)
    prepare_store(uri)
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_RUN}
    # Where `mlws runs sync` looks for it, whatever folder the code runs in.
    where = {"MLFLOW_TRACKING_URI": uri, "MLWS_TRACKING_OUTBOX": str(outbox())}
    environment = {**kept, **policy.variables(), **where}
    return supervise(spec, environment, out, sys.stderr.buffer)

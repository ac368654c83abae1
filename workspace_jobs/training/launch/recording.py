"""The run of a launch in MLflow: begun before the code, completed after it, whatever the code has logged itself."""

import getpass
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workspace_jobs.training.launch.data import dataset_input, digest
from workspace_jobs.training.launch.folder import LaunchFolder, Outcome
from workspace_jobs.training.launch.spec import LaunchSpec, parameter_name

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Param, Run

# What MLflow accepts in one batch, and how long a parameter's value may be.
BATCH, _LONGEST_VALUE = 100, 6000
_RUN_VARIABLE, _EXPERIMENT_VARIABLE = "MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_ID"


def begin(spec: LaunchSpec, client: "MlflowClient") -> "Run":
    """Create the run, or take the one the platform made, tag it, and have the code's first run be this one."""
    given = os.environ.get(_RUN_VARIABLE)
    tags = tags_of(spec, is_remote=given is not None)
    if given is None:
        run = client.create_run(experiment_id_of(spec.experiment, client), tags=tags, run_name=spec.run_name or None)
    else:
        run = client.get_run(given)
        for key, value in tags.items():
            client.set_tag(given, key, value)
    os.environ[_RUN_VARIABLE] = run.info.run_id
    os.environ[_EXPERIMENT_VARIABLE] = run.info.experiment_id
    _log_data(spec.data, run.info.run_id, client)
    return run


def complete(spec: LaunchSpec, run_id: str, status: str, folder: LaunchFolder, client: "MlflowClient") -> None:
    """Log the parameters that the code did not, and the artifacts, and say how the run ended."""
    log_missing_parameters(run_id, {**spec.parameters, **_data_names(spec.data)}, client)
    client.log_artifacts(run_id, str(folder.artifacts))
    client.set_terminated(run_id, status)


def log_missing_parameters(run_id: str, given: Mapping[str, str], client: "MlflowClient") -> None:
    """Log what is given where the code has not: a second value of a parameter is an error in MLflow."""
    logged = client.get_run(run_id).data.params
    missing = [param for param in params_of(given) if param.key not in logged]
    for start in range(0, len(missing), BATCH):
        client.log_batch(run_id, params=missing[start : start + BATCH])


def params_of(given: Mapping[str, str]) -> "list[Param]":
    """Parameters as MLflow takes them, cut where a value is longer than it keeps."""
    from mlflow.entities import Param

    return [Param(parameter_name(key), value[:_LONGEST_VALUE]) for key, value in given.items()]


def outcome_of(run: "Run", experiment: str, tracking_uri: str, error: str = "") -> Outcome:
    """The run as it is in MLflow now."""
    info, data = run.info, run.data
    status = "" if info.status == "RUNNING" else str(info.status)
    return Outcome(info.run_id, experiment, tracking_uri, status, error, dict(data.params), dict(data.metrics))


def tags_of(spec: LaunchSpec, *, is_remote: bool) -> dict[str, str]:
    """MLflow's own tags of a source, and the user's; those that would be empty are left out."""
    tags = {
        "mlflow.user": _user(),
        "mlflow.source.name": spec.target.name,
        "mlflow.source.type": "JOB" if is_remote else "LOCAL",
        "mlflow.source.git.commit": spec.source.commit,
        "mlflow.source.git.branch": spec.source.branch,
        "mlflow.source.git.repoURL": spec.source.repository,
        "mlws.command": shlex.join([spec.target.name, *spec.command_line])[:_LONGEST_VALUE],
        **spec.tags,
    }
    return {key: value for key, value in tags.items() if value}


def experiment_id_of(name: str, client: "MlflowClient") -> str:
    """The id of the experiment, which is made where it is missing."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    from mlflow.exceptions import MlflowException

    try:
        return str(client.create_experiment(name))
    except MlflowException:
        # Another job of the same experiment was faster.
        found = client.get_experiment_by_name(name)
        if found is None:
            raise
        return str(found.experiment_id)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _log_data(data: Mapping[str, str], run_id: str, client: "MlflowClient") -> None:
    """Log each input; where the server knows no inputs, as Azure ML's, its digest stays as a parameter."""
    from mlflow.exceptions import MlflowException

    inputs = [dataset_input(name, Path(path)) for name, path in data.items()]
    try:
        if inputs:
            client.log_inputs(run_id, inputs)
    except MlflowException as error:
        sys.stderr.write(f"mlws: the tracking server takes no data inputs ({error.error_code})\n")


def _data_names(data: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_digest": digest(Path(path)) for name, path in data.items()}

"""Makes a model of a run a version of a registered model, and names versions with aliases."""

import io
from contextlib import redirect_stderr

from workspace_jobs.errors import JobsError
from workspace_jobs.models.registry import ModelVersion, find_version, registered_models
from workspace_jobs.runs.artifacts import list_artifacts
from workspace_jobs.runs.client import mlflow_client, store_errors
from workspace_jobs.runs.records import Run
from workspace_jobs.runs.stores import RunStore

_MLMODEL = "/MLmodel"


def register(store: RunStore, run: Run, name: str, path: str) -> tuple[ModelVersion, bool]:
    """Register the model that the run logged at `path`; the version, and whether it is new.

    The same run again gives the version that there is. Raises JobsError where the run has no model there.
    """
    known = _known(store, run, name, path)
    if known is not None:
        return known, False
    _check_model(store, run, path)
    from mlflow import register_model
    from mlflow.tracking._tracking_service.utils import _use_tracking_uri

    # MLflow says on stderr what the command says itself.
    with store_errors(store.uri), _use_tracking_uri(store.uri), redirect_stderr(io.StringIO()):
        made = register_model(f"runs:/{run.id}/{path}", name)
    return find_version(store, f"{name}@{made.version}"), True


def set_alias(store: RunStore, version: ModelVersion, alias: str) -> None:
    """Let `alias` mean this version, and no other one. Raises JobsError where MLflow does not take it."""
    with store_errors(store.uri):
        mlflow_client(store.uri).set_registered_model_alias(version.name, alias, version.version)


def delete_alias(store: RunStore, name: str, alias: str) -> None:
    """Take an alias away. Raises JobsError where the model has no such alias."""
    find_version(store, f"{name}@{alias}")
    with store_errors(store.uri):
        mlflow_client(store.uri).delete_registered_model_alias(name, alias)


def _known(store: RunStore, run: Run, name: str, path: str) -> ModelVersion | None:
    versions = [v for model in registered_models(store) if model.name == name for v in model.versions]
    ours = [version for version in versions if version.run_id == run.id]
    models = store.logged_models(run)
    for version in ours:
        logged = version.source.removeprefix("models:/")
        if version.source.rstrip("/").endswith(f"/{path}") or models.get(logged) == path:
            return version
    return None


def _check_model(store: RunStore, run: Run, path: str) -> None:
    there = {file.removesuffix(_MLMODEL) for file in list_artifacts(store, run) if file.endswith(_MLMODEL)}
    there |= set(store.logged_models(run).values())
    if path not in there:
        has = (
            f"it has {', '.join(sorted(there))}: name it with --artifact-path" if there else "log one in the run first"
        )
        raise JobsError(f"run {run.id} has no model at `{path}`; {has}")

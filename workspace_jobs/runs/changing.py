"""Renames, tags, deletes and restores runs, through MLflow's client: its rules hold, whatever the store is."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from workspace_jobs.errors import JobsError
from workspace_jobs.runs.records import ACTIVE, Run
from workspace_jobs.runs.stores import RunStore

if TYPE_CHECKING:
    from mlflow import MlflowClient


def rename(store: RunStore, run: Run, name: str) -> None:
    """Give the run another name. Raises JobsError where it is empty or the run deleted."""
    if not name.strip():
        raise JobsError("a run needs a name: write one after the run")
    _need_active([run], "renamed")
    _each(store, [run], lambda client, one: client.update_run(one.id, name=name))


def tag(store: RunStore, runs: Sequence[Run], values: Mapping[str, str], remove: Sequence[str]) -> None:
    """Set tags of every run, and remove others where a run has them. Raises JobsError where a run is deleted."""
    _need_active(runs, "tagged")

    def change(client: "MlflowClient", run: Run) -> None:
        for key, value in values.items():
            client.set_tag(run.id, key, value)
        for key in remove:
            if key in run.tags:
                client.delete_tag(run.id, key)

    _each(store, runs, change)


def delete(store: RunStore, runs: Sequence[Run]) -> list[Run]:
    """Mark runs as deleted, which `restore` undoes; those that were not before."""
    changed = [run for run in runs if run.stage == ACTIVE]
    _each(store, changed, lambda client, run: client.delete_run(run.id))
    return changed


def restore(store: RunStore, runs: Sequence[Run]) -> list[Run]:
    """Take back that runs were deleted; those that were."""
    changed = [run for run in runs if run.stage != ACTIVE]
    _each(store, changed, lambda client, run: client.restore_run(run.id))
    return changed


def _need_active(runs: Sequence[Run], verb: str) -> None:
    for run in runs:
        if run.stage != ACTIVE:
            raise JobsError(
                f"run {run.id} is deleted and cannot be {verb}: `mlws runs restore {run.id[:12]}` brings it back"
            )


def _each(store: RunStore, runs: Sequence[Run], change: "Callable[[MlflowClient, Run], None]") -> None:
    if not runs:
        return
    from workspace_jobs.runs.client import mlflow_client, store_errors

    client = mlflow_client(store.uri)
    with store_errors(store.uri):
        for run in runs:
            change(client, run)

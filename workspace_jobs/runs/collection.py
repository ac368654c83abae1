"""Removes deleted runs for good: their files first, then their rows, so that what was interrupted can go on.

Nothing of a run that is not deleted is touched, nor of a run whose model is registered: MLflow's own `gc` looks at
neither.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workspace_jobs.errors import JobsError
from workspace_jobs.runs.artifacts import local_folder
from workspace_jobs.runs.client import mlflow_client, store_errors
from workspace_jobs.runs.records import ACTIVE, DELETED
from workspace_jobs.runs.stores import RunStore

if TYPE_CHECKING:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000}
_AGE = re.compile(r"(\d+)([dhm])")
_PROXIED = "mlflow-artifacts:"


@dataclass(frozen=True)
class Collected:
    """A deleted run: what its removal frees, or in `kept` why it stays."""

    id: str
    name: str
    files: int
    size_bytes: int
    kept: str | None


def milliseconds(age: str) -> int:
    """Read an age like `30d`, `12h` or `90m`. Raises JobsError."""
    found = _AGE.fullmatch(age.strip())
    if found is None:
        raise JobsError(f"--older-than `{age}`: write a number of days, hours or minutes, as 30d, 12h or 90m")
    return int(found[1]) * _UNITS[found[2]]


def collect(
    store: RunStore, artifacts: Path, *, older_than: int = 0, dry_run: bool = False, told: Callable[[str], None]
) -> list[Collected]:
    """Remove the runs that were deleted `older_than` milliseconds ago or longer; say what went, or would go.

    `artifacts` is the folder where a server of this store keeps files. Raises JobsError for a store that is no
    database: only there can runs be removed.
    """
    with store_errors(store.uri):
        database = _database(store)
        collected = []
        for run in _deleted(database, older_than):
            told(f"{'would remove' if dry_run else 'removing'} {run.run_uuid}")
            collected.append(_collect(store, database, run, artifacts, dry_run=dry_run))
        return collected


def _database(store: RunStore) -> "SqlAlchemyStore":
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from mlflow.tracking._tracking_service.utils import _get_store

    database = _get_store(store.uri)
    if not isinstance(database, SqlAlchemyStore):
        raise JobsError(
            f"{store.uri} is no database, and runs are removed for good in their database only: run this where it is, "
            "with --tracking-uri sqlite:///FILE or postgresql://..."
        )
    return database


def _deleted(database: "SqlAlchemyStore", older_than: int) -> list[Any]:
    from mlflow.store.tracking.dbmodels.models import SqlRun
    from sqlalchemy import select

    table: Any = SqlRun
    latest = int(time.time() * 1000) - older_than
    with database.ManagedSessionMaker() as session:
        rows = session.execute(
            select(table.run_uuid, table.name, table.experiment_id, table.artifact_uri)
            .where(table.lifecycle_stage == DELETED, table.deleted_time <= latest)
            .order_by(table.deleted_time, table.run_uuid)
        )
        return list(rows.all())


def _collect(store: RunStore, database: "SqlAlchemyStore", run: Any, artifacts: Path, *, dry_run: bool) -> Collected:  # noqa: ANN401
    models = _models(store, run)
    places = [run.artifact_uri or "", *(model.artifact_location for model in models)]
    kept = _registered(store, run, models) or _shared(database, run, models)
    folders = [folder for place in places if (folder := _folder(place, artifacts)) is not None]
    sizes = [file.stat().st_size for folder in folders for file in folder.rglob("*") if file.is_file()]
    if kept is None and not dry_run:
        for place in places:
            _remove(place, artifacts)
        for model in models:
            database.delete_logged_model(model.model_id)
            database._hard_delete_logged_model(model.model_id)  # noqa: SLF001 - MLflow offers no other way
        database._hard_delete_run(run.run_uuid)  # noqa: SLF001
    return Collected(run.run_uuid, run.name or "", len(sizes), sum(sizes), kept)


def _models(store: RunStore, run: Any) -> list[Any]:  # noqa: ANN401
    """The models that the run logged, which MLflow 3 keeps beside it and not in it."""
    client = mlflow_client(store.uri)
    return list(client.search_logged_models([str(run.experiment_id)], f"source_run_id = '{run.run_uuid}'"))


def _registered(store: RunStore, run: Any, models: Sequence[Any]) -> str | None:  # noqa: ANN401
    client = mlflow_client(store.uri)
    sources = {model.artifact_location for model in models} | {f"models:/{model.model_id}" for model in models}
    versions = client.search_model_versions(f"run_id = '{run.run_uuid}'")
    for source in sources:
        versions += client.search_model_versions(f"source_path = '{source}'")
    names = sorted({f"{version.name} version {version.version}" for version in versions})
    return f"registered as {', '.join(names)}" if names else None


def _shared(database: "SqlAlchemyStore", run: Any, models: Sequence[Any]) -> str | None:  # noqa: ANN401
    """Which living run has its files in those of this run, or reads one of its models."""
    from mlflow.store.tracking.dbmodels.models import SqlInput, SqlRun
    from sqlalchemy import or_, select

    runs: Any = SqlRun
    inputs: Any = SqlInput
    place = (run.artifact_uri or "").rstrip("/")
    reading = select(inputs.source_id).where(inputs.destination_id.in_([model.model_id for model in models]))
    inside = or_(runs.artifact_uri == place, runs.artifact_uri.startswith(f"{place}/", autoescape=True))
    uses = or_(runs.run_uuid.in_(reading), inside) if place else runs.run_uuid.in_(reading)
    asked = select(runs.run_uuid).where(runs.lifecycle_stage == ACTIVE, uses)
    with database.ManagedSessionMaker() as session:
        living = session.execute(asked.limit(1)).scalar()
    return None if living is None else f"run {living} uses its files"


def _folder(place: str, artifacts: Path) -> Path | None:
    if place.startswith(_PROXIED):
        return artifacts / place.removeprefix(_PROXIED).lstrip("/")
    return local_folder(place) if place else None


def _remove(place: str, artifacts: Path) -> None:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    folder = _folder(place, artifacts)
    if folder is None and place:
        get_artifact_repository(place).delete_artifacts()
    elif folder is not None and folder.exists():
        shutil.rmtree(folder)
        for empty in _empty_above(folder, place):
            empty.rmdir()


def _empty_above(folder: Path, place: str) -> Iterator[Path]:
    """The folder of the run itself, once the `artifacts` in it are gone."""
    if place.rstrip("/").endswith("/artifacts"):
        with suppress(OSError):
            if not any(folder.parent.iterdir()):
                yield folder.parent

"""What is registered in a store: read from a sqlite file directly, else through MLflow's client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.runs.sqlite_file import SqliteFile
from workspace_jobs.runs.stores import RunStore
from workspace_jobs.tracking.location import sqlite_path

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion as MlflowVersion

_PAGE = 1000
_VERSIONS = """
    SELECT v.name, v.version, v.run_id, v.source, v.status, v.creation_time, v.description,
        (SELECT group_concat(a.alias, ',') FROM registered_model_aliases a
         WHERE a.name = v.name AND a.version = v.version)
    FROM model_versions v WHERE v.current_stage IS NOT 'Deleted_Internal' ORDER BY v.name, v.version DESC
"""
_NAMES = "SELECT name FROM registered_models ORDER BY name"


@dataclass(frozen=True)
class ModelVersion:
    """A version of a registered model; `created` in milliseconds since 1970."""

    name: str
    version: str
    run_id: str
    source: str
    status: str
    created: int | None
    description: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class RegisteredModel:
    """A name in the registry, with its versions, the newest first."""

    name: str
    versions: tuple[ModelVersion, ...]


def registered_models(store: RunStore) -> list[RegisteredModel]:
    """Every registered model, by name."""
    path = sqlite_path(store.uri)
    return _of_file(path) if path is not None else _of_client(store.uri)


def find_model(store: RunStore, name: str) -> RegisteredModel:
    """The registered model. Raises JobsError where there is none of this name."""
    models = {model.name: model for model in registered_models(store)}
    if name not in models:
        raise JobsError(f"{store.uri} has no registered model `{name}`: {nearest(name, models)}")
    return models[name]


def find_version(store: RunStore, text: str) -> ModelVersion:
    """The version that `NAME@VERSION` or `NAME@ALIAS` means; of `NAME` alone, the newest.

    Raises JobsError where there is none.
    """
    name, _, wanted = text.partition("@")
    model = find_model(store, name)
    if not model.versions:
        raise JobsError(f"registered model `{name}` has no version: `mlws models register RUN --name {name}` makes one")
    if not wanted:
        return model.versions[0]
    for version in model.versions:
        if wanted == version.version or wanted in version.aliases:
            return version
    known = [word for version in model.versions for word in (version.version, *version.aliases)]
    raise JobsError(f"registered model `{name}` has no version or alias `{wanted}`: {nearest(wanted, known)}")


def _of_file(path: Path) -> list[RegisteredModel]:
    with SqliteFile(path).reading() as connection:
        names = [name for (name,) in connection.execute(_NAMES)]
        versions = [
            ModelVersion(
                name=name,
                version=str(version),
                run_id=run_id or "",
                source=source or "",
                status=status or "",
                created=created,
                description=description or "",
                aliases=tuple(sorted(aliases.split(","))) if aliases else (),
            )
            for name, version, run_id, source, status, created, description, aliases in connection.execute(_VERSIONS)
        ]
    return [RegisteredModel(name, tuple(one for one in versions if one.name == name)) for name in names]


def _of_client(uri: str) -> list[RegisteredModel]:
    from workspace_jobs.runs.client import mlflow_client, store_errors

    client = mlflow_client(uri)
    with store_errors(uri):
        models = _every(client.search_registered_models)
        versions = [_version(one, model.aliases) for model in models for one in _versions(client, model.name)]
    return [RegisteredModel(model.name, tuple(v for v in versions if v.name == model.name)) for model in models]


def _versions(client: "MlflowClient", name: str) -> "list[MlflowVersion]":
    found = _every(partial(client.search_model_versions, f"name = '{name}'"))
    return sorted(found, key=lambda version: -int(version.version))


def _version(found: "MlflowVersion", aliases: Mapping[str, str]) -> ModelVersion:
    return ModelVersion(
        name=found.name,
        version=str(found.version),
        run_id=found.run_id or "",
        source=found.source or "",
        status=str(found.status),
        created=found.creation_timestamp,
        description=found.description or "",
        aliases=tuple(sorted(alias for alias, version in aliases.items() if str(version) == str(found.version))),
    )


def _every(search: Callable[..., Any]) -> list[Any]:
    """All pages of a search."""
    found: list[Any] = []
    token = None
    while True:
        page = search(max_results=_PAGE, page_token=token)
        found += page
        token = page.token
        if not token:
            return found

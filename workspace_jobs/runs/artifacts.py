"""The files of a run: read from disk where they lie on this machine, else through MLflow."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from workspace_jobs.errors import JobsError
from workspace_jobs.runs.records import Run
from workspace_jobs.runs.stores import RunStore


def list_artifacts(store: RunStore, run: Run) -> list[str]:
    """The paths of the run's files, relative to its artifacts, sorted."""
    folder = local_folder(run.artifact_uri)
    if folder is not None:
        return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    return sorted(_remote(store, run))


def download(store: RunStore, run: Run, path: str | None, to: Path) -> list[Path]:
    """Copy the run's files, or what lies at `path` among them, below `to`; the files that were written.

    Raises JobsError where the run has nothing there.
    """
    wanted = [
        file
        for file in list_artifacts(store, run)
        if path is None or file == path or file.startswith(f"{path.rstrip('/')}/")
    ]
    if not wanted:
        what = f"no artifact `{path}`" if path else "no artifacts"
        raise JobsError(f"run {run.id} has {what}: `mlws runs show {run.id[:8]}` lists what it has")
    folder = local_folder(run.artifact_uri)
    if folder is None:
        return [_fetch(store, run, file, to) for file in wanted]
    return [_copy(folder / file, to / file) for file in wanted]


def local_folder(uri: str) -> Path | None:
    """The folder that an artifact address means on this machine; None for an address elsewhere."""
    address = urlsplit(uri)
    if address.scheme not in ("", "file") or address.netloc not in ("", "localhost"):
        return None
    return Path(unquote(address.path)) if address.scheme else Path(uri)


def _copy(source: Path, target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    except OSError as error:
        raise JobsError(f"{target} cannot be written ({error.strerror}): write elsewhere with --to") from error
    return target


def _remote(store: RunStore, run: Run, folder: str = "") -> Iterator[str]:
    from workspace_jobs.runs.client import mlflow_client, store_errors

    client = mlflow_client(store.uri)
    folders = [folder]
    with store_errors(store.uri):
        while folders:
            for entry in client.list_artifacts(run.id, folders.pop()):
                if entry.is_dir:
                    folders.append(entry.path)
                else:
                    yield entry.path


def _fetch(store: RunStore, run: Run, file: str, to: Path) -> Path:
    from workspace_jobs.runs.client import mlflow_client, store_errors

    to.mkdir(parents=True, exist_ok=True)
    with store_errors(store.uri):
        return Path(mlflow_client(store.uri).download_artifacts(run.id, file, str(to)))

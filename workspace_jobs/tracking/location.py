"""Where runs go when nobody says so: decided without MLflow, whose import takes seconds."""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SQLITE = "sqlite:///"


def tracking_uri(explicit: str | None = None) -> str:
    """Return `explicit`, else MLFLOW_TRACKING_URI, else the database `mlflow.db` of the working folder.

    The path of a database is absolute: what is started for it may run in another folder.
    """
    chosen = explicit or os.environ.get("MLFLOW_TRACKING_URI") or f"{_SQLITE}mlflow.db"
    path = sqlite_path(chosen)
    return chosen if path is None or chosen.startswith(f"{_SQLITE}/") else f"{_SQLITE}{path}"


def sqlite_path(uri: str) -> Path | None:
    """Return the file of a sqlite URI, absolute; None for another kind of store, or a database in memory."""
    scheme, _, _ = uri.partition("://")
    name = unquote(uri.partition(":///")[2].partition("?")[0])
    if scheme.partition("+")[0] != "sqlite" or name in ("", ":memory:") or "?" in uri:
        return None
    return Path(name).absolute()


def outbox() -> Path:
    """Return the folder that keeps what servers have not received: MLWS_TRACKING_OUTBOX, else in the working folder."""
    return Path(os.environ.get("MLWS_TRACKING_OUTBOX") or ".mlws/tracking/outbox").absolute()


def journal_folder(uri: str) -> Path:
    """Return where what the store at `uri` has not got yet is kept: beside a database, in the outbox for a server."""
    if (path := sqlite_path(uri)) is not None:
        return path.with_name(f"{path.name}.pending")
    host = re.sub(r"[^\w.-]+", "-", urlsplit(uri).hostname or uri)
    return outbox() / f"{host}-{hashlib.sha256(uri.encode()).hexdigest()[:8]}"


def without_password(uri: str) -> str:
    """Return the address as it may be written to disk."""
    password = urlsplit(uri).password
    return uri if password is None else uri.replace(f":{password}@", "@", 1)

"""Fresh MLflow databases, copied from a template: MLflow itself takes a second or more to make one.

The template is made by MLflow once for each of its versions, in the user's cache folder.
"""

import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

_ARTIFACTS = "mlruns"
_DEFAULT_EXPERIMENT = "INSERT INTO experiments VALUES (0, 'Default', ?, 'active', ?, ?, 'default')"
# Without it MLflow would say what it makes, in a file that nobody knows of.
_QUIET = "mlflow.store.db.utils"


def ensure(path: Path, artifact_root: str | None = None) -> None:
    """Make the MLflow database `path` unless there is one, as MLflow would: with the experiment Default.

    The artifacts of experiments go to `artifact_root`, by default `mlruns` below the working folder.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".mlflow-") as scratch:
        fresh = Path(scratch) / "mlflow.db"
        shutil.copyfile(template(), fresh)
        now = int(time.time() * 1000)
        with closing(sqlite3.connect(fresh)) as connection, connection:
            connection.execute(_DEFAULT_EXPERIMENT, (f"{artifact_root or default_artifact_root()}/0", now, now))
        _publish(fresh, path)


def default_artifact_root() -> str:
    """Return where MLflow puts artifacts unless told otherwise."""
    return (Path.cwd() / _ARTIFACTS).as_posix()


def template() -> Path:
    """Return the database with MLflow's tables and nothing in them; made at first use, by importing MLflow."""
    path = cache_folder() / f"mlflow-{version('mlflow')}.db"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            made = Path(scratch) / "mlflow.db"
            _make(made)
            _publish(made, path)
    return path


def schema_version(path: Path) -> str | None:
    """Return which of its versions MLflow's schema in the database has; None where there is no such schema."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return None
    return None if row is None else str(row[0])


def cache_folder() -> Path:
    """Return a folder for what can be made again: the user's, or a temporary one where that can't be written."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlws" / "tracking"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"mlws-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _make(path: Path) -> None:
    import logging

    from mlflow.store.db.utils import _initialize_tables, create_sqlalchemy_engine_with_retry

    log = logging.getLogger(_QUIET)
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        engine = create_sqlalchemy_engine_with_retry(f"sqlite:///{path}")
        _initialize_tables(engine)
        engine.dispose()
    finally:
        log.setLevel(level)


def _publish(made: Path, path: Path) -> None:
    """Give a finished file its name, whole or not at all; another process may have been faster."""
    try:
        os.link(made, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links.
        made.replace(path)

"""Runs of a PostgreSQL database, with Debian's PostgreSQL: the same as MLflow's own store keeps."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow.entities import Metric, Param, RunStatus, RunTag
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from tests.workspace_jobs.tracking.servers import free_port
from workspace_jobs.tracking.portable_store import PortableStore

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
pytestmark = [
    pytest.mark.skipif(not BINARIES, reason="needs Debian's postgresql: there is no /usr/lib/postgresql/*/bin"),
    pytest.mark.xdist_group("tracking servers"),
]


@pytest.fixture
def database() -> Iterator[str]:
    """A server of its own on a free port, which root may not run."""
    user = "postgres" if os.geteuid() == 0 else None
    folder, port = Path(tempfile.mkdtemp(prefix="mlws-postgresql-")), free_port()
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

    def run(program: str, *arguments: str) -> None:
        command = [str(BINARIES[-1] / program), *arguments]
        subprocess.run(command, cwd=folder, user=user, check=True, timeout=120, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-D", "data", "-A", "trust", "-U", "mlflow", "--no-sync")
        options = f"-p {port} -h 127.0.0.1 -k {folder} -F"
        run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def test_a_run_is_what_mlflow_s_own_store_keeps(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLWS_TRACKING_OUTBOX", str(tmp_path))
    plain = SqlAlchemyStore(database, str(tmp_path))
    ours = PortableStore(database, lambda: SqlAlchemyStore(database, str(tmp_path)))
    found = []
    for store in (plain, ours):
        run_id = store.create_run("0", "me", 1, [RunTag("mlflow.user", "me")], "r").info.run_id
        store.log_param(run_id, Param("größe", "ü" * 6000))
        for step, value in enumerate([1.5, float("inf"), float("nan"), -1e308]):
            store.log_metric(run_id, Metric("m", value, 5, step))
        store.log_batch(run_id, [Metric("n", 1.0, 5, 0)], [Param("a", "1")], [RunTag("t", "1")])
        store.update_run_info(run_id, RunStatus.FINISHED, 9, None)
        run = ours.get_run(run_id)
        history = [repr(metric.value) for metric in ours.get_metric_history(run_id, "m")]
        found.append((run.data.to_dictionary(), run.info.status, run.info.end_time, run.info.run_name, history))
    assert found[0] == found[1]
    ours.close()

"""Runs logged to a server: in few calls, whole after it was away, and with the model where it knows no models."""

import logging
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlflow.entities import Metric, Param, RunStatus, RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.rest_store import RestStore
from mlflow.utils.credentials import get_default_host_creds

from tests.workspace_jobs.tracking.conftest import plain_store
from tests.workspace_jobs.tracking.servers import free_port, running
from tests.workspace_jobs.tracking.test_surviving import rows, run_script
from workspace_jobs.tracking import delivery
from workspace_jobs.tracking.location import journal_folder
from workspace_jobs.tracking.portable_store import PortableStore
from workspace_jobs.tracking.proposed_id import proposed
from workspace_jobs.tracking.sync import sync

pytestmark = pytest.mark.xdist_group("tracking servers")


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLWS_TRACKING_OUTBOX", str(tmp_path / "outbox"))
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


def open_store(uri: str) -> PortableStore:
    return PortableStore(uri, lambda: RestStore(lambda: get_default_host_creds(uri)))


def wait_until_written(store: PortableStore) -> None:
    deadline = time.monotonic() + 120
    while store._buffer._pending or store._buffer.away:
        assert time.monotonic() < deadline
        store._buffer.flush(final=True)
        time.sleep(0.1)


def log_run(store: PortableStore, name: str, *, during: Any = lambda: None) -> str:
    run_id = str(store.create_run("0", "me", 1, [RunTag("mlflow.user", "me")], name).info.run_id)
    store.log_param(run_id, Param("alpha", "0.1"))
    during()
    for step in range(3):
        store.log_metric(run_id, Metric("mse", step / 2, 5, step))
    store.log_metric(run_id, Metric("nan", float("nan"), 5, 0))
    store.update_run_info(run_id, RunStatus.FINISHED, 9, None)
    return run_id


def test_a_server_that_is_away_in_the_middle_gets_everything_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port, path = free_port(), tmp_path / "mlflow.db"
    server = ["workspace_jobs.tracking.server", f"sqlite:///{path}", str(port), str(tmp_path / "artifacts")]
    killed = tmp_path / "outbox of a killed process"
    with running(server, port, tmp_path / "log") as uri:
        store = open_store(uri)
        log_run(store, "before")
        run_id = store.create_run("0", "me", 1, [], "during").info.run_id
        store.log_metric(run_id, Metric("k", 1.0, 1, 0))
        store._buffer.flush()
        store._buffer._writing.acquire()
        not_sent = log_run(store, "not sent yet")
    store._buffer._writing.release()
    with caplog.at_level(logging.WARNING, "mlws"):
        store.log_metric(run_id, Metric("k", 2.0, 1, 1))
        store._buffer.flush(final=True)
        log_run(store, "begun while away")
        store.update_run_info(run_id, RunStatus.FINISHED, 9, None)
        store._buffer.flush(final=True)
    assert [record.getMessage().count("is kept in") for record in caplog.records] == [1]
    # As a process would have left it that was killed after it had delivered and before it could say so.
    folder = journal_folder(uri)
    shutil.copytree(folder, killed)
    with running(server, port, tmp_path / "log"):
        wait_until_written(store)
        before = _content(store, path)
        assert not list(folder.iterdir())
        shutil.copytree(killed, folder, dirs_exist_ok=True)
        (delivery,) = sync(uri)
        assert (delivery.uri, delivery.waiting, delivery.delivered > 0) == (uri, 0, True)
        assert _content(store, path) == before
    names = rows(path, "SELECT name, status, end_time FROM runs ORDER BY name")
    assert names == [(name, "FINISHED", 9) for name in ("before", "begun while away", "during", "not sent yet")]
    assert rows(path, "SELECT run_uuid FROM runs WHERE name = 'not sent yet'") == [(not_sent,)]
    tagged = rows(path, "SELECT name FROM tags JOIN runs USING (run_uuid) WHERE key = 'mlws.offline_run_id'")
    assert tagged == [("begun while away",)]
    assert rows(path, "SELECT value, step FROM metrics WHERE key = 'k' ORDER BY step") == [(1.0, 0), (2.0, 1)]
    assert rows(path, "SELECT count(*) FROM metrics WHERE key = 'mse'") == [(9,)]
    assert len(plain_store(path).search_runs(["0"], "metrics.mse = 1 and params.alpha = '0.1'", 1)) == 3
    store.close()


def _content(store: PortableStore, path: Path) -> list[Any]:
    store.search_experiments(max_results=1)  # the server's own buffer is written before anything is read
    tables = ("runs", "metrics", "params", "tags")
    return [rows(path, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]  # noqa: S608


def test_a_server_of_ours_takes_the_ids_of_runs_and_is_waited_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, path = free_port(), tmp_path / "mlflow.db"
    server = ["workspace_jobs.tracking.server", f"sqlite:///{path}", str(port), str(tmp_path / "artifacts")]
    with running(server, port, tmp_path / "log") as uri:
        store, plain = open_store(uri), RestStore(lambda: get_default_host_creds(uri))
        store.create_run("0", "me", 1, [], "first")
        with store._buffer._writing:  # so that nothing is sent
            begun = store.create_run("0", "me", 1, [RunTag("mlflow.parentRunId", "1")], None)
        found = store.get_run(begun.info.run_id)
        assert (dict(found.info), found.data.tags) == (dict(begun.info), begun.data.tags)
        # What the server refuses is refused as ever.
        with pytest.raises(MlflowException, match="different values"):
            store.create_run("0", "me", 1, [RunTag("mlflow.runName", "a")], "b")
        no_time: Any = 1.5
        for answering in (store, plain):
            with pytest.raises(TypeError):
                answering.create_run("0", "me", no_time, [], None)
        with proposed(begun.info.run_id):
            again = plain.create_run("0", "me", 1, [], None)
            with pytest.raises(MlflowException, match="is the id of another run"):
                plain.create_run("0", "somebody else", 1, [], None)
        assert (again.info.run_id, again.data.tags) == (begun.info.run_id, begun.data.tags)
        for wrong in ("a" * 31, "A" * 32, "../" + "a" * 29):
            with proposed(wrong), pytest.raises(MlflowException, match="is not 32 hex digits"):
                plain.create_run("0", "me", 1, [], None)
        assert len(plain.search_runs(["0"], "", 1)) == 2
        # Of all that is sent at once, that which is refused is kept here, and the rest arrives.
        with store._buffer._writing:
            plain.log_param(begun.info.run_id, Param("alpha", "1"))
            store.log_batch(begun.info.run_id, [Metric("mse", 1, 1, 0)], [Param("alpha", "2"), Param("beta", "3")], [])
            beside = log_run(store, "beside")
        assert store.get_run(beside).data.params == {"alpha": "0.1"}
        data = store.get_run(begun.info.run_id).data
        assert (data.params, data.metrics) == ({"alpha": "1", "beta": "3"}, {"mse": 1})
        refused = (journal_folder(uri) / "refused.txt").read_text()
        assert refused == f'["param","{begun.info.run_id}","alpha","2"]\n'
        # As of a server that was replaced by one of MLflow's own.
        monkeypatch.setattr(delivery, "PATH", "/api/2.0/mlws/nowhere")
        replaced = log_run(store, "replaced")
        wait_until_written(store)
        assert plain.get_run(replaced).data.metrics["mse"] == 1
        store.close()


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server with the limits of Azure ML's, and its log with every call."""
    folder, port = tmp_path_factory.mktemp("limited"), free_port()
    server = ["localazure.mlflow_server", str(port), str(folder)]
    with running(server, port, folder / "log", {"MLWS_TRACKING_LATENCY": "0.05"}) as uri:
        yield uri, folder


def calls(log: Path, since: int) -> Counter[str]:
    return Counter(re.findall(r"^\w+ /api/2.0/mlflow/(\S+)", log.read_text()[since:], re.MULTILINE))


def test_a_run_is_three_calls(limited: tuple[str, Path]) -> None:
    uri, folder = limited
    store = open_store(uri)
    since = len((folder / "log").read_text())
    log_run(store, "three calls")
    wait_until_written(store)
    assert calls(folder / "log", since) == {"runs/create": 1, "runs/log-batch": 1, "runs/update": 1}
    store.close()


def test_what_is_over_the_limits_of_a_call_takes_as_many_as_it_needs(limited: tuple[str, Path]) -> None:
    uri, folder = limited
    store = open_store(uri)
    since = len((folder / "log").read_text())
    run_id = store.create_run("0", "me", 1, [], "large").info.run_id
    for number in range(150):
        store.log_param(run_id, Param(f"p{number}", "ü" * 6000))
    for step in range(1500):
        store.log_metric(run_id, Metric("m", step, 1, step))
    store._buffer.flush(final=True)
    assert 3 <= calls(folder / "log", since)["runs/log-batch"] <= 6
    found = plain_store(folder / "mlflow.db").get_run(run_id).data
    assert (len(found.params), found.params["p149"], found.metrics) == (150, "ü" * 6000, {"m": 1499})
    store.close()


def test_log_model_works_as_it_is_where_the_server_knows_no_models(limited: tuple[str, Path], tmp_path: Path) -> None:
    uri, folder = limited
    since = len((folder / "log").read_text())
    script = f"""
        from sklearn.datasets import load_iris
        from sklearn.linear_model import LogisticRegression
        data, target = load_iris(return_X_y=True)
        model = LogisticRegression(max_iter=500).fit(data, target)
        mlflow.set_tracking_uri({uri!r})
        for number in range(2):
            with mlflow.start_run(run_name="with model") as run:
                mlflow.log_metric("accuracy", model.score(data, target))
                mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"])
        loaded = mlflow.sklearn.load_model(f"runs:/{{run.info.run_id}}/model")
        assert (loaded.predict(data) == model.predict(data)).all()
        client = mlflow.MlflowClient()
        for number in range(3):  # still pending when the process ends
            client.log_param(client.create_run("0", run_name="left").info.run_id, "number", number)
    """
    assert run_script(tmp_path, script) == 0
    found = rows(folder / "mlflow.db", "SELECT count(*) FROM runs WHERE name = 'with model' AND status = 'FINISHED'")
    assert found == [(2,)]
    counted = calls(folder / "log", since)
    assert (counted["runs/create"], counted["runs/log-batch"], counted["runs/update"]) == (5, 5, 2)
    found = rows(folder / "mlflow.db", "SELECT count(*) FROM params WHERE key = 'number'")
    assert found == [(3,)]
    # The first model finds out that there are none.
    assert counted["logged-models"] == 1

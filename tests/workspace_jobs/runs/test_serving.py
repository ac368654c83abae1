"""MLflow's interface on a store: in a real browser, and for a client of MLflow 2."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import PATIENCE_MILLISECONDS, chromium, page, page_errors  # noqa: F401
from workspace_jobs.errors import JobsError
from workspace_jobs.runs.database import SqliteStore
from workspace_jobs.runs.opening import open_store
from workspace_jobs.runs.serving import serving
from workspace_jobs.runs.stores import Query
from workspace_jobs.tracking.bulk import FinishedRun, write_runs

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The server that they share takes seconds to start.
pytestmark = pytest.mark.xdist_group("runs-served")

ROOT = Path(__file__).resolve().parents[3]
MLFLOW2 = ROOT / ".tools" / "mlflow2"
RUNS = 330
# MLflow's interface asks who is signed in, and a server without accounts has no such address.
EXPECTED = "404 (Not Found)"
OF_MLFLOW2 = """
import sys
sys.path.insert(0, sys.argv[1])
import json, mlflow
from mlflow import MlflowClient
client = MlflowClient(sys.argv[2])
found = client.search_runs(["1"], "params.l1_ratio = '1.0'", order_by=["metrics.mse"], max_results=50)
made = client.create_run("1", run_name="made by 2").info.run_id
client.log_param(made, "alpha", 7)
client.log_metric(made, "mse", 1.5)
client.set_terminated(made)
print(json.dumps([mlflow.__version__, [[run.info.run_id, run.data.metrics, run.data.params] for run in found]]))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """The article's experiment: 330 runs, 30 alphas by 11 ratios."""
    path = tmp_path_factory.mktemp("served") / "mlflow.db"
    started = 1_767_323_000_000
    grid = [(10 ** (-5 + 6 * alpha / 29), ratio / 10) for alpha in range(30) for ratio in range(11)]
    write_runs(
        path,
        "diabetes",
        [
            FinishedRun({"alpha": alpha, "l1_ratio": ratio}, {"mse": 2900 + 1000 * alpha}, started + i, started + i + 5)
            for i, (alpha, ratio) in enumerate(grid)
        ],
    )
    return SqliteStore(path)


@pytest.fixture(scope="module")
def address(store: SqliteStore) -> Iterator[str]:
    with serving(store) as served:
        yield served.address


def test_a_server_is_read_as_its_database_is(store: SqliteStore, address: str) -> None:
    query = Query(("1",), "params.l1_ratio = '1.0'", ("metrics.mse", "params.alpha DESC"), limit=7)
    through = open_store(address)
    assert [run.plain() for run in through.search(query)] == [run.plain() for run in store.search(query)]
    assert sorted(e.name for e in through.experiments()) == sorted(e.name for e in store.experiments())
    one = store.search(Query(("1",), limit=1))[0]
    assert [run.id for run in through.named(one.id[:20])] == [run.id for run in store.named(one.name)] == [one.id]
    assert through.history(one.id, ["mse"]) == store.history(one.id, ["mse"])


def test_mlflows_interface_shows_all_runs(address: str, page: "Page") -> None:  # noqa: F811
    page.goto(f"{address}/#/experiments/1/runs")
    page.get_by_text("100 matching runs").wait_for()
    more = page.get_by_text("Load more")
    deadline = time.monotonic() + 3 * PATIENCE_MILLISECONDS / 1000
    # Its rows come a hundred at a time, and the grid takes some clicks for none while it draws.
    while not page.get_by_text(f"{RUNS} matching runs").count() and time.monotonic() < deadline:
        page.locator(".ag-body-viewport").first.evaluate("grid => grid.scrollTop = grid.scrollHeight")
        if more.count():
            more.first.dispatch_event("click")
        page.wait_for_timeout(500)
    assert page.get_by_text(f"{RUNS} matching runs").count() == 1
    assert [error for error in page_errors(page) if EXPECTED not in error] == []
    page_errors(page).clear()


def test_mlflows_interface_compares_runs(store: SqliteStore, address: str, page: "Page") -> None:  # noqa: F811
    found = [run.id for run in store.search(Query(("1",), order_by=("metrics.mse",), limit=3))]
    page.goto(f'{address}/#/compare-runs?runs={json.dumps(found)}&experiments=["1"]')
    page.get_by_text("Comparing 3 Runs from 1 Experiment").first.wait_for()
    page.get_by_text("Parallel Coordinates Plot").first.wait_for()
    for run_id in found:
        page.get_by_text(run_id).first.wait_for()
    assert [error for error in page_errors(page) if EXPECTED not in error] == []
    page_errors(page).clear()


@pytest.mark.skipif(not MLFLOW2.is_dir(), reason="there is no MLflow 2 in .tools/mlflow2: `make test` gets it")
def test_a_client_of_mlflow_2_reads_and_writes_the_store(store: SqliteStore, address: str) -> None:
    command = [sys.executable, "-I", "-S", "-c", OF_MLFLOW2, str(MLFLOW2), address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    version, found = json.loads(ended.stdout.splitlines()[-1])
    ours = store.search(Query(("1",), "params.l1_ratio = '1.0'", ("metrics.mse",)))
    assert version.startswith("2.")
    assert found == [[run.id, run.metrics, run.params] for run in ours]
    (made,) = store.search(Query(("1",), "attributes.run_name = 'made by 2'"))
    assert (made.params, made.metrics, made.status) == ({"alpha": "7"}, {"mse": 1.5}, "FINISHED")
    open_store(address).client.delete_run(made.id)  # type: ignore[attr-defined]


def test_open_ends_with_ctrl_c_and_takes_its_server_along(store: SqliteStore) -> None:
    command = [sys.executable, "-m", "mlws", "runs", "open", "--no-browser", "--tracking-uri", store.uri]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ})
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        opened = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert opened is not None, line
        assert open_store(opened[0]).experiments()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        with pytest.raises(JobsError, match="nothing answers"):
            open_store(opened[0]).experiments()
    finally:
        process.kill()
        process.wait()


def test_a_port_that_is_taken_is_a_sentence(store: SqliteStore, address: str) -> None:
    port = int(address.rsplit(":", 1)[1])
    with pytest.raises(JobsError, match=f"--port {port} .* write another"), serving(store, port):
        pass


def test_a_store_with_an_interface_of_its_own_is_a_sentence() -> None:
    with pytest.raises(JobsError, match="an interface of its own"), serving(open_store("databricks")):
        pass


def test_a_server_listens_where_it_is_told_to(store: SqliteStore) -> None:
    with serving(store, host="127.0.0.2") as served:
        assert [one.name for one in open_store(served.address).experiments()] == ["diabetes", "Default"]

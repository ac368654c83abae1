"""How fast runs are logged: the article's script as it is, through plain MLflow and through the buffered stores.

    python -m benchmarks.tracking_speed 3 [--only sqlite|server|model|async] [--alphas 30]

The script sweeps an elastic net over 30 alphas and 11 l1 ratios on scikit-learn's diabetes data: 330 runs with two
parameters and two metrics each. Every figure is a fresh process; the ways take turns; imports are not counted, and what
is still to be written when the loop ends is. Each time, the store's content is compared with plain MLflow's run by run,
and so are the requirements of models.
"""

import argparse
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = """
import mlflow
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

X, y = load_diabetes(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=42)
started()
for alpha in np.logspace(-5, 1, 30)[:ALPHAS]:
    for l1_ratio in np.linspace(0, 1, 11):
        with mlflow.start_run():
            model = ElasticNet(alpha=alpha, l1_ratio=l1_ratio)
            model.fit(X_train, y_train)
            predicted = model.predict(X_test)
            mlflow.log_param("alpha", alpha)
            mlflow.log_param("l1_ratio", l1_ratio)
            mlflow.log_metric("mse", mean_squared_error(y_test, predicted))
            mlflow.log_metric("r2", r2_score(y_test, predicted))
"""
WITH_MODEL = ARTICLE + '            mlflow.sklearn.log_model(model, name="model")\n        ended()\n'
# Said when all that runs at the end of the process has run: `started` is called first, so its handler comes last.
PROLOGUE = """
import atexit, logging, sys, time, warnings
warnings.simplefilter("ignore")
sys.stdout, STDOUT = open("/dev/null", "w"), sys.stdout
def ended():
    ENDED.append(time.perf_counter() - BEGAN[0])
atexit.register(lambda: ended() or STDOUT.write(f"{ENDED[0]:.6f} {ENDED[-1]:.6f}") and STDOUT.flush())
BEGAN, ENDED = [], []
def started():
    mlflow.set_experiment("Default")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    BEGAN.append(time.perf_counter())
"""
BUFFERED = "from workspace_jobs.tracking.activation import enable\nenable()\n"
NOTHING = """
import uuid
from mlflow.entities import Experiment, Run, RunData, RunInfo, RunInputs
from mlflow.tracking._tracking_service.utils import _tracking_store_registry
class Nothing:
    def get_experiment_by_name(self, name):
        return Experiment("0", name, "/nowhere", "active")
    def create_run(self, experiment_id, user_id, start_time, tags, run_name):
        run_id = uuid.uuid4().hex
        info = RunInfo(run_id, experiment_id, user_id, "RUNNING", start_time, None, "active", "/nowhere", "run")
        return Run(info, RunData(tags=tags), RunInputs([]))
    def log_param(self, run_id, param): pass
    def log_metric(self, run_id, metric): pass
    def update_run_info(self, run_id, run_status, end_time, run_name): pass
    def shut_down_async_logging(self): pass
nothing = Nothing()
_tracking_store_registry.register("sqlite", lambda store_uri, artifact_uri=None: nothing)
"""
Content = list[tuple[object, ...]]


@dataclass(frozen=True)
class Way:
    """One way to log the sweep: what comes before the script, and where the runs go."""

    name: str
    before: str = ""
    script: str = ARTICLE
    server: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    alphas: int = 30
    keeps: bool = True


PATH_JOB = Way("the path job", script="", keeps=False)
GROUPS = {
    "sqlite": [
        Way("plain MLflow, sqlite"),
        Way("buffered, sqlite", BUFFERED),
        Way("a store that does nothing", NOTHING, keeps=False),
        PATH_JOB,
    ],
    "server": [
        Way("plain MLflow, `mlflow server`", server="mlflow"),
        Way("buffered, buffered server", BUFFERED, server="ours"),
        Way("plain MLflow, buffered server", server="ours"),
        Way("buffered, `mlflow server`", BUFFERED, server="mlflow"),
    ],
    "model": [
        Way("plain MLflow, model logged", script=WITH_MODEL, alphas=1),
        # A machine that has not seen models of these classes yet.
        Way("buffered, model logged", BUFFERED, WITH_MODEL, variables={"XDG_CACHE_HOME": "cache"}, alphas=1),
    ],
    "async": [
        Way("plain MLflow, asynchronous", variables={"MLFLOW_ENABLE_ASYNC_LOGGING": "true"}, alphas=3),
        Way("buffered, asynchronous", BUFFERED, variables={"MLFLOW_ENABLE_ASYNC_LOGGING": "true"}, alphas=3),
        Way("buffered, synchronous", BUFFERED, alphas=3),
    ],
}


def main() -> None:
    """Measure each group in turns, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--only", choices=GROUPS, action="append")
    parser.add_argument("--alphas", type=int, default=30, help="fewer, for a quick look")
    options = parser.parse_args()
    for group in options.only or GROUPS:
        measure([replace(way, alphas=min(way.alphas, options.alphas)) for way in GROUPS[group]], options.rounds)


def measure(ways: list[Way], rounds: int) -> None:
    """Run the ways in turns, compare what they leave, and print medians beside the first's."""
    seconds: dict[str, list[float]] = {way.name: [] for way in ways}
    firsts: dict[str, list[float]] = {way.name: [] for way in ways}
    for _ in range(rounds):
        expected: Content | None = None
        for way in ways:
            print(f"... {way.name}", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory() as folder:
                first, whole = _run(way, Path(folder))
                seconds[way.name].append(whole)
                firsts[way.name].append(first)
                if way.keeps:
                    found = [*_content(Path(folder) / "mlflow.db"), *_requirements(Path(folder))]
                    assert len(found) >= way.alphas * 11, (way.name, len(found))
                    expected = expected or found
                    assert found == expected[: len(found)], way.name
    first = statistics.median(seconds[ways[0].name])
    for way in ways:
        taken = statistics.median(seconds[way.name])
        spread = f"{min(seconds[way.name]):.3f} to {max(seconds[way.name]):.3f}"
        each = taken / way.alphas / 11 * 1000
        print(f"{way.name:32} {taken:8.3f} s ({spread}), {each:8.2f} ms a run, {first / taken:6.1f} times as fast")
        if (began := statistics.median(firsts[way.name])) < taken:
            following = (taken - began) / (way.alphas * 11 - 1) * 1000
            print(f"{'':32} the first run {began:.3f} s, the following {following:.2f} ms each")


def _run(way: Way, folder: Path) -> tuple[float, float]:
    """Log the sweep in a fresh process, and return the seconds that its first run (where that is told) and all took."""
    if not way.script:
        return (_path_job(folder),) * 2
    database = f"sqlite:///{folder / 'mlflow.db'}"
    _make(database, folder)
    code = PROLOGUE + f"ALPHAS = {way.alphas}\n" + way.before + way.script
    with _server(way.server, database, folder) as uri:
        variables = {"MLFLOW_TRACKING_URI": uri, "MLWS_TRACKING_OUTBOX": str(folder / "outbox"), **way.variables}
        first, whole = map(float, _python(["-c", code], folder, variables).split())
        return first, whole


def _path_job(folder: Path) -> float:
    command = ["-m", "workspace_jobs.training.elastic_net_path", "--tracking-uri", f"sqlite:///{folder / 'mlflow.db'}"]
    return float(_python(command, folder, {}).partition(" s;")[0].rpartition(" ")[2])


def _python(arguments: list[str], folder: Path, variables: Mapping[str, str]) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode()


def _make(database: str, folder: Path) -> None:
    """Make the database beforehand, so that no way has to."""
    code = "import sys; from pathlib import Path; from workspace_jobs.tracking.database import ensure; "
    _python(["-c", f"{code} ensure(Path(sys.argv[1]))", database.removeprefix("sqlite:///")], folder, {})


@contextmanager
def _server(kind: str | None, database: str, folder: Path) -> Iterator[str]:
    """Give the address to log to: the database's own, or that of a server before it."""
    if kind is None:
        yield database
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    ours = ["-m", "workspace_jobs.tracking.server", database, port, str(folder / "artifacts")]
    mlflow = ["-m", "mlflow", "server", "--backend-store-uri", database, "--port", port, "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", *(ours if kind == "ours" else mlflow)],
            cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"
        # What the server still holds is in the database when it is asked for something.
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/2.0/mlflow/experiments/get?experiment_id=0"):
            pass
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def _wait(address: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def _content(path: Path) -> Content:
    """Return every run with its parameters and metrics, in the order in which they were begun."""
    query = """SELECT (SELECT group_concat(key || '=' || value) FROM (SELECT * FROM params ORDER BY key) p
        WHERE p.run_uuid = runs.run_uuid), (SELECT group_concat(key || '=' || value || '@' || step || is_nan) FROM
        (SELECT * FROM latest_metrics ORDER BY key) m WHERE m.run_uuid = runs.run_uuid), (SELECT count(*) FROM metrics m
        WHERE m.run_uuid = runs.run_uuid), (SELECT group_concat(key) FROM (SELECT * FROM tags ORDER BY key) t
        WHERE t.run_uuid = runs.run_uuid), status, lifecycle_stage, user_id, end_time >= start_time FROM runs
        ORDER BY start_time, rowid"""
    with closing(sqlite3.connect(path)) as connection:
        return sorted(connection.execute(query).fetchall(), key=repr)


def _requirements(folder: Path) -> Content:
    """Return what models were logged with."""
    return [(path.name, path.read_text("utf-8")) for path in folder.rglob("artifacts/requirements.txt")]


if __name__ == "__main__":
    main()

"""Search over a store of many runs: `mlws runs search` as a whole process, and MLflow's own search in the same run.

    python -m benchmarks.runs_search [--runs 100000] [--repeats 3]

The store is made by bulk insert in a temporary folder: 100,000 runs of 20 experiments, with 5 parameters, 4
metrics and 3 tags each. Both sides answer the same question, the newest and the best 20, and must answer alike.
"""

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from workspace_jobs.runs.database import SqliteStore
from workspace_jobs.runs.stores import Query
from workspace_jobs.tracking import database

EXPERIMENTS = 20
LIMIT = 20
QUESTIONS = {
    "a metric": ("metrics.rmse < 0.5", ()),
    "two metrics and a parameter, the best first": (
        "metrics.rmse < 0.5 and metrics.r2 > 0.2 and params.l1_ratio = '0.5'",
        ("metrics.rmse ASC",),
    ),
    "a tag by pattern, the best first": ("tags.team LIKE '%a%'", ("metrics.r2 DESC",)),
    "no filter, the best first": ("", ("metrics.rmse ASC",)),
}


def main() -> None:
    """Make the store, ask each question in turn of both, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mlflow.db"
        started = time.perf_counter()
        make_store(path, asked.runs)
        size = path.stat().st_size / 1e6
        print(f"{asked.runs} runs, {size:.0f} MB, written in {time.perf_counter() - started:.1f} s\n")
        print("| question | `mlws runs search`, the process | the same in a process | MLflow's `search_runs` |")
        print("|---|---|---|---|")
        for name, (text, order) in QUESTIONS.items():
            print(f"| {name} | {' | '.join(measured(path, text, order, asked.repeats))} |", flush=True)


def make_store(path: Path, runs: int) -> None:
    """Write the runs in one transaction, into the tables of a database that MLflow made."""
    dice = random.Random(0)  # noqa: S311 - numbers to search
    database.ensure(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage) "
            "VALUES (?, ?, '/a', 'active')",
            [(number, f"experiment {number}") for number in range(1, EXPERIMENTS + 1)],
        )
        for index in range(runs):
            write_run(connection, dice, index)


def write_run(connection: sqlite3.Connection, dice: random.Random, index: int) -> None:
    """A run with values drawn at random."""
    run_id = f"{dice.getrandbits(128):032x}"
    start = 1_767_323_000_000 + index * 10
    params = {
        "alpha": 10 ** dice.uniform(-5, 1),
        "l1_ratio": dice.randrange(11) / 10,
        "seed": dice.randrange(100),
        "solver": dice.choice(["cd", "lars"]),
        "depth": dice.randrange(20),
    }
    metrics = {"rmse": dice.random(), "mae": dice.random(), "r2": dice.uniform(-1, 1), "seconds": dice.uniform(0, 60)}
    tags = {
        "mlflow.runName": f"run {index}",
        "team": dice.choice(["alpha", "beta", "xi"]),
        "owner": dice.choice("abcd"),
    }
    connection.execute(
        "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage, "
        "artifact_uri, experiment_id) VALUES (?, ?, 'LOCAL', 'me', 'FINISHED', ?, ?, 'active', ?, ?)",
        (run_id, f"run {index}", start, start + 5, f"/a/{run_id}/artifacts", index % EXPERIMENTS + 1),
    )
    connection.executemany(
        "INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?)", [(run_id, k, str(v)) for k, v in params.items()]
    )
    connection.executemany(
        "INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)", [(run_id, *tag) for tag in tags.items()]
    )
    rows = [(run_id, key, value, start) for key, value in metrics.items()]
    for table in ("metrics", "latest_metrics"):
        connection.executemany(
            f"INSERT INTO {table} (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, 0, 0)",  # noqa: S608
            rows,
        )


def measured(path: Path, text: str, order: tuple[str, ...], repeats: int) -> list[str]:
    """The median of each side, asked in turn; all must answer alike."""
    from mlflow import MlflowClient

    uri = f"sqlite:///{path}"
    client, store = MlflowClient(uri), SqliteStore(path)
    ids = [experiment.id for experiment in store.experiments()]
    command = [sys.executable, "-m", "mlws", "runs", "search", text, "--limit", str(LIMIT), "--json"]
    command += [word for key in order for word in ("--order-by", key)]
    environment = {**os.environ, "MLFLOW_TRACKING_URI": uri}

    def whole() -> list[str]:
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        return [run["id"] for run in json.loads(done.stdout)]

    def inside() -> list[str]:
        return [run.id for run in store.search(Query(tuple(ids), text, order, limit=LIMIT))]

    def theirs() -> list[str]:
        return [run.info.run_id for run in client.search_runs(ids, text, max_results=LIMIT, order_by=list(order))]

    sides: list[Callable[[], list[str]]] = [whole, inside, theirs]
    times: list[list[tuple[float, float]]] = [[] for _ in sides]
    for _ in range(repeats):
        answers = []
        for place, side in enumerate(sides):
            before = time.perf_counter(), core_seconds()
            answers.append(side())
            times[place].append((time.perf_counter() - before[0], core_seconds() - before[1]))
        assert answers[0] == answers[1] == answers[2]
    medians = [[statistics.median(kind) for kind in zip(*one, strict=True)] for one in times]
    return [f"{wall:.2f} s ({core:.2f} s of a core)" for wall, core in medians]


def core_seconds() -> float:
    """What this process and those that it waited for have used of a core."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    main()

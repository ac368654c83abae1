"""`mlws runs list`, `search`, `best`, `show`, `compare`, `export`, as they are called."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from tests.workspace_jobs.runs.conftest import Sweep
from workspace_jobs.errors import JobsError
from workspace_jobs.runs.cli import runs
from workspace_jobs.runs.database import SqliteStore
from workspace_jobs.runs.records import Run
from workspace_jobs.runs.stores import Query
from workspace_jobs.runs.table import differing, run_table

# The sweep that they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("runs-reading")


def call(sweep: Sweep, *words: str) -> Result:
    return CliRunner().invoke(runs, [*words, "--tracking-uri", sweep.uri], catch_exceptions=True)


def refused(result: Result) -> str:
    assert isinstance(result.exception, JobsError), result.output
    assert result.exception.exit_code == 2
    return str(result.exception)


def test_list_shows_the_newest_and_says_that_there_are_more(sweep: Sweep) -> None:
    result = call(sweep, "list", "--limit", "2")
    assert [line.split()[1:5] for line in result.stdout.splitlines()[1:]] == [
        ["alpha", "3", "l1", "2"],
        ["alpha", "3", "l1", "1"],
    ]
    assert "the first 2: --limit shows more" in result.stderr


def test_search_and_best_agree(sweep: Sweep) -> None:
    found = call(sweep, "search", "params.l1_ratio = '1.0'", "--order-by", "metrics.mse", "--json")
    best = call(sweep, "best", "mse", "--experiment", "diabetes", "--json")
    assert len(json.loads(found.stdout)) == 4
    assert json.loads(found.stdout)[0]["name"] == json.loads(best.stdout)["name"] == "alpha 0 l1 2"
    assert json.loads(best.stdout)["metrics"] == {"mse": 2980.0, "nan": 2.0}
    assert json.loads(call(sweep, "best", "mse", "--max", "--json").stdout)["name"] == "alpha 3 l1 0"


def test_a_number_that_json_lacks_is_a_word(sweep: Sweep) -> None:
    found = json.loads(call(sweep, "search", "params.l1_ratio = '0.0'", "--limit", "1", "--json").stdout)
    assert found[0]["metrics"]["nan"] == "NaN"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["best", "gain"], "write --max or --min"),
        (["best", "gain", "--max"], "has a metric `gain`"),
        (["list", "--experiment", "diabets"], "did you mean `diabetes`?"),
        (["list", "--filter", "mse < 1"], "column 1"),
        (["show", "nobody"], "has no run `nobody`"),
        (["show", ""], "is 12 runs"),
        (["export", "runs.xlsx"], "write .csv or .parquet"),
        (["export", "nowhere/runs.csv"], "nowhere does not exist"),
    ],
)
def test_a_mistake_is_a_sentence(sweep: Sweep, words: list[str], sentence: str) -> None:
    assert sentence in refused(call(sweep, *words))


def test_a_store_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "notes.db"
    text.write_text("not a database, but long enough that sqlite looks at its header and says so: " * 20)
    addresses = (f"sqlite:///{tmp_path}/none.db", f"sqlite:///{text}", "http://127.0.0.1:9", "ftp://somewhere")
    sentences = (
        "there is no MLflow store",
        "cannot be read as an MLflow store",
        "nothing answers",
        "is no MLflow store",
    )
    for address, sentence in zip(addresses, sentences, strict=True):
        assert sentence in refused(CliRunner().invoke(runs, ["list", "--tracking-uri", address]))


def test_a_database_that_can_not_be_made_is_not_served() -> None:
    address = "sqlite:////dev/null/x.db"
    assert "cannot be made" in refused(CliRunner().invoke(runs, ["serve", "--tracking-uri", address]))


def test_show_tells_the_files_of_a_run(sweep: Sweep, tmp_path: Path) -> None:
    run = sweep.client.search_runs(["1"], "attributes.run_name = 'alpha 1 l1 1'")[0]
    sweep.client.log_text(run.info.run_id, "hello", "notes/hello.txt")
    shown = json.loads(call(sweep, "show", "alpha 1 l1 1", "--json").stdout)
    assert shown["artifacts"] == ["notes/hello.txt"]
    assert shown == json.loads(call(sweep, "show", run.info.run_id[:12], "--json").stdout)


def test_files_of_a_run_that_is_named_like_a_folder_stay_below_this_one(
    own_sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = own_sweep.client.create_run("1", run_name="..").info.run_id
    own_sweep.client.log_text(run_id, "hello", "hello.txt")
    (here := tmp_path / "here").mkdir()
    monkeypatch.chdir(here)
    assert call(own_sweep, "download", run_id).exit_code == 0
    assert (here / run_id / "hello.txt").read_text() == "hello"


def test_compare_shows_what_differs_side_by_side(sweep: Sweep) -> None:
    lines = call(sweep, "compare", "alpha 0 l1 0", "alpha 1 l1 0").stdout.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["params.alpha", "metrics.mse"]


def test_export_reads_back_as_what_mlflow_says(sweep: Sweep, tmp_path: Path) -> None:
    for name in ("runs.csv", "runs.parquet"):
        assert call(sweep, "export", str(tmp_path / name)).exit_code == 0
    parquet = pd.read_parquet(tmp_path / "runs.parquet").set_index("run_id")
    with (tmp_path / "runs.csv").open(newline="") as file:
        text = {row["run_id"]: row for row in csv.DictReader(file)}
    for run in sweep.client.search_runs(["1"]):
        row = parquet.loc[run.info.run_id]
        assert row["metrics.mse"] == float(text[run.info.run_id]["metrics.mse"]) == run.data.metrics["mse"]
        assert row["params.alpha"] == text[run.info.run_id]["params.alpha"] == run.data.params["alpha"]
        assert row["start_time"].timestamp() * 1000 == run.info.start_time
    assert sorted(file.name for file in tmp_path.glob("*runs*")) == ["runs.csv", "runs.parquet"]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_table_fits_and_begins_with_what_tells_runs_apart(sweep: Sweep, width: int) -> None:
    found = SqliteStore(sweep.path).search(Query(("1",)))
    table = run_table(found, ["metrics.mse"], width)
    lengths = [max(len(row[place]) for row in (table.columns, *table.rows)) for place in range(len(table.columns))]
    fixed = 4
    assert sum(lengths) + 2 * len(lengths) <= max(width, sum(lengths[:fixed]) + 2 * fixed)
    if len(table.columns) > fixed:
        assert table.columns[fixed] == "mse"
    told = [name for name in table.columns[fixed:] if name not in ("solver", "notes")]
    assert list(table.columns[fixed : fixed + len(told)]) == told


def test_what_a_script_measured_goes_before_what_the_machine_did() -> None:
    measured = {"loss": 0.5, "system/cpu_utilization_percentage": 50.0}
    found = [
        Run(
            run_id,
            "",
            "1",
            "FINISHED",
            "active",
            "me",
            0,
            1,
            "",
            params={"p": run_id, "a": run_id},
            metrics={**measured, "system/cpu": number, "z": number},
        )
        for number, run_id in enumerate("ab")
    ]
    assert run_table(found, width=75).columns[4:] == ("z", "a", "p", "loss", "system/cpu")
    assert differing(found) == ["params.a", "params.p", "metrics.z", "metrics.system/cpu"]


def test_experiments_are_told_by_name(own_sweep: Sweep) -> None:
    assert "EXPERIMENT" not in call(own_sweep, "list").stdout
    own_sweep.client.create_run(own_sweep.client.create_experiment("another"), run_name="alone")
    listed = call(own_sweep, "list").stdout.splitlines()
    assert [line.split()[1] for line in listed[:3]] == ["EXPERIMENT", "another", "diabetes"]
    assert ["experiment", "another"] in [line.split() for line in call(own_sweep, "show", "alone").stdout.splitlines()]
    assert json.loads(call(own_sweep, "best", "mse", "--json").stdout)["experiment"] == "diabetes"


def test_reading_a_sqlite_store_imports_no_mlflow(sweep: Sweep) -> None:
    script = (
        "import sys; from workspace_jobs.runs.cli import runs; "
        "runs(['list', '--order-by', 'metrics.mse', '--tracking-uri', sys.argv[1]], standalone_mode=False); "
        "print(sorted({'mlflow', 'pandas', 'sqlalchemy', 'azure', 'numpy'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, sweep.uri], capture_output=True, text=True, timeout=120, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"

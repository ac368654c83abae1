"""Runs renamed, tagged, deleted, restored and removed for good, as MLflow sees it afterwards."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mlflow.entities import LoggedModelInput, ViewType
from mlflow.exceptions import MlflowException

from tests.workspace_jobs.runs.conftest import Sweep
from workspace_jobs.errors import JobsError
from workspace_jobs.runs.cli import runs
from workspace_jobs.runs.collection import milliseconds

FIRST, SECOND, THIRD = "alpha 0 l1 0", "alpha 0 l1 1", "alpha 0 l1 2"


def call(sweep: Sweep, *words: str) -> Result:
    return CliRunner().invoke(runs, [*words, "--tracking-uri", sweep.uri])


def ids(sweep: Sweep, *names: str) -> list[str]:
    experiment = ["1"]
    return [
        sweep.client.search_runs(experiment, f"attributes.run_name = '{name}'", ViewType.ALL)[0].info.run_id
        for name in names
    ]


def test_rename_and_tag_are_seen_by_mlflow(own_sweep: Sweep) -> None:
    (run_id,) = ids(own_sweep, FIRST)
    assert call(own_sweep, "rename", run_id[:14], "the first").exit_code == 0
    assert call(own_sweep, "tag", "the first", SECOND, "--set", "owner=me=you", "--set", "draft=").exit_code == 0
    assert call(own_sweep, "tag", "the first", SECOND, "--remove", "draft", "--remove", "never there").exit_code == 0
    run = own_sweep.client.get_run(run_id)
    assert (run.info.run_name, run.data.tags["mlflow.runName"]) == ("the first", "the first")
    assert run.data.tags["owner"] == "me=you"
    assert "draft" not in run.data.tags


def test_delete_and_restore_are_each_others_inverse(own_sweep: Sweep) -> None:
    before = own_sweep.client.search_runs(["1"])
    deleted = call(own_sweep, "delete", FIRST, SECOND, "--json")
    assert {one["name"] for one in json.loads(deleted.stdout)} == {FIRST, SECOND}
    assert len(own_sweep.client.search_runs(["1"])) == 10
    assert "nothing was deleted" in call(own_sweep, "delete", FIRST).stderr
    refused = call(own_sweep, "rename", FIRST, "other")
    assert isinstance(refused.exception, JobsError)
    assert "mlws runs restore" in str(refused.exception)
    assert call(own_sweep, "restore", FIRST, SECOND).exit_code == 0
    after = own_sweep.client.search_runs(["1"])
    assert [repr(run.to_dictionary()) for run in after] == [repr(run.to_dictionary()) for run in before]


def test_gc_removes_deleted_runs_with_their_files_and_no_others(own_sweep: Sweep, tmp_path: Path) -> None:
    first, second, third = ids(own_sweep, FIRST, SECOND, THIRD)
    for run_id in (first, second, third):
        own_sweep.client.log_text(run_id, "12345", "notes/a.txt")
    own_sweep.client.create_registered_model("kept")
    own_sweep.client.create_model_version("kept", f"{tmp_path}/artifacts/1/{second}/artifacts/notes", second)
    call(own_sweep, "delete", first, second)

    young = json.loads(call(own_sweep, "gc", "--older-than", "1d", "--json").stdout)
    dry = json.loads(call(own_sweep, "gc", "--dry-run", "--json").stdout)
    assert young == []
    assert {one["id"]: (one["files"], one["size_bytes"]) for one in dry} == {first: (1, 5), second: (1, 5)}
    assert (tmp_path / "artifacts" / "1" / first / "artifacts" / "notes" / "a.txt").exists()

    done = call(own_sweep, "gc")
    assert "registered as kept version 1" in done.stdout
    assert not (tmp_path / "artifacts" / "1" / first).exists()
    with pytest.raises(MlflowException):
        own_sweep.client.get_run(first)
    for run_id in (second, third):
        assert (tmp_path / "artifacts" / "1" / run_id / "artifacts" / "notes" / "a.txt").read_text() == "12345"
    assert len(own_sweep.client.search_runs(["1"])) == 10
    assert len(own_sweep.client.search_runs(["1"], "", ViewType.ALL)) == 11


def test_gc_leaves_files_that_a_living_run_uses(own_sweep: Sweep, tmp_path: Path) -> None:
    first, second = ids(own_sweep, FIRST, SECOND)
    own_sweep.client.log_text(first, "12345", "a.txt")
    shared = f"{tmp_path}/artifacts/1/{first}/artifacts"
    with closing(sqlite3.connect(own_sweep.path)) as connection, connection:
        connection.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (f"{shared}/below", second))
    call(own_sweep, "delete", first)
    assert f"run {second} uses its files" in call(own_sweep, "gc").stdout
    assert Path(shared, "a.txt").exists()


def test_gc_takes_a_runs_logged_models_along_unless_another_run_reads_them(own_sweep: Sweep, tmp_path: Path) -> None:
    client = own_sweep.client
    first, second, third = ids(own_sweep, FIRST, SECOND, THIRD)
    made = [client.create_logged_model("1", name="model", source_run_id=run_id) for run_id in (first, second)]
    for model in made:
        Path(model.artifact_location).mkdir(parents=True)
        Path(model.artifact_location, "MLmodel").write_text("x")
    client.log_inputs(third, models=[LoggedModelInput(made[1].model_id)])
    call(own_sweep, "delete", first, second)
    assert f"run {third} uses its files" in call(own_sweep, "gc").stdout
    assert [Path(model.artifact_location).exists() for model in made] == [False, True]
    assert [model.model_id for model in client.search_logged_models(["1"])] == [made[1].model_id]


def test_gc_of_a_server_s_database_finds_the_files_that_the_server_keeps(own_sweep: Sweep, tmp_path: Path) -> None:
    (run_id,) = ids(own_sweep, FIRST)
    with closing(sqlite3.connect(own_sweep.path)) as connection, connection:
        place = f"mlflow-artifacts:/1/{run_id}/artifacts"
        connection.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (place, run_id))
    for folder in ("mlruns", "elsewhere"):
        kept = tmp_path / folder / "1" / run_id / "artifacts"
        kept.mkdir(parents=True)
        (kept / "a.txt").write_text("12345")
    call(own_sweep, "delete", run_id)
    dry = json.loads(call(own_sweep, "gc", "--dry-run", "--artifacts", str(tmp_path / "elsewhere"), "--json").stdout)
    assert [one["size_bytes"] for one in dry] == [5]
    assert call(own_sweep, "gc").exit_code == 0
    assert not (tmp_path / "mlruns" / "1" / run_id).exists()
    assert (tmp_path / "elsewhere" / "1" / run_id).exists()


def test_sync_says_that_nothing_waits(own_sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLWS_TRACKING_OUTBOX", str(tmp_path / "outbox"))
    assert "nothing waits" in call(own_sweep, "sync").stdout
    assert json.loads(call(own_sweep, "sync", "--json").stdout) == []


def test_download_copies_what_was_asked_for(own_sweep: Sweep, tmp_path: Path) -> None:
    (run_id,) = ids(own_sweep, FIRST)
    for name in ("notes/a.txt", "notes/b.txt", "notesless.txt"):
        own_sweep.client.log_text(run_id, name, name)
    to = tmp_path / "out"
    assert call(own_sweep, "download", FIRST, "--path", "notes", "--to", str(to)).exit_code == 0
    assert sorted(str(file.relative_to(to)) for file in to.rglob("*.txt")) == ["notes/a.txt", "notes/b.txt"]
    missing = call(own_sweep, "download", FIRST, "--path", "nothing")
    assert "has no artifact `nothing`" in str(missing.exception)


@pytest.mark.parametrize(("age", "expected"), [("30d", 2_592_000_000), ("12h", 43_200_000), ("90m", 5_400_000)])
def test_an_age_is_read(age: str, expected: int) -> None:
    assert milliseconds(age) == expected


@pytest.mark.parametrize("age", ["", "30", "d", "1.5d", "-1d", "1w"])
def test_an_age_that_is_none_is_a_sentence(age: str) -> None:
    with pytest.raises(JobsError, match="as 30d, 12h or 90m"):
        milliseconds(age)

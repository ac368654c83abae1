import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

from tests.workspace_jobs.conftest import FakeWorkspace
from tests.workspace_jobs.fake_jobs import FakeJobs
from workspace_jobs import connection
from workspace_jobs.cli import datastores, jobs
from workspace_jobs.errors import JobFailedError, JobsError
from workspace_jobs.logging_policy import LoggingPolicy


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> tuple[MlflowClient, str]:
    """A real MLflow store with one ended run, and the run's id; made once, since that takes seconds."""
    client = MlflowClient(f"sqlite:///{tmp_path_factory.mktemp('mlflow') / 'mlflow.db'}")
    run = client.create_run(client.create_experiment("tries"), start_time=1_767_323_045_000)
    client.log_param(run.info.run_id, "alpha", 0.1)
    client.log_metric(run.info.run_id, "r2", 0.5123456789)
    client.set_terminated(run.info.run_id, end_time=1_767_323_055_500)
    return client, run.info.run_id


@pytest.fixture
def fake(workspace: FakeWorkspace, tracking: tuple[MlflowClient, str], monkeypatch: pytest.MonkeyPatch) -> FakeJobs:
    """A workspace with one job, whose name is the id of its MLflow run."""
    client, run_id = tracking
    model = SimpleNamespace(path="azureml://datastores/x/paths/model")
    empty = SimpleNamespace(path=None)
    fakes = FakeJobs(name=run_id, outputs={"model": model, "empty": empty})
    workspace.ml_client.__dict__["jobs"] = fakes
    workspace.__dict__["mlflow"] = client
    monkeypatch.setattr(connection, "connect", lambda _config: workspace)
    return fakes


def run(command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def refused(result: Result) -> str:
    """The sentence of a command that the root would print, with its exit code checked."""
    assert isinstance(result.exception, JobsError)
    assert result.exception.exit_code == 2
    return str(result.exception)


def test_show_gives_metrics_times_and_outputs(fake: FakeJobs) -> None:
    fake.status = "Completed"
    record = json.loads(run(jobs, "show", fake.name, "--json").stdout)
    assert record["metrics"] == {"r2": 0.5123456789}
    assert record["params"] == {"alpha": "0.1"}
    assert (record["compute"], record["duration_seconds"]) == ("cpu", 10.5)
    assert record["started"] == "2026-01-02T03:04:05+00:00"
    assert record["outputs"] == {"model": "azureml://datastores/x/paths/model"}


def test_show_reads_as_lines(fake: FakeJobs) -> None:
    fake.status = "Completed"
    lines = dict(line.split(maxsplit=1) for line in run(jobs, "show", fake.name).stdout.splitlines())
    assert lines["duration"] == "10.5 s"
    assert lines["metric"].split() == ["r2", "0.512346"]


def test_a_job_that_has_not_started_has_no_run_and_shows_all_the_same(fake: FakeJobs, workspace: FakeWorkspace) -> None:
    def get_run(run_id: str) -> None:
        raise MlflowException(f"Run {run_id} not found", error_code=RESOURCE_DOES_NOT_EXIST)

    fake.status = "Queued"
    workspace.__dict__["mlflow"] = SimpleNamespace(get_run=get_run)
    record = json.loads(run(jobs, "show", fake.name, "--json").stdout)
    assert (record["metrics"], record["duration_seconds"]) == ({}, None)


def test_list_leaves_out_what_the_sdk_cannot_read(fake: FakeJobs) -> None:
    listed = json.loads(run(jobs, "list", "--json").stdout)
    assert [line["name"] for line in listed] == [fake.name, fake.name]
    assert len(json.loads(run(jobs, "list", "--json", "--limit", "1").stdout)) == 1


@pytest.mark.usefixtures("fake")
def test_list_is_aligned_without_a_terminal() -> None:
    heading, first, _ = run(jobs, "list").stdout.splitlines()
    assert heading.index("STATUS") == first.index("Running")


def test_stream_of_a_failed_job_shows_the_logs_end_on_stderr(fake: FakeJobs) -> None:
    fake.ending = "Failed"
    result = run(jobs, "stream", fake.name)
    assert isinstance(result.exception, JobFailedError)
    assert result.exception.exit_code == 1
    assert "line 49" in result.stderr
    assert "line 29" not in result.stderr


def test_an_interrupted_stream_says_how_to_cancel(fake: FakeJobs) -> None:
    fake.ending = "interrupted"
    result = run(jobs, "stream", fake.name)
    assert result.exit_code == 130
    assert f"mlws jobs cancel {fake.name}" in result.stderr


@pytest.fixture
def submitted(fake: FakeJobs, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    workspace.computes = [SimpleNamespace(name="cpu", type="amlcompute")]
    taken: list[Any] = []

    def create_or_update(job: Any) -> Any:
        taken.append(job)
        return fake.get(fake.name)

    monkeypatch.setattr(fake, "create_or_update", create_or_update, raising=False)
    return taken


def test_submit_with_stream_and_json_prints_only_json_on_stdout(fake: FakeJobs, submitted: list[Any]) -> None:
    result = run(jobs, "submit", "elastic-net", "--set", "inputs.alpha=0.3", "--stream", "--json")
    record = json.loads(result.stdout)
    assert (record["name"], record["status"], record["metrics"]) == (
        fake.name,
        "Completed",
        {"r2": 0.5123456789},
    )
    assert "one\ntwo\n" in result.stderr
    assert len(submitted) == 1


SCRIPT = """
import sys
import lightgbm, numpy
from sklearn.linear_model import Ridge
rows, target = numpy.arange(40.0).reshape(20, 2), numpy.arange(20.0)
Ridge(alpha=float(sys.argv[1])).fit(rows, target)
lightgbm.train({"verbose": -1}, lightgbm.Dataset(rows, target), num_boost_round=1)
"""


def test_a_submitted_script_runs_as_mlws_train_has_it_under_the_logging_policy_of_its_workspace(
    fake: FakeJobs, submitted: list[Any], workspace: FakeWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One library's autologging is on and the others' off, in the process of the code and a real store."""
    policy = LoggingPolicy("off", {"sklearn": "on"}, frozenset())
    workspace.config = dataclasses.replace(workspace.config, policy=policy)
    (tmp_path / "train.py").write_text(SCRIPT)
    (tmp_path / "secrets.txt").write_text("not to be uploaded")

    def upload(job: Any) -> Any:
        submitted.append(job)
        shutil.copytree(job.code, tmp_path / "compute")
        return fake.get(fake.name)

    monkeypatch.setattr(fake, "create_or_update", upload)
    result = run(jobs, "submit", str(tmp_path / "train.py"), "--", "0.5")
    assert result.exit_code == 0, result.exception
    (job,) = submitted
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = {**kept, **job.environment_variables, "MLFLOW_TRACKING_URI": uri}
    command = [sys.executable, *job.command.split()[1:]]
    subprocess.run(command, cwd=tmp_path / "compute", env=environment, timeout=300, check=True, capture_output=True)
    (logged,) = MlflowClient(uri).search_runs(["1"])
    assert (logged.info.status, logged.data.params["alpha"]) == ("FINISHED", "0.5")
    assert "training_mean_squared_error" in logged.data.metrics
    assert "num_boost_round" not in logged.data.params
    assert not (tmp_path / "compute" / "secrets.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("elastic",), "did you mean `elastic-net`"),
        (("nowhere.py",), "neither a file nor a bundled job"),
        (("elastic-net", "--set", "alpha"), "--set alpha"),
        (("elastic-net", "--compute", "gpu"), "no compute `gpu`"),
        (("elastic-net", "--name", "a b"), "--name"),
        (("elastic-net", "--", "--alpha", "1"), "write --set"),
        ((__file__, "--set", "inputs.a=1"), "arguments after --"),
    ],
)
def test_what_submit_refuses_is_a_sentence_and_nothing_is_submitted(
    submitted: list[Any], arguments: tuple[str, ...], words: str
) -> None:
    assert words in refused(run(jobs, "submit", *arguments))
    assert submitted == []


def test_the_name_of_a_job_that_exists_is_refused_before_anything_is_submitted(
    fake: FakeJobs, submitted: list[Any]
) -> None:
    sentence = refused(run(jobs, "submit", "elastic-net", "--name", fake.name))
    assert f"has a job `{fake.name}` already" in sentence
    assert submitted == []


def test_a_target_is_judged_before_the_workspace_is_sought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "nowhere.py" in refused(run(jobs, "submit", "nowhere.py"))
    assert "there is no config.json" in refused(run(jobs, "submit", "elastic-net"))


@pytest.mark.parametrize(
    "command",
    [
        ("jobs", "list"),
        ("jobs", "show", "x"),
        ("jobs", "stream", "x"),
        ("jobs", "cancel", "x"),
        ("jobs", "download", "x"),
        ("datastores", "list"),
        ("datastores", "register"),
    ],
)
def test_every_command_says_that_its_config_is_missing(command: tuple[str, ...], tmp_path: Path) -> None:
    group = {"jobs": jobs, "datastores": datastores}[command[0]]
    result = run(group, *command[1:], "--config", str(tmp_path / "none.json"))
    assert "none.json does not exist" in refused(result)


def test_download_takes_one_output_or_everything(fake: FakeJobs) -> None:
    result = run(jobs, "download", fake.name, "--output", "model", "--all")
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr


def test_download_names_the_files(fake: FakeJobs, tmp_path: Path) -> None:
    fake.status = "Completed"
    to = tmp_path / "to"
    result = json.loads(run(jobs, "download", fake.name, "--output", "empty", "--to", str(to), "--json").stdout)
    assert result["files"] == [str(to / "named-outputs" / "empty" / "std_log.txt")]


@pytest.mark.usefixtures("fake")
def test_registering_shows_what_changed(tmp_path: Path) -> None:
    file = tmp_path / "datastores.yaml"
    file.write_text("datastores: [{name: raw, type: azure_blob, container: raw, credentials: identity}]")
    first = json.loads(run(datastores, "register", "--file", str(file), "--json").stdout)
    assert first == [
        {
            "name": "raw",
            "type": "azure_blob",
            "account": "stworkspace",
            "container": "raw",
            "change": "created",
        }
    ]
    assert run(datastores, "register", "--file", str(file)).stdout.splitlines()[1].endswith("unchanged")
    assert run(datastores, "list").stdout.splitlines()[1].split() == [
        "raw",
        "azure_blob",
        "stworkspace",
        "raw",
        "identity",
        "yes",
    ]


def test_the_commands_import_nothing_heavy() -> None:
    heavy = ("azure.ai.ml", "mlflow", "sklearn", "yaml", "rich", "requests")
    code = f"import sys, workspace_jobs.cli; print([name for name in {heavy} if name in sys.modules])"
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert finished.stdout.strip() == "[]"


def test_a_job_file_gets_the_logging_policy_of_its_workspace_for_its_code_to_apply(
    submitted: list[Any], workspace: FakeWorkspace
) -> None:
    policy = LoggingPolicy("off", {"sklearn": "on"})
    workspace.config = dataclasses.replace(workspace.config, policy=policy)
    assert run(jobs, "submit", "elastic-net").exit_code == 0
    assert submitted[0].environment_variables == policy.variables()

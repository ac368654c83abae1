"""Sweep jobs with the official SDK: their trials are jobs that really run."""

import time
from pathlib import Path
from typing import Any

import mlflow
import pytest
from azure.ai.ml import MLClient, command
from azure.ai.ml.exceptions import JobException
from azure.ai.ml.sweep import Choice

from tests.localazure.machine_learning.test_azure_ml import NO_CONDA, ml_client, write

__all__ = ["ml_client"]

pytestmark = pytest.mark.xdist_group("azure")

# Logs over REST, for `import mlflow` would cost each trial seconds.
TRIAL = """
import json, os, sys, time, urllib.request
alpha, word = float(sys.argv[1]), sys.argv[2]
body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "loss", "value": (alpha - 0.3) ** 2, "timestamp": 0}
address = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric"
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
    urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
)
print("trial with", word)
if word == "fail":
    raise SystemExit(3)
if word == "sleep":
    time.sleep(300)
"""


def sweep(folder: Path, word: str, alphas: list[float | str | dict[Any, Any]], **limits: int) -> Any:
    trial = command(
        code=str(write(folder, "trial.py", TRIAL)),
        command="python trial.py ${{inputs.alpha}} ${{inputs.word}}",
        inputs={"alpha": 0.0, "word": word},
        environment=NO_CONDA,
        compute="cpu-cluster",
    )(alpha=Choice(alphas))
    job = trial.sweep(sampling_algorithm="grid", primary_metric="loss", goal="Minimize", compute="cpu-cluster")
    job.set_limits(max_total_trials=len(alphas), **limits)
    job.experiment_name = "sweeps"
    return job


def test_a_sweep_runs_a_job_for_each_trial_and_says_which_was_best(
    ml_client: MLClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "it's $(touch /tmp/pwned)"
    job = ml_client.jobs.create_or_update(sweep(tmp_path / "code", hostile, [0.1, 0.35], max_concurrent_trials=2))
    ml_client.jobs.stream(job.name)
    ended = ml_client.jobs.get(job.name)
    assert (ended.status, ended.type) == ("Completed", "sweep")
    assert ended.properties["best_child_run_id"] == f"{job.name}_1"
    assert f"The best is {job.name}_1, loss: 0.0025" in capsys.readouterr().out
    children = list(ml_client.jobs.list(parent_job_name=job.name))
    assert [child.name for child in children] == [f"{job.name}_0", f"{job.name}_1"]
    assert {child.status for child in children} == {"Completed"}
    tracking = mlflow.MlflowClient(ml_client.workspaces.get("mlw-tests").mlflow_tracking_uri)
    run = tracking.get_run(children[1].name)
    assert run.data.metrics["loss"] == pytest.approx(0.0025)
    assert run.data.tags["mlflow.parentRunId"] == job.name
    ml_client.jobs.download(children[0].name, download_path=tmp_path / "got")
    assert f"trial with {hostile}" in next((tmp_path / "got").rglob("std_log.txt")).read_text()


def test_a_sweep_whose_trials_all_fail_says_so(ml_client: MLClient, tmp_path: Path) -> None:
    job = ml_client.jobs.create_or_update(sweep(tmp_path / "code", "fail", [0.1], max_concurrent_trials=1))
    with pytest.raises(JobException, match="None of the 1 trials completed"):
        ml_client.jobs.stream(job.name)


def test_a_cancelled_sweep_takes_its_trials_along(ml_client: MLClient, tmp_path: Path) -> None:
    job = ml_client.jobs.create_or_update(sweep(tmp_path / "code", "sleep", [0.1, 0.2], max_concurrent_trials=1))
    until = time.monotonic() + 120
    while not (children := list(ml_client.jobs.list(parent_job_name=job.name))) or children[0].status != "Running":
        assert time.monotonic() < until, children
        time.sleep(0.5)
    ml_client.jobs.begin_cancel(job.name).wait()
    while {ml_client.jobs.get(name).status for name in (job.name, children[0].name)} != {"Canceled"}:
        assert time.monotonic() < until
        time.sleep(0.5)
    assert len(list(ml_client.jobs.list(parent_job_name=job.name))) == 1

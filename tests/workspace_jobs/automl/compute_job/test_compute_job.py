"""Data assets, and runs on a compute: registered, submitted and run for real, on the embedded Azure."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
import yaml
from azure.ai.ml import MLClient
from azure.ai.ml.entities import Data
from click.testing import CliRunner, Result

from mlws import cli
from tests.localazure.machine_learning.test_azure_ml import GROUP, NO_CONDA, ml_client
from tests.workspace_jobs.automl.samples import LINEAR, TREE, credit, define, store
from workspace_jobs.automl.compute_job.request import Request
from workspace_jobs.automl.compute_job.submission import CONDA_FILE
from workspace_jobs.automl.data import tables
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.errors import JobsError

__all__ = ["ml_client"]

pytestmark = [pytest.mark.xdist_group("azure"), pytest.mark.timeout(600)]


@pytest.fixture
def config(ml_client: MLClient, tmp_path: Path) -> Path:
    """The config.json of the workspace."""
    file = tmp_path / "config.json"
    named = {"subscription_id": ml_client.subscription_id, "resource_group": GROUP, "workspace_name": "mlw-tests"}
    file.write_text(json.dumps(named))
    return file


def called(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["automl", "run", *arguments])


def test_a_run_on_a_compute_leaves_what_a_run_here_leaves(ml_client: MLClient, config: Path, tmp_path: Path) -> None:
    ml_client.environments.create_or_update(NO_CONDA)
    file = store(tmp_path, credit())
    asset = ml_client.data.create_or_update(Data(name="credit", path=str(file), type="uri_file"))
    arguments = ["azureml:credit@latest", "--target", "good", "--test", str(store(tmp_path, credit(40), "test.csv"))]
    arguments += ["--candidates", str(define(tmp_path, LINEAR, TREE)), "--validation", "3", "--exclude", "note"]
    arguments += ["--timeout", "200", "--register-as", "credit-model", "--parallel", "1"]
    place = ["--compute", "cpu-cluster", "--environment", "plain:1", "--config", str(config), "--stream", "--json"]
    done = called(*arguments, *place)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "Trial   0" in done.stderr
    assert "On the test data: roc_auc" in done.stderr
    record = json.loads(done.stdout)
    assert (record["status"], record["experiment"]) == ("Completed", "credit")
    name = record["name"]
    assert ml_client.jobs.get(name).inputs["data"].path.endswith(f"credit:{asset.version}")

    tracking = mlflow.MlflowClient(ml_client.workspaces.get("mlw-tests").mlflow_tracking_uri)
    parent = tracking.get_run(name)
    assert parent.info.status == "FINISHED"
    assert parent.data.params["data"] == f"azureml:credit:{asset.version}"
    assert {"roc_auc", "test_roc_auc"} <= set(parent.data.metrics)
    children = tracking.search_runs([parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{name}'")
    assert {child.data.params["algorithm"] for child in children} == {"LogisticRegression", "DecisionTree"}
    version = tracking.get_model_version("credit-model", "1")
    assert version.run_id == name

    ml_client.jobs.download(name, download_path=tmp_path / "got")
    folder = tmp_path / "got" / "artifacts" / "outputs" / "automl"
    assert {"report.html", "definition.json", "model", "trials.jsonl"} <= {one.name for one in folder.iterdir()}
    model = mlflow.pyfunc.load_model(str(tmp_path / "got" / "artifacts" / "model"))
    assert set(model.predict(credit(20))) <= {"yes", "no"}


def test_data_assets_of_each_type_are_tables(ml_client: MLClient, config: Path, tmp_path: Path) -> None:
    frame = credit(30)
    folder, described = tmp_path / "parts", tmp_path / "described"
    folder.mkdir()
    described.mkdir()
    frame[:10].to_parquet(folder / "1.parquet")
    frame[10:].to_parquet(folder / "2.parquet")
    store(described, frame)
    steps = {"paths": [{"file": "./credit.csv"}], "transformations": ["read_delimited"]}
    (described / "MLTable").write_text(yaml.safe_dump(steps))
    for name, path, type_ in (("parts", folder, "uri_folder"), ("described", described, "mltable")):
        version = ml_client.data.create_or_update(Data(name=name, path=str(path), type=type_)).version
        read = tables.read(f"azureml:{name}:{version}", config)
        gaps = {"job": ""}
        pd.testing.assert_frame_equal(read.fillna(gaps), frame.fillna(gaps), check_dtype=False)
    assert len(tables.read_sample("azureml:parts@latest", 90, 0, config=config).frame) == 10

    for wrong, sentence in (
        ("azureml:part:1", "`mlw-tests` has no data asset `part`: did you mean `parts`"),
        ("azureml:parts:77", "has no version 77 of data asset `parts`: write one of 1"),
        ("azureml:parts", "write a data asset as azureml:NAME:VERSION or azureml:NAME@latest"),
    ):
        with pytest.raises(AutoMLError, match=sentence):
            tables.read(wrong, config)
    away = Data(name="away", path="https://example.org/t.csv", type="uri_file")
    ml_client.data.create_or_update(away)
    with pytest.raises(AutoMLError, match=r"azureml:away:1 lies at https://example.org/t.csv, in no datastore"):
        tables.read("azureml:away:1", config)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--here", "--compute", "c"], "--here and --compute exclude each other"),
        (["--stream"], "--environment and --stream are for a job"),
        (["--config", "x.json"], "--config is for --compute, --engine azure and data assets"),
        (["--compute", "c", "--tracking-uri", "u"], "a job is tracked in the workspace"),
        (["--engine", "azure", "--environment", "e:1"], "--environment is the open engine's"),
        (["--ray-address", "h:1"], "--ray-address is for --executor ray"),
        (["--compute", "c", "--executor", "ray"], "--executor ray as a job needs --environment"),
        (["--compute", "c", "--out", "o"], "--out is for a run on this machine"),
        (["--compute", "c", "--exclude", "target"], "that is the target"),
    ],
)
def test_options_that_make_no_sense_where_it_runs_are_told_before_anything_is_sent(
    write_config: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(write_config().parent)
    done = called("wine", "--target", "target", *arguments)
    assert done.exit_code != 0
    assert sentence in f"{done.exception if isinstance(done.exception, JobsError) else done.output}"


def test_what_is_asked_comes_across_whole(tmp_path: Path) -> None:
    file = define(tmp_path, LINEAR)
    given: dict[str, Any] = {"target": "y", "exclude": ("a", "b"), "candidates": file, "memory": 10**9, "horizon": None}
    costs = tmp_path / "costs.yaml"
    costs.write_text("no: {yes: 2}\n")
    Request("azureml:t:1", Options(**given, costs=costs, test="t.csv", config=tmp_path), "model").write(tmp_path)
    found = Request.read(tmp_path / "mlws-automl.json")
    expected = {**given, "candidates": Path("candidates.yaml"), "costs": {"no": {"yes": "2"}}}
    assert found == Request("azureml:t:1", Options(**expected), "model")
    assert str(tmp_path) not in (tmp_path / "mlws-automl.json").read_text()


def test_the_environment_of_a_compute_has_what_the_engine_was_tested_with() -> None:
    from importlib.metadata import version

    pinned = dict(line.split("==") for line in yaml.safe_load(CONDA_FILE.read_text())["dependencies"][-1]["pip"])
    assert pinned == {name: version(name) for name in pinned}

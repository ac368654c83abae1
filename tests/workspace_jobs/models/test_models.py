"""Runs become versions, versions get aliases, and the code that is written predicts what the model predicts."""

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import mlflow
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from mlflow import MlflowClient
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from workspace_jobs.errors import JobsError
from workspace_jobs.models.cli import models
from workspace_jobs.models.registry import registered_models
from workspace_jobs.runs.opening import open_store
from workspace_jobs.runs.stores import RunStore
from workspace_jobs.tracking import database

# The models that they share take seconds to log.
pytestmark = pytest.mark.xdist_group("models")

REQUIREMENTS = ["mlflow", "scikit-learn", "pandas"]
EXAMPLE = pd.DataFrame(
    {
        "age": np.array([31, 42, 53, 64], "int64"),
        "bmi": [21.5, 30.25, 1e-3, 28.0],
        "city of birth": ["Köln", 'O\'Fallon, "MO"', "x", "Köln"],
        "smokes": [True, False, True, False],
    }
)


@dataclass(frozen=True)
class Logged:
    """A store with runs `logged` (as MLflow 3 does), `saved` (as files), `bare` (no signature), `tensor` and `none`."""

    store: RunStore
    folder: Path
    expected: np.ndarray

    def call(self, *words: str) -> Result:
        return CliRunner().invoke(models, [*words, "--tracking-uri", self.store.uri])

    def refused(self, *words: str) -> str:
        result = self.call(*words)
        assert isinstance(result.exception, JobsError), result.output
        return str(result.exception)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    folder = tmp_path_factory.mktemp("models")
    database.ensure(folder / "mlflow.db", (folder / "artifacts").as_posix())
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    encoder = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["city of birth"]), remainder="passthrough"
    )
    model = make_pipeline(encoder, LinearRegression()).fit(EXAMPLE, [1.0, 2.0, 3.0, 4.0])
    flat = LinearRegression().fit(np.eye(3), [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(uri)
    try:
        mlflow.set_experiment("people")
        saving = {"serialization_format": "cloudpickle", "pip_requirements": REQUIREMENTS}
        signature = infer_signature(EXAMPLE, model.predict(EXAMPLE))
        with mlflow.start_run(run_name="logged"):
            mlflow.sklearn.log_model(model, name="model", signature=signature, **saving)
        with mlflow.start_run(run_name="saved"):
            mlflow.sklearn.save_model(model, folder / "saved", signature=signature, **saving)
            mlflow.log_artifacts(str(folder / "saved"), "model")
        with mlflow.start_run(run_name="bare"):
            mlflow.sklearn.save_model(model, folder / "bare", **saving)
            mlflow.log_artifacts(str(folder / "bare"), "model")
        with mlflow.start_run(run_name="tensor"):
            of_array = infer_signature(np.eye(3), flat.predict(np.eye(3)))
            mlflow.sklearn.save_model(flat, folder / "flat", signature=of_array, **saving)
            mlflow.log_artifacts(str(folder / "flat"), "elsewhere")
        with mlflow.start_run(run_name="none"):
            pass
    finally:
        mlflow.set_tracking_uri(before)
    for run, name in (("saved", "people"), ("bare", "bare"), ("tensor", "flat")):
        path = "elsewhere" if run == "tensor" else "model"
        call = ["register", run, "--name", name, "--artifact-path", path, "--tracking-uri", uri]
        assert CliRunner().invoke(models, call).exit_code == 0
    return Logged(open_store(uri), folder, model.predict(EXAMPLE))


def module(folder: Path, name: str) -> ModuleType:
    """A written script, imported."""
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_a_run_is_registered_once_with_its_alias(logged: Logged) -> None:
    calls = [logged.call("register", "logged", "--name", "once", "--alias", "champion", "--json") for _ in range(2)]
    first, second = (json.loads(call.stdout) for call in calls)
    assert (first["version"], first["aliases"], first["status"], first["new"]) == ("1", ["champion"], "READY", True)
    assert second == {**first, "new": False}
    assert json.loads(logged.call("register", "saved", "--name", "once", "--json").stdout)["version"] == "2"
    assert json.loads(logged.call("register", "saved", "--name", "once", "--json").stdout)["version"] == "2"
    client = MlflowClient(logged.store.uri)
    assert str(client.get_model_version_by_alias("once", "champion").version) == "1"
    assert len(client.search_model_versions("name = 'once'")) == 2


def test_an_alias_moves_and_goes(logged: Logged) -> None:
    for run in ("saved", "logged"):
        logged.call("register", run, "--name", "moving")
    assert logged.call("alias", "set", "moving@1", "champion").exit_code == 0
    assert logged.call("alias", "set", "moving@2", "champion").exit_code == 0
    assert json.loads(logged.call("show", "moving@champion", "--json").stdout)["version"] == "2"
    assert logged.call("alias", "delete", "moving@champion").exit_code == 0
    assert "no version or alias `champion`" in logged.refused("show", "moving@champion")


def test_a_file_and_mlflows_client_tell_of_the_same_models(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    direct = registered_models(logged.store)
    monkeypatch.setattr("workspace_jobs.models.registry.sqlite_path", lambda _uri: None)
    assert registered_models(logged.store) == direct
    assert direct != []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["register", "none"], "has no model at `model`; log one"),
        (["register", "tensor"], "it has elsewhere: name it with --artifact-path"),
        (["register", "nobody"], "has no run `nobody`"),
        (["show", "peoples"], "did you mean `people`?"),
        (["code", "people@9"], "no version or alias `9`"),
        (["code", "bare"], "has no signature"),
    ],
)
def test_a_mistake_is_a_sentence_and_leaves_nothing(
    logged: Logged, words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sentence in logged.refused(*words)
    assert list(tmp_path.iterdir()) == []


def test_the_written_scripts_predict_what_the_model_predicts(logged: Logged, tmp_path: Path) -> None:
    """As a user runs them, in a folder that the store knows nothing of."""
    code = tmp_path / "code"
    assert logged.call("code", "people@1", "--to", str(code)).exit_code == 0
    assert sorted(file.name for file in code.iterdir()) == ["model", "predict.py", "requirements.txt", "score_batch.py"]
    assert (code / "requirements.txt").read_text().split() == ["mlflow", "scikit-learn", "pandas", "pyarrow"]
    EXAMPLE.to_csv(tmp_path / "rows.csv", index=False)
    predicted = _run(tmp_path, "code/predict.py", "rows.csv")
    values = [float(line) for line in predicted.splitlines()[1:]]
    np.testing.assert_allclose(values, logged.expected)
    _run(tmp_path, "code/score_batch.py", "rows.csv", "scored.parquet", "--chunk-rows", "3")
    scored = pd.read_parquet(tmp_path / "scored.parquet")
    np.testing.assert_allclose(scored["prediction"], logged.expected)
    assert list(scored["city of birth"]) == list(EXAMPLE["city of birth"])


def test_other_formats_and_wrong_rows(logged: Logged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "code"
    assert logged.call("code", "people", "--to", str(code)).exit_code == 0
    predict = module(code, "predict")
    monkeypatch.setitem(sys.modules, "predict", predict)
    score_batch = module(code, "score_batch")
    model = predict.load(None)
    (tmp_path / "rows.json").write_text(EXAMPLE.to_json(orient="records"))
    (tmp_path / "split.json").write_text(json.dumps({"dataframe_split": EXAMPLE.to_dict(orient="split")}))
    (tmp_path / "rows.jsonl").write_text(EXAMPLE.to_json(orient="records", lines=True))
    EXAMPLE.to_parquet(tmp_path / "rows.parquet")
    for name in ("rows.json", "split.json", "rows.jsonl", "rows.parquet"):
        found = predict.predict(model, predict.read_rows(tmp_path / name))
        np.testing.assert_allclose(found["prediction"], logged.expected, err_msg=name)

    wrong = {
        "age": (EXAMPLE.drop(columns="age"), "no column `age`"),
        "empty": (EXAMPLE.assign(age=["1", "2", "", "4"]), "column `age` needs long in every row"),
        "fraction": (EXAMPLE.assign(age=[1, 2, 3.5, 4]), "a fraction"),
        "word": (EXAMPLE.assign(bmi=["a", "b", "c", "d"]), "column `bmi` needs double"),
        "maybe": (EXAMPLE.assign(smokes=["maybe"] * 4), "column `smokes` needs boolean"),
    }
    for name, (rows, sentence) in wrong.items():
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
        monkeypatch.setattr(sys, "argv", ["score_batch.py", str(tmp_path / f"{name}.csv"), str(tmp_path / "out.csv")])
        with pytest.raises(SystemExit, match=sentence):
            score_batch.main()
    assert list(tmp_path.glob("*out*")) == []


def test_a_tensor_is_all_columns_in_a_row(logged: Logged, tmp_path: Path) -> None:
    code = tmp_path / "code"
    assert logged.call("code", "flat", "--to", str(code), "--no-model").exit_code == 0
    assert not (code / "model").exists()
    before = mlflow.get_tracking_uri()
    try:
        predict = module(code, "predict")
        pd.DataFrame(np.eye(3)).to_csv(tmp_path / "rows.csv", index=False)
        found = predict.predict(predict.load(None), predict.read_rows(tmp_path / "rows.csv"))
    finally:
        mlflow.set_tracking_uri(before)
    np.testing.assert_allclose(found[["prediction_0", "prediction_1"]], [[1, 2], [3, 4], [5, 6]], atol=1e-9)
    with pytest.raises(predict.InputError, match="no float64 tensor"):
        predict.typed(pd.DataFrame({"a": ["x"]}))


def _run(folder: Path, *words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", *words], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout

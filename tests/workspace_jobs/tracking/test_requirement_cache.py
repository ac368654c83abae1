"""Requirements are those that MLflow infers, and are inferred once for models of the same classes."""

import pickle
import sys
from pathlib import Path
from typing import Any

import mlflow.sklearn
import pytest
from mlflow.utils.requirements_utils import _infer_requirements
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workspace_jobs.tracking.requirement_cache import cached, modules_of


class OfTheUser(Ridge):  # type: ignore[misc]
    """A model with code that no package brings."""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def saved(model: Any, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "model.pkl"
    path.write_bytes(pickle.dumps(model))
    return path


class Asked:
    """MLflow's inference, that answers the flavor and remembers for which it was asked."""

    def __init__(self) -> None:
        self.flavors: list[str] = []

    def __call__(self, model_uri: str, flavor: str) -> list[str]:
        self.flavors.append(flavor)
        return [flavor]


def test_a_second_model_of_the_same_classes_has_what_mlflow_inferred_for_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    mlflow.sklearn.save_model(Ridge().fit([[0.0], [1.0]], [0.0, 1.0]), folder, pip_requirements=["scikit-learn"])
    (data,) = [path for path in folder.iterdir() if path.suffix in (".skops", ".pkl")]
    asked: list[str] = []

    def infer(*arguments: Any, **options: Any) -> list[str]:
        asked.append(arguments[0])
        return list(_infer_requirements(*arguments, **options))

    first = cached(infer)(str(data), "sklearn", raise_on_error=False)
    assert any(one.startswith("scikit-learn==") for one in first)
    assert cached(infer)(str(data), "sklearn", raise_on_error=False) == first
    assert asked == [str(data)]


def test_another_class_or_flavor_is_asked_for_anew(tmp_path: Path) -> None:
    asked = Asked()
    infer = cached(asked)
    for model, flavor in (
        (Ridge(), "sklearn"),
        (make_pipeline(StandardScaler(), Ridge()), "sklearn"),
        (Ridge(), "xgboost"),
    ):
        for _ in range(2):
            assert infer(str(saved(model, tmp_path / "a")), flavor) == [flavor]
    assert asked.flavors == ["sklearn", "sklearn", "xgboost"]


def test_code_of_the_user_s_own_is_asked_for_each_time(tmp_path: Path) -> None:
    asked = Asked()
    infer = cached(asked)
    unknown = tmp_path / "model.ubj"
    unknown.write_bytes(b"{}")
    for path in (saved(OfTheUser(), tmp_path / "a"), unknown):
        for _ in range(2):
            infer(str(path), "sklearn")
    assert len(asked.flavors) == 4


def test_the_modules_of_a_pickle_are_those_of_its_classes(tmp_path: Path) -> None:
    found = modules_of(saved(make_pipeline(StandardScaler(), Ridge()), tmp_path / "a"))
    assert found is not None
    assert {"sklearn.pipeline", "sklearn.linear_model._ridge", "sklearn.preprocessing._data"} <= found
    assert found <= set(sys.modules)

"""Real fits on scikit-learn's own data, made once, and a store to log into."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mlflow
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workspace_jobs.tracking import database


@dataclass(frozen=True)
class Fit:
    """A fitted classifier, and what it says of rows that it has not seen."""

    model: Any
    y_true: NDArray[Any]
    y_pred: NDArray[Any]
    y_prob: NDArray[np.float64]
    names: list[str]


@pytest.fixture(scope="session")
def iris() -> Fit:
    return fit(load_iris(as_frame=True))


@pytest.fixture(scope="session")
def cancer() -> Fit:
    return fit(load_breast_cancer(as_frame=True))


def fit(data: Any) -> Fit:
    train, test, y_train, y_true = train_test_split(
        data.data, data.target.to_numpy(), random_state=0, stratify=data.target, test_size=0.4
    )
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05)).fit(train, y_train)
    return Fit(model, y_true, model.predict(test), model.predict_proba(test), list(data.target_names))


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("mlflow")
    database.ensure(folder / "mlflow.db", str(folder / "artifacts"))
    return f"sqlite:///{folder}/mlflow.db"


@pytest.fixture
def run_id(store: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The id of an active run."""
    monkeypatch.chdir(tmp_path)
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(store)
    with mlflow.start_run() as run:
        yield run.info.run_id
    mlflow.set_tracking_uri(before)

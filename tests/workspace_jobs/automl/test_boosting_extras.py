"""XGBoost and CatBoost as candidates: classes that are words, gaps, numbers; what is saved names its package."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_wine

from tests.workspace_jobs.automl.samples import LINEAR, credit, define
from workspace_jobs import automl
from workspace_jobs.automl import candidates
from workspace_jobs.automl.candidate import Candidate
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.findings.explanation import explain
from workspace_jobs.automl.report.refitted import refit

pytestmark = pytest.mark.timeout(300)
pytest.importorskip("xgboost")
pytest.importorskip("catboost")


def of_both(kind: str) -> tuple[Candidate, Candidate]:
    return (
        Candidate("xgboost", "XGBoost", f"xgboost.XGB{kind}", {"n_estimators": 20, "max_depth": 3}),
        Candidate("catboost", "CatBoost", f"catboost.CatBoost{kind}", {"iterations": 20, "depth": 3}),
    )


def wine_in_words() -> pd.DataFrame:
    """Three cultivars by name, every tenth value missing."""
    frame: pd.DataFrame = load_wine(as_frame=True).frame
    columns = frame.columns[:-1]
    frame[columns] = frame[columns].mask(np.random.default_rng(0).random((len(frame), len(columns))) < 0.1)
    frame["target"] = frame["target"].map({0: "barolo", 1: "grignolino", 2: "barbera"})
    return frame


@pytest.mark.parametrize(
    ("frame", "target", "kind", "least"),
    [
        (credit(200), "good", "Classifier", 0.7),
        (wine_in_words(), "target", "Classifier", 0.85),
        (load_wine(as_frame=True).frame, "proline", "Regressor", 0.5),
    ],
    ids=["binary", "multiclass", "regression"],
)
def test_a_run_learns_with_both(frame: pd.DataFrame, target: str, kind: str, least: float, tmp_path: Path) -> None:
    weight = {"weight_column": "importance"} if "importance" in frame else {}
    result = automl.run(
        frame,
        target,
        metric="accuracy" if kind == "Classifier" else "r2",
        candidates=define(tmp_path, *of_both(kind)),
        validation="3",
        timeout=200.0,
        out=tmp_path / "run",
        **weight,  # type: ignore[arg-type]
    )
    assert [trial.error for trial in result.trials] == [None, None]
    assert all(trial.score(result.definition.metric) > least for trial in result.trials)
    predicted = result.model.predict(frame.drop(columns=target))
    assert predicted.shape == (len(frame),)
    if kind == "Classifier":
        assert set(predicted) <= set(frame[target])
    needed = (result.folder.model / "requirements.txt").read_text()
    used = {trial.name for trial in result.trials if trial.number in {one.number for one in result.outcome.members}}
    assert all(name in needed for name in used)
    assert not (tmp_path / "catboost_info").exists()
    assert explain(refit(result.folder, result.trials[0]), seconds=1.0).method == "SHAP values of trees"


@pytest.mark.parametrize("candidate", of_both("Classifier"), ids=lambda made: made.name)
def test_a_package_that_is_not_installed_is_named(
    candidate: Candidate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package: Any = candidate.estimator.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(AutoMLError, match=rf"{candidate.name}: the package {package} is not installed; install mlws"):
        candidates.read(define(tmp_path, LINEAR, candidate), "binary")

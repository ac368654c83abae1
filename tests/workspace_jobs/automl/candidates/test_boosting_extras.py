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
from workspace_jobs.automl.candidates import definitions as candidates
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build, takes_weights
from workspace_jobs.automl.data.dataset import Roles, prepare
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


def test_a_run_learns_classes_that_are_words_with_both(tmp_path: Path) -> None:
    frame = credit(200)
    result = automl.run(
        frame,
        "good",
        weight_column="importance",
        candidates=define(tmp_path, *of_both("Classifier")),
        validation="3",
        timeout=200.0,
        out=tmp_path / "run",
    )
    assert [trial.error for trial in result.trials] == [None, None]
    assert all(trial.score("accuracy") > 0.7 for trial in result.trials)
    assert set(result.model.predict(frame.drop(columns="good"))) == {"yes", "no"}
    needed = (result.folder.model / "requirements.txt").read_text()
    used = {trial.name for trial in result.trials if trial.number in {one.number for one in result.outcome.members}}
    assert all(name in needed for name in used)
    for trial in result.trials:
        assert explain(refit(result.folder, trial), seconds=1.0).method == "SHAP values of trees"


@pytest.mark.parametrize("place", [0, 1], ids=["xgboost", "catboost"])
@pytest.mark.parametrize(("target", "kind"), [("target", "Classifier"), ("proline", "Regressor")])
def test_three_classes_and_numbers_with_gaps_are_learned(target: str, kind: str, place: int) -> None:
    frame = wine_in_words().dropna(subset=target)
    found = prepare(frame, Roles(target))
    pipeline = build(of_both(kind)[place], found.schema).fit(found.features[::2], found.target[::2])
    answers = pipeline.predict(found.features[1::2])
    assert answers.shape == (len(frame) // 2,)
    if kind == "Classifier":
        assert (answers == found.target[1::2].to_numpy()).mean() > 0.8
        assert pipeline.predict_proba(found.features).shape == (len(frame), 3)
    else:
        assert np.corrcoef(answers, found.target[1::2])[0, 1] > 0.7


def test_weights_reach_the_model() -> None:
    """Rows of weight 0 are as if they were not there: here those of one class of two."""
    frame = credit(120)
    found = prepare(frame, Roles("good"))
    for candidate in of_both("Classifier"):
        pipeline = build(candidate, found.schema)
        assert takes_weights(pipeline["model"])
        weights = np.where(found.target == "yes", 1.0, 1e-6)
        pipeline.fit(found.features, found.target, model__sample_weight=weights)
        assert (pipeline.predict(found.features) == "yes").mean() > 0.95


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

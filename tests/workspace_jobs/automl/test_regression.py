"""Numbers as a target: a vote of regressors, weights, groups, a validation table, and Optuna after the portfolio."""

from pathlib import Path

import mlflow.pyfunc
import numpy as np
import pandas as pd
import pytest

from tests.workspace_jobs.automl.samples import define, store
from workspace_jobs import automl
from workspace_jobs.automl.candidates.candidate import Candidate

pytestmark = pytest.mark.timeout(300)
RIDGE = Candidate("ridge", "Ridge", "sklearn.linear_model.Ridge", {}, "standard")
TREE = Candidate("tree", "DecisionTree", "sklearn.tree.DecisionTreeRegressor", {"max_depth": 5})


def prices(rows: int = 120) -> pd.DataFrame:
    generator = np.random.default_rng(0)
    size = generator.normal(100, 20, rows)
    where = generator.choice(["town", "village"], rows)
    price = 3 * size + 90 * (where == "town") * (size > 100) + generator.normal(0, 5, rows)
    return pd.DataFrame({"size": size, "where": where, "street": np.arange(rows) % 20, "price": price})


def test_two_regressors_vote_and_the_model_is_an_mlflow_model(tmp_path: Path) -> None:
    result = automl.run(
        store(tmp_path, prices()),
        "price",
        candidates=define(tmp_path, RIDGE, TREE),
        group_column="street",
        validation="4",
        timeout=120.0,
        out=tmp_path / "run",
    )
    assert result.definition.problem == "regression"
    assert len(result.outcome.members) == 2
    best = max(trial.score(result.definition.metric) for trial in result.trials)
    assert result.outcome.score(result.definition.metric) >= best - 1e-9
    model = mlflow.pyfunc.load_model(str(tmp_path / "run" / "model"))
    features = prices()[["size", "where"]]
    assert model.predict(features) == pytest.approx(result.model.predict(features))
    assert model.metadata.signature.inputs.input_names() == ["size", "where"]


def test_a_validation_table_is_what_candidates_are_judged_by(tmp_path: Path) -> None:
    file = store(tmp_path, prices(40), "later.csv")
    result = automl.run(
        prices(), "price", candidates=define(tmp_path, RIDGE), validation=str(file), timeout=120.0, out=tmp_path / "run"
    )
    assert result.definition.rows == 160
    assert result.definition.validation == f"Validation: the 40 rows of {file}."
    predicted = result.folder.predictions(0)
    assert np.isnan(predicted[:120]).all()
    assert np.isfinite(predicted[120:]).all()


def test_optuna_goes_on_after_the_portfolio(tmp_path: Path) -> None:
    from workspace_jobs.automl.candidates.definitions import Algorithms, portfolio

    fixed = portfolio("regression", 120, Algorithms(frozenset({"ElasticNet"}))).candidates
    result = automl.run(
        prices(), "price", allow=("ElasticNet",), validation="0.3", max_trials=len(fixed) + 2, out=tmp_path / "run"
    )
    assert [trial.name for trial in result.trials][: len(fixed)] != []
    assert {trial.algorithm for trial in result.trials} == {"ElasticNet"}
    assert {f"ElasticNet-{len(fixed)}", f"ElasticNet-{len(fixed) + 1}"} <= {trial.name for trial in result.trials}

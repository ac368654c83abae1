"""`--engine azure`: what Azure's own AutoML is asked, as the SDK sends it, read back by who runs such jobs here."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.workspace_jobs.automl.samples import credit
from workspace_jobs.automl.azure_engine import build, check
from workspace_jobs.automl.azure_job.task import Task, parse
from workspace_jobs.automl.data import tables
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import prepare_run


def sent(folder: Path, frame: pd.DataFrame, **given: Any) -> Task:
    """The task of the job, through the REST form of the SDK."""
    options = Options(**given)
    job = build(prepare_run(frame, options), options, folder, "credit")
    job.compute = "cpu"
    # Uploaded, a table is an address.
    for table in (job.training_data, job.test_data):
        if table is not None:
            table.path = "azureml://datastores/x/paths/y"
    return parse(job._to_rest_object().properties.task_details.as_dict())


def test_a_question_comes_across_whole(tmp_path: Path) -> None:
    given = {"target": "good", "weight_column": "importance", "exclude": ("note",), "validation": "4"}
    more = {"timeout": 100.0, "max_trials": 7, "parallel": 2, "block": ("KNN",), "test": credit(40)}
    task = sent(tmp_path, credit(), **given, **more)
    assert (task.kind, task.target, task.metric, task.weights) == (
        "Classification",
        "good",
        "AUC_weighted",
        "importance",
    )
    assert (task.folds, task.timeout, task.max_trials, task.parallel) == (4, 120.0, 7, 2)
    assert task.blocked == {"KNN"}
    assert task.positive == "yes"
    table = tables.read(tmp_path / "train")
    assert {"good", "importance", "amount"} <= set(table.columns)
    assert {"note", "name"}.isdisjoint(table.columns)
    test = tables.read(tmp_path / "test")
    assert (len(test), set(test.columns)) == (40, set(table.columns))


def test_numbers_are_a_regression_by_azures_own_error(tmp_path: Path) -> None:
    task = sent(tmp_path, credit().dropna(subset="amount"), target="amount", validation="0.2")
    assert (task.kind, task.metric) == ("Regression", "normalized_root_mean_squared_error")
    assert task.validation_size == 0.2
    # Ours of 60 s would be over before a compute of Azure's has begun.
    assert task.timeout != 60


def test_a_forecast_says_what_its_series_are_and_what_is_known_of_the_future(tmp_path: Path) -> None:
    """Back through the SDK's own REST form; what is not known of the future is not sent at all."""
    days = pd.date_range("2024-01-01", periods=60)
    parts = [
        pd.DataFrame({"day": days, "shop": shop, "product": product, "price": days.day, "weather": days.dayofweek})
        for shop in ("north", "south")
        for product in ("tea", "milk")
    ]
    frame = pd.concat(parts).assign(sold=lambda rows: rows["price"] * 2.0 + rows["weather"])
    given = {"target": "sold", "problem": "forecast", "time_column": "day", "group_column": ("shop", "product")}
    task = sent(tmp_path, frame, **given, horizon=7, include=("price",))
    assert (task.kind, task.time, task.series, task.horizon) == ("Forecasting", "day", ("product", "shop"), 7)
    assert task.metric == "normalized_root_mean_squared_error"
    assert task.unknown == frozenset()
    assert set(tables.read(tmp_path / "train").columns) == {"day", "shop", "product", "price", "sold"}


def test_what_azure_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AutoMLError, match="--group-column is the open engine's"):
        check(Options(target="good", group_column="branch"))
    with pytest.raises(AutoMLError, match="--costs is the open engine's"):
        check(Options(target="good", costs="fn=5"))
    with pytest.raises(AutoMLError, match="--resume is the open engine's"):
        check(Options(target="good", resume=True))
    with pytest.raises(AutoMLError, match="--seed is the open engine's"):
        check(Options(target="good", seed=1))
    with pytest.raises(AutoMLError, match="Azure's AutoML has no metric f1"):
        sent(tmp_path, credit(), target="good", metric="f1")

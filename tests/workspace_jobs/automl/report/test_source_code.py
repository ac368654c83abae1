"""The source of a pipeline, run, makes the same pipeline; the source of a metric gives the engine's score."""

import tomllib
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workspace_jobs.automl import metrics
from workspace_jobs.automl.candidates import definitions as candidates
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build
from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.automl.report.notebooks.metric_source import metric_source
from workspace_jobs.automl.report.notebooks.source_code import Source
from workspace_jobs.automl.report.notebooks.splits_source import splits_source
from workspace_jobs.automl.validation import Asked, Rows, plan

SCHEMA = Schema(
    numeric=("age", 'say "hi"', "it's", "back\\slash", "x" * 90, *(f"n{number}" for number in range(40))),
    categorical=("ward",),
    high_cardinality=("zip",),
    dates=("since",),
    text=("notes",),
)


def portfolio() -> list[Candidate]:
    with candidates.PORTFOLIO.open("rb") as file:
        entries = tomllib.load(file)
    kept = set(Candidate.__dataclass_fields__)
    return [
        Candidate(**{key: value for key, value in entry.items() if key in kept})
        for problem in ("binary", "multiclass", "regression")
        for entry in entries[problem]
    ]


def parameters(pipeline: Any) -> dict[str, str]:
    return {name: repr(value) for name, value in pipeline.get_params().items()}


@pytest.mark.parametrize("candidate", portfolio(), ids=lambda candidate: f"{candidate.name}-{candidate.estimator}")
def test_the_source_of_a_candidate_makes_its_pipeline(candidate: Candidate) -> None:
    pipeline, source = build(candidate, SCHEMA, seed=3), Source()
    expression = source.expression(pipeline)
    made = evaluated(source.imports, expression)
    assert parameters(made) == parameters(pipeline)


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("a", "a", "xgboost.XGBClassifier", {"n_estimators": 5, "missing": float("nan")}),
        Candidate("b", "b", "catboost.CatBoostRegressor", {"iterations": 5, "verbose": False}),
        Candidate("c", "c", "sklearn.neural_network.MLPClassifier", {"hidden_layer_sizes": (10,)}, "minmax", "target"),
        Candidate("d", "d", "sklearn.linear_model.LogisticRegression", {"C": np.float64(0.1), "class_weight": {0: 2}}),
    ],
    ids=lambda candidate: candidate.estimator,
)
def test_other_libraries_and_values_are_written_too(candidate: Candidate) -> None:
    pipeline, source = build(candidate, SCHEMA, seed=3), Source()
    expression = source.expression(pipeline)
    made = evaluated(source.imports, expression)
    assert Source().expression(made) == Source().expression(pipeline)


def evaluated(imports: str, expression: str) -> Any:
    names: dict[str, Any] = {}
    exec(imports, names)  # noqa: S102 - what is tested
    return eval(expression, names)  # noqa: S307


@pytest.mark.parametrize(("problem", "classes"), [("binary", 2), ("multiclass", 4), ("regression", 0)])
def test_the_source_of_every_metric_gives_the_engines_score(problem: ProblemKind, classes: int) -> None:
    generator = np.random.default_rng(0)
    truth = np.arange(60) % classes if classes else generator.random(60) + 1
    predicted = generator.dirichlet(np.ones(classes), 60) if classes else generator.random(60) + 1
    names = metrics.fitting(problem)
    assert len(names) > 10
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {name: run_score(name, problem, truth, predicted) for name in names}
        expected = {name: metrics.score_function(name, problem)(truth, predicted) for name in names}
    assert found == pytest.approx(expected, abs=1e-12)


def run_score(metric: str, problem: ProblemKind, truth: Any, predicted: Any) -> float:
    source, names = metric_source(metric, problem), dict[str, Any]()
    exec(f"{source.imports}\n{source.code}", names)  # noqa: S102
    return float(names["score"](truth, predicted))


@pytest.mark.parametrize(
    ("asked", "with_groups", "by"),
    [
        ("5", False, "StratifiedKFold"),
        ("3x4", False, "RepeatedStratifiedKFold"),
        ("0.2", False, "splits.npz"),
        ("4", True, "splits.npz"),
    ],
)
def test_splits_come_from_the_seed_where_they_can(asked: str, with_groups: bool, by: str, tmp_path: Any) -> None:
    classes = np.arange(60) % 3
    groups = pd.Series(np.arange(60) // 5, name="patient") if with_groups else None
    splits = plan(Rows(60, classes, groups), Asked.parse(asked), seed=5).splits
    target, source = pd.Series(np.array(["c", "a", "b"])[classes]), Source()
    code = splits_source(splits, target, 5, source)
    assert by in code
    parts: dict[str, Any] = {f"learn_{fold}": learn for fold, (learn, _) in enumerate(splits)}
    parts |= {f"judge_{fold}": judge for fold, (_, judge) in enumerate(splits)}
    np.savez(tmp_path / "splits.npz", **parts)
    names = {"X": pd.DataFrame(index=range(60)), "y": target.to_numpy(), "np": np, "RUN": tmp_path}
    exec(f"{source.imports}\n{code}", names)  # noqa: S102
    for found, kept in zip(names["splits"], splits, strict=True):
        assert all(np.array_equal(one, other) for one, other in zip(found, kept, strict=True))

"""Any label becomes a metric name that MLflow takes, and no two become the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlflow.utils import validation

from workspace_jobs.evaluation.classes import metric_names

pytestmark = pytest.mark.xdist_group("evaluation")


@given(st.lists(st.text(max_size=300), unique=True, max_size=6))
def test_labels_become_distinct_names_that_mlflow_takes(labels: list[str]) -> None:
    names = metric_names(labels)
    assert len(set(names)) == len(labels)
    for name in names:
        validation._validate_metric_name(f"precision_{name}")  # type: ignore[no-untyped-call]


def test_labels_that_differ_in_signs_only_stay_apart() -> None:
    assert metric_names(["<=50K", ">50K", ">=50K", "plain label"]) == ["__50K", "_50K", "__50K_", "plain label"]

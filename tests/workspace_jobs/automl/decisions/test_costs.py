"""Costs as people write them, and what is no cost of these classes."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace_jobs.automl.decisions.costs import read_costs
from workspace_jobs.automl.decisions.wish import Wish
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options

THREE = ("gold", "no", "silver")


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_the_cells_of_two_classes_are_where_a_confusion_matrix_has_them(missed: float, alarm: float) -> None:
    assert read_costs(f"fn={missed!r}, fp={alarm!r}", ("no", "yes")).tolist() == [[0, alarm], [missed, 0]]
    assert read_costs({"fn": missed}, (0, 1)).tolist() == [[0, 1], [missed, 0]]


def test_a_file_names_classes_whatever_yaml_takes_them_for(tmp_path: Path) -> None:
    file = tmp_path / "costs.yaml"
    file.write_text("gold: {no: 10, silver: 2}\nno: {gold: 3}\n")
    assert read_costs(file, THREE).tolist() == [[0, 10, 2], [3, 0, 1], [1, 1, 0]]


@pytest.mark.parametrize(
    ("costs", "classes", "sentence"),
    [
        ("fn=5,fx=1", (0, 1), "there is no `fx`; write fn=5,fp=1"),
        ("fn=many", (0, 1), "fn costs `many`: write a number"),
        ("fn=nan", (0, 1), "fn costs `nan`: write a number"),
        ("fn=0", (0, 1), "as cheap as being right"),
        ("fn=5", THREE, "fn is of two classes, and this target has 3"),
        ("absent.yaml", (0, 1), "absent.yaml can't be read"),
        ({"gold": {"silvr": 1}}, THREE, "no class `silvr`; did you mean `silver`"),
        ({"gold": 3}, THREE, "no mapping of an answer to its cost"),
    ],
)
def test_what_is_no_cost_is_told(costs: Any, classes: tuple[object, ...], sentence: str) -> None:
    with pytest.raises(AutoMLError) as refused:
        read_costs(costs, classes)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("options", "classes", "sentence"),
    [
        ({"threshold": "1.5"}, (0, 1), "--threshold 1.5: write auto, or a probability between 0 and 1"),
        ({"threshold": "high"}, (0, 1), "--threshold high: write auto"),
        ({"threshold": 0.0}, (0, 1), "--threshold 0.0: write auto"),
        ({"threshold": 0.4}, THREE, "--threshold is for two classes, and this target has 3: write --costs"),
        ({"threshold": 0.4, "costs": "fn=5"}, (0, 1), "--threshold and --costs exclude each other"),
        ({"calibrate": True}, (), "--calibrate is for classes, and this target is a number"),
    ],
)
def test_a_wish_that_can_not_be_is_told(options: dict[str, Any], classes: tuple[object, ...], sentence: str) -> None:
    with pytest.raises(AutoMLError) as refused:
        Wish.of(Options(target="y", **options), classes, "roc_auc")
    assert sentence in str(refused.value)


def test_a_metric_without_a_threshold_leaves_it_to_balanced_accuracy() -> None:
    assert Wish.of(Options(target="y", threshold="auto"), (0, 1), "f1").best_for == "f1"
    wish = Wish.of(Options(target="y", threshold="auto"), (0, 1), "roc_auc")
    assert wish.best_for == "balanced_accuracy"
    assert "because roc_auc is no matter of a threshold" in wish.words((0, 1), "roc_auc")[0]

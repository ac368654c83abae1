"""The benchmark's ranks and its critical-difference diagram: ties, failures, what was not measured, close ranks."""

import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from benchmarks.automl.rank_diagram import cliques, diagram
from benchmarks.automl.report import critical_difference, friedman, mean_ranks, mean_scores, measured_by_all


def measured(*rows: tuple[str, int, str, float | None]) -> pd.DataFrame:
    """Results as a run of the benchmark has them; None for an error."""
    return pd.DataFrame([dict(zip(("table", "split", "engine", "score"), row, strict=True)) for row in rows])


def test_ties_share_a_rank_failures_share_the_last_and_what_is_not_measured_counts_for_nobody() -> None:
    results = measured(
        ("a", 0, "one", 0.1 + 0.2), ("a", 0, "two", 0.3), ("a", 0, "three", 0.2),
        ("b", 0, "one", 0.9), ("b", 0, "two", None), ("b", 0, "three", None),
        ("b", 1, "one", 0.1), ("b", 1, "two", 0.8), ("b", 1, "three", None),
        ("c", 0, "one", 0.9), ("c", 0, "two", 0.8),
    )  # fmt: skip
    common = measured_by_all(results)
    assert set(common["table"]) == {"a", "b"}
    scores = mean_scores(common)
    assert scores.loc["b", "one"] == pytest.approx(0.5)
    assert scores.loc["b", ["two", "three"]].isna().all()
    assert mean_ranks(scores) == {"one": 1.25, "two": 2.0, "three": 2.75}
    assert "Too few" in friedman(scores)


def test_friedmans_test_is_of_the_ranks() -> None:
    rows = [
        (f"table{number}", 0, engine, score)
        for number in range(8)
        for engine, score in zip("abc", (3, 2, 1), strict=True)
    ]
    assert "p = 0.00034" in friedman(mean_scores(measured(*rows)))
    assert "equal on every table" in friedman(
        mean_scores(measured(*((one, 0, two, 1.0) for one in "abc" for two in "def")))
    )


def test_the_critical_difference_is_that_of_the_published_table() -> None:
    # Demšar 2006, table 5: q = 2.569 for four classifiers; his example has 14 data sets.
    assert critical_difference(4, 14) == pytest.approx(2.569 * (4 * 5 / (6 * 14)) ** 0.5, abs=1e-3)
    assert critical_difference(1, 14) == 0


def test_bars_join_what_can_not_be_told_apart_and_no_bar_lies_within_another() -> None:
    assert cliques([1.0, 1.5, 2.4, 4.0], 1.0) == [(1.0, 1.5), (1.5, 2.4)]
    assert cliques([1.0, 2.0, 3.0], 0.5) == []
    assert cliques([2.0, 2.0, 2.0], 1.0) == []
    assert cliques([1.0, 1.2, 1.4], 3.0) == [(1.0, 1.4)]


def test_every_engine_is_named_once_and_no_two_names_share_a_place() -> None:
    drawing = ET.fromstring(diagram({"mlws": 1.9, "a & b": 2.0, "h2o": 2.0, "flaml": 4.1, "mljar": 5.0}, 9.0))  # noqa: S314
    width = float(drawing.attrib["viewBox"].split()[2])
    texts = [node for node in drawing.iter() if node.tag.endswith("text")]
    named = [node for node in texts if re.search(r"\d\.\d\d$", str(node.text)) and "difference" not in str(node.text)]
    assert sorted(str(node.text) for node in named) == [
        "a & b 2.00",
        "flaml 4.10",
        "h2o 2.00",
        "mljar 5.00",
        "mlws 1.90",
    ]
    places = [(node.attrib["text-anchor"], float(node.attrib["y"])) for node in named]
    assert len(set(places)) == 5
    assert all(
        0 <= float(node.attrib[name]) <= width
        for node in drawing.iter()
        for name in ("x1", "x2")
        if name in node.attrib
    )

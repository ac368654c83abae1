"""The figures agree with pandas and scikit-learn, and any table is read."""

import datetime as dt
import decimal
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workspace_jobs.automl.profile import html, profile
from workspace_jobs.automl.profile.columns import Categories, Numbers
from workspace_jobs.automl.profile.correlation import Correlations, associations
from workspace_jobs.automl.profile.predictive_power import ClassPower, NumberPower
from workspace_jobs.automl.profile.reading import read_column
from workspace_jobs.automl.profile.statistics import describe


def numbers(values: Any, name: str = "x") -> Numbers:
    column = read_column(name, pd.Series(values))
    assert isinstance(column, Numbers)
    return column


def test_figures_are_those_of_pandas() -> None:
    values = pd.Series(np.random.default_rng(0).normal(10, 3, 501)).round(2)
    values[::7] = np.nan
    figures = describe(numbers(values))
    assert (figures.count, figures.missing, figures.distinct) == (values.count(), values.isna().sum(), values.nunique())
    assert figures.mean == pytest.approx(values.mean())
    assert figures.standard_deviation == pytest.approx(values.std(ddof=0))
    expected = [values.quantile(share, interpolation="lower") for share in (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)]
    assert list(figures.quantiles) == expected


def test_a_histogram_counts_every_value_once() -> None:
    values = np.append(np.random.default_rng(0).normal(0, 1, 999), 1e6)
    shape = describe(numbers(values)).histogram
    assert shape is not None
    assert sum(shape.counts) + shape.outside == 1000
    assert shape.outside >= 1
    assert max(shape.edges) < 100


def test_correlations_are_those_of_pandas_with_gaps() -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(300, 4))).add_prefix("c")
    frame["c3"] = np.exp(frame["c0"] + random.normal(0, 0.3, 300))
    frame = frame.mask(random.random(frame.shape) < 0.2)
    found = Correlations([numbers(frame[name], str(name)) for name in frame])
    assert found.pearson == pytest.approx(frame.corr().to_numpy())
    # Ours ranks a column once, pandas anew for the rows that each two columns share.
    assert found.spearman == pytest.approx(frame.corr("spearman").to_numpy(), abs=0.03)


def test_associations_of_labels_are_one_for_the_same_and_near_zero_for_unrelated() -> None:
    random = np.random.default_rng(0)
    codes = random.integers(0, 4, 2000)
    frame = pd.DataFrame(
        {
            "label": codes.astype(str),
            "other": (3 - codes).astype(str),
            "number": codes * 2.0,
            "noise": random.random(2000),
        }
    )
    columns = [read_column(name, frame[name]) for name in ("label", "number", "noise")]
    columns.append(Categories("other", "category", "str", codes.max() - codes, np.array(list("abcd"), dtype=object)))
    strength = {
        frozenset((a.first, a.second)): a.value
        for a in associations(
            columns, Correlations([numbers(frame["number"], "number"), numbers(frame["noise"], "noise")])
        )
    }
    assert strength[frozenset(("label", "other"))] == pytest.approx(1)
    assert strength[frozenset(("label", "number"))] == pytest.approx(1)
    assert strength[frozenset(("label", "noise"))] < 0.1
    assert abs(strength[frozenset(("number", "noise"))]) < 0.1


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_the_power_of_a_number_is_nearly_its_auc(shift: float) -> None:
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(0)
    classes = random.integers(0, 2, 4000)
    values = random.normal(size=4000) + shift * classes
    found = ClassPower(classes).of(numbers(values)).value
    assert found == pytest.approx(roc_auc_score(classes, values), abs=0.02)


def test_a_dependence_that_is_not_monotonous_is_seen() -> None:
    values = np.random.default_rng(0).normal(size=3000)
    assert ClassPower((np.abs(values) > 1).astype(np.int64)).of(numbers(values)).value > 0.99
    assert NumberPower(np.abs(values)).of(numbers(values)).value > 0.98


def test_power_counts_rows_whose_target_is_known() -> None:
    random = np.random.default_rng(0)
    values, known = random.normal(size=2000), random.random(2000) < 0.5
    power = NumberPower(values[known]).of(numbers(values), known)
    assert power.value > 0.99
    assert power.strength == power.value


def test_a_large_table_is_profiled_by_a_sample_that_is_said() -> None:
    frame = pd.DataFrame({"x": np.arange(210_000) % 7, "y": np.arange(210_000) % 2.0})
    # A sample of rows has most likely none of these.
    frame.loc[[7, 50_000], "y"] = np.nan
    result = profile(frame, "y")
    assert next(alert for alert in result.alerts if alert.id == "EDA101").message.startswith("2 of 210,000 rows")
    assert (result.rows, result.looked_at) == (210_000, 200_000)
    assert "200,000 rows drawn at random from 210,000" in html(result)


def test_many_columns_are_profiled_and_those_that_matter_shown() -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(50, 1500))).add_prefix("c")
    frame["c1400"] = 1.0
    result = profile(frame.assign(y=random.normal(size=50)), "y")
    page = html(result)
    assert len(result.statistics) == 1501
    assert "c1400</h3>" in page
    assert "more columns have no alert" in page
    assert len(page) < 500_000


KINDS: tuple[st.SearchStrategy[object], ...] = (
    st.floats(),
    st.integers(-(2**70), 2**70),
    st.booleans(),
    st.text(max_size=12),
    st.sampled_from(["1", "2.5", "?", "", "2026-01-01", "a b c d e", "Yes", "yes"]),
    st.datetimes(),
    st.dates(),
    st.decimals(allow_nan=False),
    st.lists(st.integers(), max_size=2),
    st.timedeltas(),
    st.binary(max_size=3),
    st.complex_numbers(),
)
TYPES = ("float64", "Int64", "boolean", "string", "category", "datetime64[ns]")


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Tables of whatever people put into cells: columns of one kind, of several kinds, and of pandas' own types."""
    rows = draw(st.integers(1, 30))
    columns = draw(st.lists(st.text(max_size=6) | st.integers(0, 3), min_size=1, max_size=5, unique_by=str))
    frame = pd.DataFrame(index=range(rows))
    for name in columns:
        kind = draw(st.sampled_from([st.one_of(KINDS), *KINDS]))
        values = pd.Series(draw(st.lists(st.none() | kind, min_size=rows, max_size=rows)), dtype=object)
        try:
            frame[name] = values.astype(draw(st.sampled_from(("object", *TYPES))))
        except (ValueError, TypeError, OverflowError, decimal.InvalidOperation):
            frame[name] = values
    return frame


@settings(max_examples=60)
@given(tables(), st.data())
def test_any_table_is_profiled_and_no_alert_names_a_column_that_is_not_there(
    frame: pd.DataFrame, data: st.DataObject
) -> None:
    names = [str(name) for name in frame.columns]
    target = data.draw(st.none() | st.sampled_from(names))
    group = data.draw(st.none() | st.sampled_from(names))
    test = data.draw(st.none() | tables())
    result = profile(frame, target, test=test, group=group)
    assert {name for alert in result.alerts for name in alert.columns} <= set(names)
    assert [figures.name for figures in result.statistics] == names
    assert all(math.isfinite(one.value) for one in result.associations)
    assert all(0 <= one.strength <= 1 for one in result.powers)
    assert html(result).endswith("</html>\n")


def test_columns_of_objects_are_read_by_what_they_hold() -> None:
    kinds = {
        "number": [decimal.Decimal("1.5"), None, decimal.Decimal(2)],
        "date": [dt.date(2026, 1, 1), None, dt.date(2026, 2, 1)],
        "boolean": [True, None, False],
        "category": ["a", None, "b"],
        "mixed": ["a", 1, [2]],
        "empty": [None, None, np.nan],
    }
    assert {kind: read_column(kind, pd.Series(values, dtype=object)).kind for kind, values in kinds.items()} == {
        kind: kind for kind in kinds
    }

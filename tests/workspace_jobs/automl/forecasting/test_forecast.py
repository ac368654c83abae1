"""Forecasts: what is found about time, back-testing without a look ahead, and a model that goes on from the end."""

import itertools
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator

from mlws import cli
from tests.workspace_jobs.automl.report.test_trial_notebook import run_until_scored
from tests.workspace_jobs.automl.samples import define, elsewhere, store
from workspace_jobs import automl
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import FORECASTERS, build
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.forecasting import timeline
from workspace_jobs.automl.forecasting.forecasters import LagForecaster, SeasonalNaive, Spread
from workspace_jobs.automl.metrics import SCALED_ERROR
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import Prepared, prepare_run
from workspace_jobs.automl.report.notebooks.trial_notebook import write_trial_notebook
from workspace_jobs.automl.report.pages.trial_page import explain_trial
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.automl.search.columns_cache import ColumnsCache
from workspace_jobs.automl.search.evaluation import evaluate
from workspace_jobs.automl.search.messages import Evaluate

pytestmark = pytest.mark.timeout(300)
NAIVE = Candidate("naive", "SeasonalNaive", f"{FORECASTERS}.SeasonalNaive")
SMOOTHING = Candidate("smoothing", "ExponentialSmoothing", f"{FORECASTERS}.ExponentialSmoothing")
LAGS = Candidate("lags", "LightGBM", f"{FORECASTERS}.LagForecaster", {"n_estimators": 60})
ARIMA = Candidate("arima", "AutoArima", f"{FORECASTERS}.Arima")


def co2(years: int = 12) -> pd.DataFrame:
    """Carbon dioxide by month, to the end of 2001, as statsmodels has it by week."""
    weekly = sm.datasets.co2.load_pandas().data["co2"]
    monthly: pd.DataFrame = weekly.resample("MS").mean().tail(12 * years).rename_axis("month").reset_index()
    return monthly


def shops(days: int = 140) -> pd.DataFrame:
    """Two shops with a week of their own, one of them a hundred times the other, in no order, some days missing."""
    generator = np.random.default_rng(0)
    day = np.arange(days)
    sizes = {"small": 1.0, "large": 100.0}
    parts = [
        pd.DataFrame(
            {
                "day": pd.date_range("2024-01-01", periods=days).astype(str),
                "shop": name,
                "sold": size * (20 + 0.05 * day + 5 * (day % 7 == number) + generator.normal(0, 0.3, days)),
                "weather": generator.random(days),
            }
        )
        for number, (name, size) in enumerate(sizes.items())
    ]
    return pd.concat(parts).sample(frac=0.97, random_state=1).reset_index(drop=True)


def prepared(frame: pd.DataFrame, target: str, time: str, **options: Any) -> Prepared:
    return prepare_run(frame, Options(target=target, problem="forecast", time_column=time, **options))


def test_a_run_beats_the_seasonal_naive_and_its_model_needs_no_package_of_ours(tmp_path: Path) -> None:
    result = automl.run(
        co2(),
        "co2",
        problem="forecast",
        time_column="month",
        candidates=define(tmp_path, NAIVE, SMOOTHING, LAGS),
        timeout=200.0,
        report=True,
        out=tmp_path / "run",
    )
    metric = result.definition.metric
    scores = {trial.name: trial.score(metric) for trial in result.trials}
    assert min(scores["smoothing"], scores["lags"]) > scores["naive"]
    assert result.outcome.score(metric) >= max(scores.values()) - 1e-9
    assert result.outcome.score(SCALED_ERROR) > -0.7
    assert all(len(trial.scores[SCALED_ERROR]) == 3 for trial in result.trials)
    assert result.folder.definition() == result.definition
    report = result.folder.report.read_text()
    assert "back-testing from 3 origins" in report
    assert "forecast" in re.findall(r'alt="([^"]*)"', report)
    assert "What it looks at" not in report
    with pytest.raises(AutoMLError, match="looks at its own past and at no column"):
        explain_trial(result.folder, 0)

    found = run_until_scored(write_trial_notebook(result.folder, result.trials[2].number))
    assert np.nanmean(found["scores"]) == pytest.approx(found["RECORDED"], abs=1e-9)

    later = pd.DataFrame({"month": pd.date_range("2002-01-01", periods=14, freq="MS")})
    predicted, interval = elsewhere(result.folder.model, later, tmp_path, "predict", "predict_interval")
    assert all(low < value < high for value, (low, high) in zip(predicted, interval, strict=True))
    assert predicted == pytest.approx(result.model.predict(later))
    assert 370 < np.mean(predicted) < 378


def test_series_are_forecast_together_and_only_those_that_were_learned(tmp_path: Path) -> None:
    arguments = ["automl", "run", str(store(tmp_path, shops())), "--target", "sold", "--problem", "forecast"]
    arguments += ["--time-column", "day", "--group-column", "shop", "--horizon", "14", "--validation", "2"]
    arguments += ["--candidates", str(define(tmp_path, NAIVE, LAGS)), "--no-tracking", "--no-report", "--json"]
    done = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path / "run")], catch_exceptions=False)
    told = json.loads(done.stdout)
    assert "Time: a step is 1 day; 2 series, the longest of 140 steps." in told["explanations"]
    assert any(words.startswith("Season: 7 steps, a week") for words in told["explanations"])
    left_out = "Columns left out: weather (not known of the future, unless --include weather says so)."
    assert left_out in told["explanations"]
    scores = {trial["name"]: np.mean(trial["scores"][SCALED_ERROR]) for trial in told["trials"]}
    assert scores["lags"] > scores["naive"]

    import mlflow.sklearn

    model = mlflow.sklearn.load_model(str(tmp_path / "run" / "model"))
    later = pd.DataFrame({"day": ["2024-05-28", "2024-05-28"], "shop": ["large", "small"]})
    large, small = model.predict(later)
    assert 80 < large / small < 120
    with pytest.raises(ValueError, match="series new was not learned from"):
        model.predict(later.assign(shop="new"))


def promoted(days: int = 150) -> pd.DataFrame:
    """Two products in each of two shops; a promotion, planned in advance, doubles sales, and no past tells of it."""
    generator, day = np.random.default_rng(0), np.arange(days)
    parts = []
    for shop, product in itertools.product(("north", "south"), ("tea", "milk")):
        promotion = generator.choice(["none", "half price"], days, p=[0.7, 0.3])
        sold = (20 + 4 * (day % 7 == 2)) * np.where(promotion == "half price", 2, 1) + generator.normal(0, 1, days)
        parts.append(
            pd.DataFrame(
                {
                    "day": pd.date_range("2024-01-01", periods=days).astype(str),
                    "shop": shop,
                    "product": product,
                    "promotion": promotion,
                    "sold": sold,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def test_what_is_known_in_advance_is_used_and_intervals_hold_what_comes(tmp_path: Path) -> None:
    frame = promoted()
    is_past = frame["day"] < "2024-05-16"
    past, later = frame[is_past], frame[~is_past]
    result = automl.run(
        past,
        "sold",
        problem="forecast",
        time_column="day",
        group_column=("shop", "product"),
        include=("promotion",),
        horizon=14,
        metric=SCALED_ERROR,
        candidates=define(tmp_path, NAIVE, LAGS),
        timeout=200.0,
        report=True,
        out=tmp_path / "run",
    )
    scores = {trial.name: trial.score(SCALED_ERROR) for trial in result.trials}
    assert scores["lags"] > 0.5 * scores["naive"]
    assert result.outcome.score(SCALED_ERROR) >= scores["lags"] - 1e-9
    assert result.folder.definition() == result.definition

    predicted, interval = result.model.predict(later), result.model.predict_interval(later)
    assert np.abs(predicted - later["sold"]).mean() < 4
    assert ((interval[:, 0] <= later["sold"]) & (later["sold"] <= interval[:, 1])).mean() > 0.75
    assert result.outcome.coverage == pytest.approx(0.9, abs=0.1)
    wider = result.model.predict_interval(later, confidence_level=0.99)
    assert (np.diff(wider) > np.diff(interval)).all()
    with pytest.raises(ValueError, match="between 0 and 1"):
        result.model.predict_interval(later, confidence_level=90)
    assert "held" in result.folder.report.read_text()
    assert "predict_interval" in (tmp_path / "run" / "model-card.md").read_text()
    found = run_until_scored(write_trial_notebook(result.folder, 1))
    assert np.nanmean(found["scores"]) == pytest.approx(found["RECORDED"], abs=1e-9)


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 1e3)), min_size=1, max_size=40), st.floats(0.05, 0.95))
def test_intervals_never_narrow_with_distance_and_hold_their_share_of_errors(
    errors: list[tuple[int, float]], level: float
) -> None:
    ahead, sizes = (np.array(part, dtype=float) for part in zip(*errors, strict=True))
    spread = Spread.of(ahead, sizes)
    widths = spread.half_width(np.arange(1, 60, dtype=float), level)
    assert (np.diff(widths) >= -1e-9 * widths.max()).all()
    held = (sizes <= spread.half_width(ahead, level) * (1 + 1e-9) + 1e-9).mean()
    assert held >= min(level, len(sizes) / (len(sizes) + 1)) - 1e-9


@pytest.mark.parametrize("candidate", [NAIVE, SMOOTHING, ARIMA], ids=lambda made: made.name)
def test_what_comes_later_changes_no_earlier_forecast(candidate: Candidate, tmp_path: Path) -> None:
    """The trial as a run makes it: values after the first origin are anything at all, what it forecasts is the same."""
    found = prepared(co2(), "co2", "month")
    folder = RunFolder(tmp_path)
    folder.predictions_folder.mkdir()
    material = found.material(folder, 0)
    first = found.splits[0][1]
    noise = np.random.default_rng(0).normal(0, 1e3, len(material.truth))
    changed = np.where(np.arange(len(noise)) < first[0], material.truth, noise)
    other = replace(material, truth=changed, target=pd.Series(changed))
    for number, told in enumerate((material, other)):
        evaluate(told, Evaluate(number, candidate, threads=1), ColumnsCache(tmp_path), lambda _: None)
    one, another = folder.predictions(0), folder.predictions(1)
    assert another[first] == pytest.approx(one[first])
    later = found.splits[1][1]
    assert not np.allclose(another[later], one[later])


def test_a_lag_looks_back_only() -> None:
    found = prepared(co2(), "co2", "month")
    rows = np.column_stack([np.arange(144.0), np.zeros(144)]).astype(np.float64)
    fitted = LagForecaster(12, n_estimators=30).fit(rows, found.dataset.truth)
    before = fitted.predict(rows)
    fitted.histories_[0].values[100:] += 1e6
    after = fitted.predict(rows)
    assert after[:101] == pytest.approx(before[:101])
    assert after[101] != pytest.approx(before[101])


def test_origins_expand_and_no_row_is_judged_twice() -> None:
    found = prepared(shops(), "sold", "day", group_column="shop", horizon=10)
    days = pd.to_datetime(found.dataset.frame["day"]).to_numpy()
    learned = 0
    for learn, judge in found.splits:
        assert days[learn].max() < days[judge].min()
        assert days[judge].max() - days[learn].max() <= np.timedelta64(10, "D")
        assert len(learn) > learned
        learned = len(learn)
    judged = np.concatenate([judge for _, judge in found.splits])
    assert len(np.unique(judged)) == len(judged)


def test_sunspots_have_a_season_that_no_calendar_knows() -> None:
    frame = sm.datasets.sunspots.load_pandas().data
    found = prepared(frame, "SUNACTIVITY", "YEAR", horizon=11)
    assert found.dataset.schema.timeline is not None
    season = found.dataset.schema.timeline.season_length
    assert season in {10, 11}
    rows = timeline.steps_of(found.dataset.schema.timeline).fit_transform(frame)
    truth = found.dataset.truth

    def error(forecaster: BaseEstimator) -> float:
        parts = [np.abs(forecaster.fit(rows[a], truth[a]).predict(rows[b]) - truth[b]).mean() for a, b in found.splits]
        return float(np.mean(parts))

    assert error(LagForecaster(season, lags=24)) < 0.8 * error(SeasonalNaive(season))


def test_a_walk_has_no_season() -> None:
    walk = np.random.default_rng(0).normal(size=300).cumsum()
    frame = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=300), "y": walk})
    found, told = timeline.find(frame, "y", "day", ())
    assert found.season_length == 1
    assert told[-1].startswith("Season: none")


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["MS", "ME", "QS", "YS", "D", "W-TUE", "h", "15min", "7s"]),
    st.dates(min_value=pd.Timestamp("1970-01-01").date(), max_value=pd.Timestamp("2030-01-01").date()),
    st.integers(12, 40),
)
def test_regular_times_are_steps_in_a_row(frequency: str, start: Any, count: int) -> None:
    times = pd.Series(pd.date_range(start, periods=count, freq=frequency), name="t")
    frame = pd.DataFrame({"t": times.astype(str), "y": 1.0}).sample(frac=1, random_state=0)
    found, _ = timeline.find(frame, "y", "t", ())
    steps = timeline.steps_of(found).fit(frame).transform(frame.sort_index())[:, 0]
    assert np.diff(steps).tolist() == [1.0] * (count - 1)


_TWO_SHOPS = {"shop": lambda rows: rows["month"] // 30, "month": lambda rows: rows["month"] % 30}


@pytest.mark.parametrize(
    ("changes", "options", "sentence"),
    [
        ({}, {"time_column": None}, "--problem forecast needs --time-column"),
        ({}, {"time_column": "mont"}, "the data has no such column; did you mean `month`"),
        ({"month": "2001-01-01"}, {}, "is there more than once, again in row 2; if the table has several series"),
        ({"month": "2001-01-01", "shop": "a"}, {"group_column": "shop"}, "series a has month 2001-01-01 more than"),
        ({"month": lambda rows: rows["month"] ** 2}, {}, "times come in no regular steps (0, 1, 4, ...)"),
        ({"month": lambda rows: rows["month"].where(rows["month"] != 3)}, {}, "row 4 has no time"),
        ({}, {"horizon": 60}, "the series has 60 steps: too few to judge once a forecast of 60 steps"),
        ({}, {"horizon": 20, "validation": "3"}, "too few to judge 3 times a forecast of 20 steps"),
        (_TWO_SHOPS, {"group_column": "shop", "horizon": 25}, "series 0 has 30 steps"),
        ({**_TWO_SHOPS, "month": 1}, {"group_column": "shop"}, "series 0 has month 1 more than once"),
        ({}, {"problem": "regression", "horizon": 3}, "--horizon is for --problem forecast"),
        ({"w": 1.0}, {"weight_column": "w"}, "a forecast does not weigh its rows"),
        ({"y": "many"}, {}, "has the same value"),
    ],
)  # fmt: skip
def test_a_table_that_can_not_be_forecast_is_told_why(
    changes: dict[str, Any], options: dict[str, Any], sentence: str
) -> None:
    frame = pd.DataFrame({"month": np.arange(60), "y": np.random.default_rng(0).normal(size=60)})
    given_options = {"problem": "forecast", "time_column": "month", **options}
    with pytest.raises(AutoMLError) as refused:
        prepare_run(frame.assign(**changes), Options(target="y", **given_options))
    assert sentence in str(refused.value)


@pytest.mark.parametrize("candidate", [NAIVE, SMOOTHING, ARIMA], ids=lambda candidate: candidate.name)
@pytest.mark.parametrize("steps", [1, 3, 7])
def test_a_series_of_few_steps_does_not_cost_the_others_their_forecast(candidate: Candidate, steps: int) -> None:
    """A shop that closed after a few days is no reason for a trial to fail."""
    closed = pd.DataFrame(
        {"day": pd.date_range("2024-01-01", periods=steps).astype(str), "shop": "closed", "sold": 5.0}
    )
    frame = pd.concat([shops(60).drop(columns="weather"), closed], ignore_index=True)
    schema = prepared(frame, "sold", "day", group_column="shop").dataset.schema
    fitted = build(candidate, schema).fit(frame[list(schema.features)], frame["sold"])
    asked = pd.DataFrame({"day": ["2024-03-01"] * 2, "shop": ["closed", "large"]})[list(schema.features)]
    assert fitted.predict(asked) == pytest.approx([5.0, 2300.0], rel=0.2)


@pytest.mark.parametrize("option", ["test", "validation"])
def test_a_table_to_judge_by_goes_on_with_the_series(tmp_path: Path, option: str) -> None:
    frame = shops()
    learned, later = frame[frame["day"] <= "2024-04-30"], frame[frame["day"] > "2024-04-30"]
    file = tmp_path / "later.csv"
    given_options: dict[str, Any] = {
        "problem": "forecast",
        "time_column": "day",
        "group_column": "shop",
        option: str(file),
    }
    options = Options(target="sold", **given_options)
    later.to_csv(file, index=False)
    assert prepare_run(learned, options).dataset.problem == "forecast"
    later.assign(shop="new").to_csv(file, index=False)
    with pytest.raises(AutoMLError, match="series new"):
        prepare_run(learned, options)


def test_time_alone_does_not_make_a_forecast_of_auto() -> None:
    assert prepare_run(co2(), Options(target="co2", time_column="month")).dataset.problem == "regression"


def test_a_candidate_of_another_kind_is_refused(tmp_path: Path) -> None:
    ridge = Candidate("ridge", "Ridge", "sklearn.linear_model.Ridge")
    for candidate, problem in ((ridge, "forecast"), (LAGS, "regression")):
        with pytest.raises(AutoMLError, match="a forecast takes the classes of"):
            prepare_run(
                co2(),
                Options(target="co2", time_column="month", problem=problem, candidates=define(tmp_path, candidate)),  # type: ignore[arg-type]
            )

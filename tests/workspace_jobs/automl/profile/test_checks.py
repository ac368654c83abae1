"""What each check's page shows is what the check does, and sound data raises no alarm."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.profile import Alert, profile
from workspace_jobs.automl.profile.checks.catalogue import FAMILIES, IDS, MODULES, description, module, title
from workspace_jobs.automl.profile.checks.pages import pages

ROOT = Path(__file__).resolve().parents[4]
REFERENCE = ROOT / "docs" / "reference" / "profile"
GERMAN_CREDIT = ROOT.parent / "shared" / "data" / "german_credit.csv"
_SNIPPET = re.compile(r"\n(Found|Not found):\n\n```python\n(.*?)```", re.DOTALL)


def snippet(check_id: str, kind: str) -> str:
    return str(dict(_SNIPPET.findall(module(check_id).__doc__))[kind])


def alerts_of(code: str) -> tuple[Alert, ...]:
    """The alerts on the frame that a page's example makes."""
    made: dict[str, Any] = {"np": np, "pd": pd, "rng": np.random.default_rng(1)}
    exec(code, made)  # noqa: S102 - our own pages
    settings = {name: made[name] for name in ("target", "test", "problem", "group") if name in made}
    return profile(made["frame"], **settings).alerts


def ids(alerts: tuple[Alert, ...]) -> set[str]:
    return {alert.id for alert in alerts}


def found(alerts: tuple[Alert, ...], check_id: str) -> Alert:
    return next(alert for alert in alerts if alert.id == check_id)


@pytest.mark.parametrize("check_id", IDS)
def test_what_a_page_says_is_found_is_found(check_id: str) -> None:
    assert check_id in ids(alerts_of(snippet(check_id, "Found")))


@pytest.mark.parametrize("check_id", IDS)
def test_what_a_page_says_is_not_found_is_not(check_id: str) -> None:
    assert check_id not in ids(alerts_of(snippet(check_id, "Not found")))


@pytest.mark.parametrize("check_id", IDS)
def test_a_page_opens_with_its_id_and_says_what_to_do(check_id: str) -> None:
    assert check_id == module(check_id).ID
    assert module(check_id).__doc__.startswith(f"{check_id}: {title(check_id)}.\n\n")
    assert sum(paragraph.startswith("What to do: ") for paragraph in description(check_id)) == 1
    assert any(check_id.startswith(family) for family in FAMILIES)


def test_every_module_of_a_check_is_in_the_catalogue() -> None:
    folder = ROOT / "workspace_jobs" / "automl" / "profile" / "checks"
    documented = {file.stem for file in folder.glob("*.py") if file.read_text("utf-8").startswith('"""EDA')}
    assert documented == set(MODULES.values())


def test_the_published_pages_are_up_to_date() -> None:
    written = {page.name: page.read_text("utf-8") for page in REFERENCE.glob("*.md")}
    assert written == pages(), "run python -m workspace_jobs.automl.profile.checks.pages docs/reference/profile"


def sound(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": random.integers(18, 90, rows),
            "income": random.lognormal(8, 0.6, rows),
            "city": random.choice(["Ulm", "Bonn", "Trier"], rows),
            "member": random.random(rows) < 0.4,
        }
    )
    frame["churn"] = np.where(frame["age"] + random.normal(0, 25, rows) > 55, "yes", "no")
    return frame


@pytest.mark.parametrize("seed", range(5))
def test_sound_data_raises_nothing(seed: int) -> None:
    frame = sound(seed=seed)
    result = profile(frame.head(400), "churn", test=frame.tail(200))
    assert result.alerts == ()
    assert result.verdict == "ready for training"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wine", set()),
        ("diabetes", set()),
        # Radius, perimeter and area of the same thing.
        ("breast_cancer", {"EDA306"}),
        # Length and width of petals; the length alone tells the species with an AUC of .98, and one row is there twice.
        ("iris", {"EDA201", "EDA305", "EDA306"}),
        # The corners of the images are blank.
        ("digits", {"EDA301", "EDA302", "EDA405"}),
    ],
)
def test_real_data_raises_what_is_true_of_it_and_no_error(name: str, expected: set[str]) -> None:
    from sklearn import datasets

    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    alerts = profile(frame, "target").alerts
    assert ids(alerts) <= expected
    assert "error" not in {alert.severity for alert in alerts}


def test_german_credit_is_sound() -> None:
    if not GERMAN_CREDIT.exists():
        pytest.skip("shared/data/german_credit.csv is not beside this checkout")
    assert profile(pd.read_csv(GERMAN_CREDIT), "class").alerts == ()


def test_a_column_of_noise_is_no_leak_however_many_there_are() -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.normal(size=(60, 1500)).round(1)).add_prefix("noise ")
    frame["label"] = random.choice(["a", "b"], 60)
    assert "EDA201" not in ids(profile(frame, "label").alerts)


def test_a_label_that_every_row_has_for_itself_is_no_leak() -> None:
    frame = sound().assign(customer=lambda table: [f"customer {row}x" for row in range(len(table))])
    alerts = profile(frame, "churn").alerts
    assert ids(alerts) == {"EDA304"}


@pytest.mark.parametrize(
    "copies", [lambda target: target * 3 + 1, lambda target: np.exp(target / 50), lambda target: -target]
)
def test_a_number_by_another_name_is_a_leak(copies: Any) -> None:
    random = np.random.default_rng(0)
    target = random.normal(100, 30, 400)
    frame = pd.DataFrame({"price": target, "copy": copies(target), "size": target + random.normal(0, 30, 400)})
    leak = found(profile(frame, "price").alerts, "EDA201")
    assert (leak.columns, leak.severity) == (("copy",), "error")


def test_gaps_that_give_the_outcome_away_are_a_leak() -> None:
    frame = sound().assign(cancelled="2026-01-01")
    frame.loc[frame["churn"] == "no", "cancelled"] = None
    assert found(profile(frame, "churn").alerts, "EDA201").columns == ("cancelled",)


@pytest.mark.parametrize(("problem", "expected"), [("regression", ["warning"]), ("forecast", [])])
def test_a_trend_in_time_is_no_leak_but_wants_a_split_by_time(problem: str, expected: list[str]) -> None:
    frame = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=300), "sales": np.arange(300) ** 1.5})
    alerts = profile(frame, "sales", problem=problem).alerts
    assert [alert.severity for alert in alerts if alert.id == "EDA201"] == expected


def test_missing_targets_are_refused_or_dropped_as_asked() -> None:
    frame = sound()
    frame.loc[:9, "churn"] = None
    refused = found(profile(frame, "churn").alerts, "EDA101")
    dropped = found(profile(frame, "churn", missing_target="drop").alerts, "EDA101")
    assert (refused.severity, dropped.severity) == ("error", "warning")
    assert refused.message == "10 of 600 rows have no `churn`"


def test_a_target_that_no_row_has_is_an_error_even_where_rows_are_dropped() -> None:
    frame = sound().assign(churn=None)
    assert found(profile(frame, "churn", missing_target="drop").alerts, "EDA101").severity == "error"


def test_a_chain_of_collinear_columns_is_one_cluster() -> None:
    random = np.random.default_rng(0)
    frame = sound()
    for number in range(3):
        frame[f"income {number}"] = frame["income"] * 2**number + random.normal(0, 20, len(frame))
    (cluster,) = [alert for alert in profile(frame, "churn").alerts if alert.id == "EDA306"]
    assert cluster.columns == ("income", "income 0", "income 1", "income 2")


def test_a_column_that_others_add_up_to_is_found() -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"net": random.normal(10, 3, 300), "tax": random.normal(5, 2, 300)})
    frame["gross"] = frame["net"] + frame["tax"]
    assert set(found(profile(frame).alerts, "EDA306").columns) == {"net", "tax", "gross"}


def test_labels_that_say_the_same_are_collinear() -> None:
    frame = sound()
    frame["plate"] = frame["city"].map({"Ulm": "UL", "Bonn": "BN", "Trier": "TR"})
    assert found(profile(frame, "churn").alerts, "EDA306").columns == ("city", "plate")


def test_numbers_as_text_are_no_identifiers_and_identifiers_as_text_no_numbers() -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"price": random.normal(50, 9, 200).round(4).astype(str), "key": map(str, range(7000, 7200))})
    alerts = profile(frame).alerts
    assert found(alerts, "EDA406").columns == ("price",)
    assert found(alerts, "EDA304").columns == ("key",)


def test_long_numbers_are_told_apart() -> None:
    frame = sound().assign(account=lambda table: 4_000_000_000_000_000_000 + np.arange(len(table)) % 590)
    assert "EDA301" not in ids(profile(frame, "churn").alerts)
    statistics = profile(frame, "churn").statistics[-1]
    assert (statistics.name, statistics.distinct) == ("account", 590)


@pytest.mark.parametrize(
    ("frame", "settings", "sentence"),
    [
        (pd.DataFrame(), {}, "0 rows and 0 columns"),
        (pd.DataFrame({"a": []}), {}, "0 rows and 1 columns"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), {}, "several columns are called a"),
        (sound(50), {"target": "chrun"}, "no column `chrun`: did you mean `churn`?"),
        (sound(50), {"group": "agent"}, "no column `agent`: did you mean `age`?"),
        (sound(50), {"target": "churn", "problem": "regresion"}, "did you mean `regression`?"),
    ],
)
def test_what_cannot_be_profiled_is_told_in_a_sentence(frame: pd.DataFrame, settings: Any, sentence: str) -> None:
    with pytest.raises(AutoMLError, match=re.escape(sentence)):
        profile(frame, **settings)


@pytest.mark.parametrize("rows", [1, 2, 3, 9])
def test_a_few_rows_are_told_and_no_crash(rows: int) -> None:
    assert "EDA601" in ids(profile(sound().head(rows), "churn").alerts)


def test_shift_is_found_in_numbers_labels_and_gaps_and_nowhere_else() -> None:
    train, test = sound(seed=1), sound(seed=2)
    test["income"] *= 1.5
    test["city"] = np.where(np.arange(len(test)) % 4 > 0, "Bonn", test["city"])
    test.loc[::3, "age"] = np.nan
    assert set(found(profile(train, "churn", test=test).alerts, "EDA602").columns) == {"income", "city", "age"}


def test_the_same_table_has_the_same_alerts() -> None:
    code = snippet("EDA201", "Found")
    assert alerts_of(code) == alerts_of(code)

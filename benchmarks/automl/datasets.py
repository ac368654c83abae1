"""The data sets that AutoML is compared on with its peers; none of them is one that the portfolio is learned from.

Carried by scikit-learn, statsmodels or plotly, or generated here with a seed, so that nothing is downloaded; German
Credit (UCI Statlog) takes part where `shared/data/german_credit.csv` is beside the checkout.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.automl.tables import Table, framed

Rows = npt.NDArray[np.int64]
Split = tuple[Rows, Rows]
GERMAN_CREDIT: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "german_credit.csv"
SPLITS: Final = 5
_SEED: Final = 0
_TESTED: Final = 0.3


@dataclass(frozen=True)
class DataSet:
    """A table with how models of it are judged.

    Parameters:
        table: what is learned from, and the target.
        metric: the name of a scorer of scikit-learn; greater is better.
        how: `shuffled`, SPLITS times 70 rows for training and 30 for the test, by class where there are classes;
            `folds`, each row once in a test of SPLITS; `last`, once the last 30 rows in the order of the table.
    """

    table: Table
    metric: str
    how: str = "shuffled"

    def splits(self, frame: pd.DataFrame) -> Iterator[Split]:
        """Row numbers for training and for the test, the same in each run."""
        from sklearn import model_selection as ms

        if self.how == "last":
            first = int(len(frame) * (1 - _TESTED))
            yield np.arange(first), np.arange(first, len(frame))
            return
        has_classes = self.table.problem in ("binary", "multiclass")
        splitter: Any
        if self.how == "folds":
            kind = ms.StratifiedKFold if has_classes else ms.KFold
            splitter = kind(SPLITS, shuffle=True, random_state=_SEED)
        else:
            kind = ms.StratifiedShuffleSplit if has_classes else ms.ShuffleSplit
            splitter = kind(SPLITS, test_size=_TESTED, random_state=_SEED)
        yield from splitter.split(frame, frame[self.table.target])


def data_sets() -> list[DataSet]:
    """Every data set that is here: classification, regression, forecasting."""
    return [*_classification(), *_regression(), *_forecasting()]


def _classification() -> list[DataSet]:
    sets = [
        DataSet(Table("digits", "scikit-learn", "multiclass", "target", lambda: _bundled("digits")), "accuracy"),
        DataSet(
            Table("breast-cancer", "scikit-learn", "binary", "target", lambda: _bundled("breast_cancer")), "roc_auc"
        ),
        DataSet(Table("wine", "scikit-learn", "multiclass", "target", lambda: _bundled("wine")), "neg_log_loss"),
        DataSet(Table("iris", "scikit-learn", "multiclass", "target", lambda: _bundled("iris")), "neg_log_loss"),
        DataSet(Table("vote-1996", "statsmodels anes96", "binary", "vote", _vote), "roc_auc"),
        DataSet(Table("health-plan", "statsmodels randhie", "binary", "target", _any_visit), "roc_auc"),
        DataSet(Table("moons", "scikit-learn make_moons", "binary", "target", _moons), "roc_auc"),
        DataSet(Table("shells", "scikit-learn make_gaussian_quantiles", "multiclass", "target", _shells), "accuracy"),
        DataSet(Table("fraud", "generated here", "binary", "target", _fraud), "average_precision"),
    ]
    if GERMAN_CREDIT.exists():
        credit = Table("german-credit", "UCI Statlog", "binary", "class", lambda: pd.read_csv(GERMAN_CREDIT))
        sets.append(DataSet(credit, "roc_auc", "folds"))
    return sets


def _regression() -> list[DataSet]:
    return [
        DataSet(Table("diabetes", "scikit-learn", "regression", "target", lambda: _bundled("diabetes")), "r2"),
        DataSet(Table("schools", "statsmodels star98", "regression", "target", _schools), "r2"),
        DataSet(Table("life-expectancy", "plotly gapminder", "regression", "lifeExp", _life), "r2"),
        DataSet(Table("friedman-1", "scikit-learn make_friedman1", "regression", "target", _friedman1), "r2"),
        DataSet(Table("friedman-2", "scikit-learn make_friedman2", "regression", "target", _friedman2), "r2"),
        DataSet(Table("rents", "generated here", "regression", "target", _rents), "neg_mean_absolute_error"),
    ]


def _forecasting() -> list[DataSet]:
    metric = "neg_mean_absolute_error"
    return [
        DataSet(Table("sunspots", "statsmodels sunspots", "forecast", "SUNACTIVITY", _sunspots), metric, "last"),
        DataSet(Table("carbon-dioxide", "statsmodels co2", "forecast", "co2", _carbon_dioxide), metric, "last"),
    ]


def _bundled(name: str) -> pd.DataFrame:
    from sklearn import datasets

    return pd.DataFrame(getattr(datasets, f"load_{name}")(as_frame=True).frame)


def _of_statsmodels(name: str) -> pd.DataFrame:
    from importlib import import_module

    return pd.DataFrame(import_module(f"statsmodels.datasets.{name}").load_pandas().data)


def _vote() -> pd.DataFrame:
    """Whom 944 people voted for, by what they think and who they are; what they said they would vote is left out."""
    return _of_statsmodels("anes96").drop(columns=["logpopul"]).astype({"vote": int})


def _any_visit() -> pd.DataFrame:
    """Whether somebody saw a doctor at all in a year, by insurance and health."""
    frame = _of_statsmodels("randhie").sample(5_000, random_state=_SEED).reset_index(drop=True)
    return frame.assign(target=np.where(frame.pop("mdvis") > 0, "yes", "no"))


def _moons() -> pd.DataFrame:
    """Two half moons that overlap, among ten columns of noise."""
    from sklearn.datasets import make_moons

    x, y = make_moons(1_500, noise=0.35, random_state=101)
    noise = np.random.default_rng(101).normal(size=(len(x), 10))
    return framed(np.hstack([x, noise]), y, 101)


def _shells() -> pd.DataFrame:
    """Four classes, one within the other like the shells of an onion."""
    from sklearn.datasets import make_gaussian_quantiles

    x, y = make_gaussian_quantiles(n_samples=1_500, n_features=6, n_classes=4, random_state=102)
    return framed(x, y, 102)


def _fraud() -> pd.DataFrame:
    """Payments of which three in a hundred are fraud: many shops, amounts with a tail, gaps, hours of the day."""
    generator = np.random.default_rng(103)
    rows = 8_000
    risk = generator.normal(0, 1, 300)
    shop = generator.zipf(1.4, rows).clip(max=300) - 1
    amount = generator.lognormal(3, 1.1, rows)
    hour = generator.integers(0, 24, rows)
    age = generator.gamma(2, 200, rows)
    score = risk[shop] + 0.8 * np.log(amount / 20) * (hour < 6) + 1.2 * (age < 30) + generator.normal(0, 1, rows)  # noqa: PLR2004
    frame = pd.DataFrame(
        {
            "shop": np.char.add("shop ", shop.astype(str)),
            "amount": amount.round(2),
            "hour": hour,
            "account age": np.where(generator.random(rows) < 0.08, np.nan, age.round()),  # noqa: PLR2004
            "channel": generator.choice(["app", "web", "till"], rows, p=[0.5, 0.3, 0.2]),
            "device": generator.choice(["android", "ios", "other"], rows),
        }
    )
    return frame.assign(target=(score > np.quantile(score, 0.97)).astype(int))


def _schools() -> pd.DataFrame:
    """The share of pupils above the national median in mathematics, by district."""
    frame = _of_statsmodels("star98")
    above, below = frame.pop("NABOVE"), frame.pop("NBELOW")
    return frame.assign(target=above / (above + below))


def _life() -> pd.DataFrame:
    """Life expectancy by country, year, population and income."""
    import plotly.express as px

    return pd.DataFrame(px.data.gapminder()).drop(columns=["iso_alpha", "iso_num"])


def _friedman1() -> pd.DataFrame:
    from sklearn.datasets import make_friedman1

    x, y = make_friedman1(1_200, n_features=12, noise=1.5, random_state=104)
    return framed(x, y, 104)


def _friedman2() -> pd.DataFrame:
    from sklearn.datasets import make_friedman2

    x, y = make_friedman2(1_200, noise=120.0, random_state=105)
    return framed(x, y, 105)


def _rents() -> pd.DataFrame:
    """Rents by district, size, year and what the flat has, with gaps and a few that are out of all proportion."""
    generator = np.random.default_rng(106)
    rows = 3_000
    level = generator.normal(12, 3, 80)
    district = generator.integers(0, 80, rows)
    size = generator.gamma(6, 12, rows).clip(15)
    built = generator.integers(1890, 2026, rows)
    balcony = generator.random(rows) < 0.5  # noqa: PLR2004
    per_metre = level[district] + 25 / np.sqrt(size) + 2.0 * (built > 2010) + 0.6 * balcony  # noqa: PLR2004
    rent = per_metre * size * generator.lognormal(0, 0.12, rows)
    frame = pd.DataFrame(
        {
            "district": np.char.add("district ", district.astype(str)),
            "size": size.round(),
            "built": np.where(generator.random(rows) < 0.1, np.nan, built),  # noqa: PLR2004
            "balcony": np.where(balcony, "yes", "no"),
            "heating": generator.choice(["gas", "district", "oil", "pump"], rows, p=[0.5, 0.3, 0.15, 0.05]),
            "floor": generator.poisson(2, rows),
        }
    )
    return frame.assign(target=(rent * np.where(generator.random(rows) < 0.003, 5, 1)).round())  # noqa: PLR2004


def _sunspots() -> pd.DataFrame:
    """Sunspots a year since 1700, as a forecast asks for them: each row with its time."""
    frame = _of_statsmodels("sunspots")
    years = frame.pop("YEAR").astype(int).astype(str)
    return frame.assign(date=pd.to_datetime(years, format="%Y"))


def _carbon_dioxide() -> pd.DataFrame:
    """Carbon dioxide above Mauna Loa by the month, as far as it was measured."""
    weekly = _of_statsmodels("co2")["co2"]
    monthly = weekly.resample("MS").mean().interpolate()
    return monthly.rename_axis("date").reset_index()

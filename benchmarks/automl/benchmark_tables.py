"""The tables of the benchmark, none of which the portfolio was learned from, and how each is split."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold, train_test_split

from benchmarks.automl.tables import Table, framed

_CREDIT = Path(__file__).resolve().parents[3] / "shared" / "data" / "german_credit.csv"
_TEST_SHARE = 0.3
Split = tuple[NDArray[np.intp], NDArray[np.intp]]


def benchmark_tables() -> list[Table]:
    """Every table; German Credit where its file is beside the checkout."""
    tables = [
        Table("digits", "scikit-learn", "multiclass", "target", lambda: _bundled("digits")),
        Table("breast-cancer", "scikit-learn", "binary", "target", lambda: _bundled("breast_cancer")),
        Table("wine", "scikit-learn", "multiclass", "target", lambda: _bundled("wine")),
        Table("iris", "scikit-learn", "multiclass", "target", lambda: _bundled("iris")),
        Table("diabetes", "scikit-learn", "regression", "target", lambda: _bundled("diabetes")),
        Table("vote", "statsmodels anes96", "binary", "vote", lambda: _statsmodels("anes96")),
        Table("visits", "statsmodels randhie, 3,000 rows", "regression", "mdvis", lambda: _statsmodels("randhie")),
        Table("life", "plotly gapminder", "regression", "lifeExp", _gapminder),
        Table("friedman-1", "scikit-learn make_friedman1", "regression", "target", _friedman1),
        Table("moons", "scikit-learn make_moons and noise", "binary", "target", _moons),
        Table("rings", "scikit-learn make_gaussian_quantiles", "multiclass", "target", _rings),
        Table("needles", "scikit-learn make_classification, 60 columns", "binary", "target", _needles),
    ]
    credit = Table("german-credit", "UCI Statlog", "binary", "class", lambda: pd.read_csv(_CREDIT))
    return [*tables, credit] if _CREDIT.is_file() else tables


def splits(table: Table, frame: pd.DataFrame, count: int) -> Iterator[Split]:
    """`count` pairs of rows to learn from and to be judged on: 70/30, German Credit in the usual five folds."""
    classes = None if table.problem == "regression" else frame[table.target]
    if table.name == "german-credit":
        folds = StratifiedKFold(5, shuffle=True, random_state=0).split(frame, classes)
        yield from list(folds)[:count]
        return
    rows = np.arange(len(frame))
    for seed in range(count):
        learn, test = train_test_split(rows, test_size=_TEST_SHARE, stratify=classes, random_state=seed)
        yield learn, test


def _bundled(name: str) -> pd.DataFrame:
    from sklearn import datasets

    return pd.DataFrame(getattr(datasets, f"load_{name}")(as_frame=True).frame)


def _statsmodels(name: str) -> pd.DataFrame:
    from importlib import import_module

    frame = pd.DataFrame(import_module(f"statsmodels.datasets.{name}").load_pandas().data)
    return frame.sample(min(3000, len(frame)), random_state=0).reset_index(drop=True)


def _gapminder() -> pd.DataFrame:
    import plotly.express as px

    return pd.DataFrame(px.data.gapminder()).drop(columns=["iso_alpha", "iso_num"])


def _friedman1() -> pd.DataFrame:
    from sklearn.datasets import make_friedman1

    x, y = make_friedman1(1000, 15, noise=1.0, random_state=100)
    return framed(x, y, 100)


def _moons() -> pd.DataFrame:
    from sklearn.datasets import make_moons

    x, y = make_moons(1000, noise=0.35, random_state=101)
    return framed(np.hstack([x, np.random.default_rng(101).normal(size=(1000, 4))]), y, 101)


def _rings() -> pd.DataFrame:
    from sklearn.datasets import make_gaussian_quantiles

    x, y = make_gaussian_quantiles(n_samples=1200, n_features=6, n_classes=4, random_state=102)
    return framed(x, y, 102)


def _needles() -> pd.DataFrame:
    from sklearn.datasets import make_classification

    x, y = make_classification(1000, 60, n_informative=6, n_redundant=6, flip_y=0.05, random_state=103)
    return framed(x, y, 103, categories=12)

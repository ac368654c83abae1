"""The tables that the portfolio is learned from. None of them is in the benchmark."""

import io

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.automl.tables import Table, framed

_ROWS = 800


def learning_tables() -> list[Table]:
    """Every table of the learning."""
    return [*_binary(), *_multiclass(), *_regression()]


def _binary() -> list[Table]:
    made = "scikit-learn make_classification"
    return [
        Table("clusters", made, "binary", "target", lambda: _classes(1, features=20, clusters=3)),
        Table("few-informative", made, "binary", "target", lambda: _classes(2, features=40, informative=5)),
        Table("mixed-1", made, "binary", "target", lambda: _classes(3, features=15, categories=8, flip=0.1)),
        Table("mixed-2", made, "binary", "target", lambda: _classes(4, features=18, categories=11, flip=0.2)),
        Table("uneven", made, "binary", "target", lambda: _classes(5, features=12, weights=[0.85], categories=3)),
        Table("lending-1", "generated here", "binary", "target", lambda: _lending(11)),
        Table("lending-2", "generated here", "binary", "target", lambda: _lending(12)),
        Table("lending-3", "generated here", "binary", "target", lambda: _lending(13)),
        Table("assays", "generated here", "binary", "target", lambda: _assays(14)),
        Table("hastie", "scikit-learn make_hastie_10_2", "binary", "target", _hastie),
        Table("affairs", "statsmodels fair", "binary", "target", _affairs),
        Table("smokers", "plotly tips", "binary", "smoker", _tips),
    ]


def _multiclass() -> list[Table]:
    made = "scikit-learn make_classification"
    return [
        Table("letters-1", "letters of matplotlib's fonts", "multiclass", "target", lambda: _letters(1, "ABCDEFGHKS")),
        Table("letters-2", "letters of matplotlib's fonts", "multiclass", "target", lambda: _letters(2, "adegnqrtuy")),
        Table("five-classes", made, "multiclass", "target", _five_classes),
        Table("three-mixed", made, "multiclass", "target", lambda: _classes(22, features=14, classes=3, categories=7)),
        Table("assays-4", "generated here", "multiclass", "target", lambda: _assays(23, classes=4)),
        Table("modes", "statsmodels modechoice", "multiclass", "mode", _modes),
        Table("days", "plotly tips", "multiclass", "day", _tips),
    ]


def _regression() -> list[Table]:
    made = "scikit-learn make_regression"
    return [
        Table("linear", made, "regression", "target", lambda: _linear(31, noise=20.0)),
        Table("linear-mixed", made, "regression", "target", lambda: _linear(32, noise=40.0, categories=5)),
        Table("friedman-3", "scikit-learn make_friedman3", "regression", "target", _friedman3),
        Table("sparse", "scikit-learn make_sparse_uncorrelated", "regression", "target", _sparse),
        Table("curves", "generated here", "regression", "target", lambda: _curves(33)),
        Table("curves-noisy", "generated here", "regression", "target", lambda: _curves(34, noise=2.0)),
        Table("investment", "statsmodels grunfeld", "regression", "invest", _investment),
        Table("tip", "plotly tips", "regression", "tip", _tips),
        Table("car-hours", "plotly carshare", "regression", "car_hours", _car_hours),
    ]


def _classes(  # noqa: PLR0913 - as make_classification has them
    seed: int,
    *,
    features: int,
    informative: int = 8,
    classes: int = 2,
    clusters: int = 2,
    weights: list[float] | None = None,
    flip: float = 0.03,
    categories: int = 0,
) -> pd.DataFrame:
    from sklearn.datasets import make_classification

    x, y = make_classification(
        _ROWS,
        features,
        n_informative=informative,
        n_redundant=2,
        n_classes=classes,
        n_clusters_per_class=clusters,
        weights=weights,
        flip_y=flip,
        random_state=seed,
    )
    return framed(x, y, seed, categories=categories)


def _five_classes() -> pd.DataFrame:
    return _classes(21, features=20, classes=5, informative=10)


def _lending(seed: int) -> pd.DataFrame:
    """Weak effects of many categories and some skewed amounts, two of them together: what applications look like."""
    generator = np.random.default_rng(seed)
    frame = pd.DataFrame(index=range(_ROWS))
    logit = np.full(_ROWS, 0.8)
    for number in range(12):
        count = int(generator.integers(2, 8))
        codes = generator.choice(count, _ROWS, p=generator.dirichlet(np.full(count, 2.0)))
        logit += generator.normal(0, 0.45, count)[codes]
        frame[f"category{number}"] = [f"level {code}" for code in codes]
    for number in range(6):
        amount = generator.lognormal(2 + number / 3, 0.7, _ROWS)
        logit += generator.normal(0, 0.4) * (np.log(amount) - 2 - number / 3) / 0.7
        frame[f"amount{number}"] = amount.round(2)
    logit += 0.7 * (frame["category0"] == "level 0") * np.where(frame["amount0"] > frame["amount0"].median(), 1, -1)
    return frame.assign(target=np.where(generator.random(_ROWS) < 1 / (1 + np.exp(-logit)), "paid", "late"))


def _assays(seed: int, classes: int = 2) -> pd.DataFrame:
    """Thirty correlated measurements of the same few quantities, as laboratories make them."""
    generator = np.random.default_rng(seed)
    quantities = generator.normal(size=(500, 6))
    measured = np.exp(0.4 * quantities @ generator.normal(size=(6, 30)) + 0.2 * generator.normal(size=(500, 30)))
    score = quantities[:, :3].sum(axis=1) + 0.5 * quantities[:, 3] * quantities[:, 4] + 0.4 * generator.normal(size=500)
    return framed(measured, pd.qcut(score, classes, labels=False), seed)


def _letters(seed: int, letters: str) -> pd.DataFrame:
    """Letters of several fonts in 8 by 8 grey pixels, turned, moved and blurred a little."""
    from matplotlib import font_manager
    from PIL import Image, ImageDraw, ImageFont

    generator = np.random.default_rng(seed)
    fonts = sorted(path for path in font_manager.findSystemFonts(_font_folder()) if "DejaVu" in path)
    rows, target = [], []
    for number in range(1000):
        letter = letters[number % len(letters)]
        font = ImageFont.truetype(io.BytesIO(_read(str(generator.choice(fonts)))), int(generator.integers(30, 42)))
        image = Image.new("L", (48, 48))
        ImageDraw.Draw(image).text(tuple(generator.integers(6, 14, 2).tolist()), letter, fill=255, font=font)
        image = image.rotate(float(generator.normal(0, 9))).resize((8, 8), Image.Resampling.BOX)
        rows.append((np.asarray(image, dtype=float).ravel() / 16 + generator.normal(0, 0.8, 64)).round().clip(0, 16))
        target.append(letter)
    return framed(np.array(rows), np.array(target), seed, units=False)


def _font_folder() -> str:
    import matplotlib as mpl

    return f"{mpl.get_data_path()}/fonts/ttf"


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - a path is what it is
        return file.read()


def _hastie() -> pd.DataFrame:
    from sklearn.datasets import make_hastie_10_2

    x, y = make_hastie_10_2(_ROWS, random_state=0)
    return framed(x, y, 0)


def _affairs() -> pd.DataFrame:
    from statsmodels.datasets import fair

    frame = pd.DataFrame(fair.load_pandas().data).sample(1000, random_state=0).reset_index(drop=True)
    return frame.assign(target=np.where(frame.pop("affairs") > 0, "yes", "no"))


def _modes() -> pd.DataFrame:
    from statsmodels.datasets import modechoice

    frame = pd.DataFrame(modechoice.load_pandas().data)
    return frame[frame.pop("choice") == 1].drop(columns=["individual"]).reset_index(drop=True)


def _tips() -> pd.DataFrame:
    import plotly.express as px

    return pd.DataFrame(px.data.tips())


def _car_hours() -> pd.DataFrame:
    import plotly.express as px

    return pd.DataFrame(px.data.carshare())


def _investment() -> pd.DataFrame:
    from statsmodels.datasets import grunfeld

    return pd.DataFrame(grunfeld.load_pandas().data)


def _linear(seed: int, *, noise: float, categories: int = 0) -> pd.DataFrame:
    from sklearn.datasets import make_regression

    x, y = make_regression(_ROWS, 20, n_informative=8, noise=noise, random_state=seed)
    return framed(x, y, seed, categories=categories)


def _friedman3() -> pd.DataFrame:
    from sklearn.datasets import make_friedman3

    x, y = make_friedman3(_ROWS, noise=0.1, random_state=0)
    return framed(x, y, 0)


def _sparse() -> pd.DataFrame:
    from sklearn.datasets import make_sparse_uncorrelated

    x, y = make_sparse_uncorrelated(400, 12, random_state=0)
    return framed(x, y, 0)


def _curves(seed: int, noise: float = 0.5) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    x: NDArray[np.float64] = generator.normal(size=(_ROWS, 10))
    y = 3 * np.tanh(2 * x[:, 0]) + x[:, 1] ** 2 + np.where(x[:, 2] > 0, x[:, 3], -x[:, 4]) + x[:, 5]
    return framed(x, y + noise * generator.normal(size=_ROWS), seed, categories=2)

"""An empty pair of axes in the house's look: no background, and colours that read on white and on near-black alike.

Made with matplotlib's objects alone: no window, no state shared between figures, safe in threads and in jobs.
"""

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

# Each has a contrast of at least 3 to white and to #1e1e1e, which a test holds them to.
INK = "#777777"
HUES = ("#2f7ed8", "#d9541e", "#16895f", "#b8449a", "#9a7b00", "#7d6bd6", "#0d8aa0", "#d0433f")
_DASHES = ("-", "--", ":", "-.")
Location = Literal["best", "lower left", "lower right", "upper left"]
# More points than a figure has pixels only make it slow.
_MOST_POINTS = 1000
_LONGEST_NAME = 40


def empty_axes(title: str, x_label: str, y_label: str, size: tuple[float, float] = (5.6, 4.2)) -> tuple[Figure, Axes]:
    """A figure of `size` inches, and its only axes."""
    figure = Figure(figsize=size, dpi=150, layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.subplots()
    axes.patch.set_alpha(0)
    axes.set_title(title, color=INK)
    axes.set_xlabel(x_label, color=INK)
    axes.set_ylabel(y_label, color=INK)
    axes.tick_params(colors=INK, which="both")
    for side, spine in axes.spines.items():
        spine.set_color(INK)
        spine.set_visible(side in ("left", "bottom"))
    axes.grid(color=INK, alpha=0.2, linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def shown(name: object) -> str:
    """A name of the data's as a figure can write it: short, no formula, and in the legend whatever it begins with."""
    text = " ".join(str(name).split())
    text = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
    return f" {text}".replace("$", r"\$") if text.startswith("_") else text.replace("$", r"\$")


def line_styles(count: int) -> list[tuple[str, str]]:
    """`count` pairs of colour and dash, distinct up to four times as many as there are colours."""
    pairs = ((hue, dash) for dash in cycle(_DASHES) for hue in HUES)
    return list(islice(pairs, count))


def add_legend(axes: Axes, location: Location = "best") -> None:
    """A legend without a box, in the ink of the axes."""
    axes.legend(loc=location, frameon=False, labelcolor=INK, fontsize="small")


def thinned(*curves: NDArray[np.floating]) -> Sequence[NDArray[np.floating]]:
    """The same points of each curve, at most 1,000 of them, ends included."""
    count = len(curves[0])
    if count <= _MOST_POINTS:
        return curves
    kept = np.unique(np.linspace(0, count - 1, _MOST_POINTS).astype(int))
    return [curve[kept] for curve in curves]

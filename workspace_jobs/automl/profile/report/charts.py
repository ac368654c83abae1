"""The page's pictures, as SVG and as bars of HTML that follow the page's colours."""

from collections.abc import Sequence
from html import escape
from typing import Final

from workspace_jobs.automl.profile.correlation import Association
from workspace_jobs.automl.profile.report.writing import number
from workspace_jobs.automl.profile.statistics import Histogram

_WIDTH: Final = 240
_HEIGHT: Final = 56
_CELL: Final = 16
_MARGIN: Final = 120
_LETTERS: Final = 22


def histogram(shape: Histogram, ends: tuple[str, str]) -> str:
    """Bars of the counts, with what is written at both ends of the axis."""
    most = max(shape.counts) or 1
    width = _WIDTH / len(shape.counts)
    bars = "".join(
        f'<rect x="{place * width:.2f}" y="{_HEIGHT - height:.1f}" width="{max(width - 1, 0.6):.2f}" '
        f'height="{height:.1f}"/>'
        for place, count in enumerate(shape.counts)
        # A bar of few rows among many is still to be seen.
        if count and (height := max(1.5, count / most * _HEIGHT))
    )
    beyond = f" · {shape.outside:,} beyond" if shape.outside else ""
    picture = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Histogram">{bars}</svg>'
    axis = f'<div class="axis"><span>{escape(ends[0])}</span><span>{escape(ends[1])}{beyond}</span></div>'
    return f'<figure class="histogram">{picture}{axis}</figure>'


def bars(rows: Sequence[tuple[str, float, str]]) -> str:
    """Names with a bar of a length from 0 to 1 and the figure as text."""
    items = "".join(
        f'<li><span class="name" title="{escape(name)}">{escape(name) or "(empty)"}</span>'
        f'<span class="value">{escape(text)}</span>'
        f'<span class="bar"><i style="width:{max(length, 0):.1%}"></i></span></li>'
        for name, length, text in rows
    )
    return f'<ul class="bars">{items}</ul>'


def heatmap(names: Sequence[str], associations: Sequence[Association]) -> str:
    """A triangle with a square for each two columns, the darker the stronger they go together."""
    place = {name: number for number, name in enumerate(names)}
    size = _CELL * len(names)
    cells = []
    for one in associations:
        row, column = sorted((place[one.first], place[one.second]), reverse=True)
        told = escape(f"{one.first} and {one.second}: {one.measure} {number(one.value)}")
        cells.append(
            f'<rect class="{"below" if one.value < 0 else "above"}" fill-opacity="{abs(one.value):.2f}" '
            f'x="{_MARGIN + column * _CELL}" y="{row * _CELL}" width="{_CELL - 1}" height="{_CELL - 1}">'
            f"<title>{told}</title></rect>"
        )
    labels = "".join(
        f'<text x="{_MARGIN - 6}" y="{row * _CELL + 11}" text-anchor="end">{escape(_short(name))}</text>'
        f'<rect class="none" x="{_MARGIN + row * _CELL}" y="{row * _CELL}" width="{_CELL - 1}" height="{_CELL - 1}"/>'
        for row, name in enumerate(names)
    )
    box = f"0 0 {_MARGIN + size} {size}"
    return (
        f'<div class="scroll"><svg class="heatmap" viewBox="{box}" role="img" aria-label="How columns go together" '
        f'style="width:{_MARGIN + size}px">{labels}{"".join(cells)}</svg></div>'
    )


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"

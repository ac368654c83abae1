"""The critical-difference diagram (Demšar 2006): mean ranks on a line, and bars over those that can't be told apart.

The better half of the engines is named on the left and the others on the right, each at the end of a line of its own,
so that names do not overlap however close the ranks are.
"""

import html
from collections.abc import Callable, Mapping, Sequence

_WIDTH, _MARGIN, _STEP = 800, 190, 24
_AXIS, _FIRST_BAR, _BAR_STEP = 64, 74, 8


def diagram(ranks: Mapping[str, float], distance: float) -> str:
    """The diagram of mean `ranks`, of which those within `distance` of each other can't be told apart."""
    most = max(2, len(ranks))

    def at(rank: float) -> float:
        return round(_MARGIN + (rank - 1) / (most - 1) * (_WIDTH - 2 * _MARGIN), 1)

    ordered = sorted(ranks.items(), key=lambda pair: pair[1])
    bars = cliques([rank for _, rank in ordered], distance)
    top = _FIRST_BAR + _BAR_STEP * len(bars) + _STEP
    left = (len(ordered) + 1) // 2
    lines = [
        *_axis(at, most, distance),
        *(
            _line(at(low) - 3, y, at(high) + 3, y, "stroke-width='4'")
            for y, (low, high) in zip(range(_FIRST_BAR, _WIDTH, _BAR_STEP), bars, strict=False)
        ),
        *(_named(at(rank), top + _STEP * place, engine, rank) for place, (engine, rank) in enumerate(ordered[:left])),
        *(
            _named(at(rank), top + _STEP * place, engine, rank, on_right=True)
            for place, (engine, rank) in enumerate(reversed(ordered[left:]))
        ),
    ]
    height = top + _STEP * left
    body = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="14" fill="currentColor">\n{body}\n</svg>\n'
    )


def cliques(ranks: Sequence[float], distance: float) -> list[tuple[float, float]]:
    """Ranges of ranks within which none differ; a range inside another is not shown. `ranks` ascend."""
    found: list[tuple[float, float]] = []
    for low in ranks:
        high = max(rank for rank in ranks if rank <= low + distance)
        if high > low and (not found or high > found[-1][1]):
            found.append((low, high))
    return found


def _axis(at: Callable[[float], float], most: int, distance: float) -> list[str]:
    """The line of ranks, and above it how long the critical difference is."""
    end = at(1 + distance)
    ruler = [_line(at(1), 24, min(end, _WIDTH), 24), _line(at(1), 20, at(1), 28)]
    if end <= _WIDTH:
        ruler.append(_line(end, 20, end, 28))
    return [
        *ruler,
        f'<text x="{at(1)}" y="14">critical difference {distance:.2f}</text>',
        _line(at(1), _AXIS, at(most), _AXIS),
        *(_line(at(rank), _AXIS - 5, at(rank), _AXIS) for rank in range(1, most + 1)),
        *(f'<text x="{at(rank)}" y="{_AXIS - 9}" text-anchor="middle">{rank}</text>' for rank in range(1, most + 1)),
    ]


def _named(x: float, y: float, engine: str, rank: float, *, on_right: bool = False) -> str:
    """An engine's line, from its rank down and out to its name."""
    end, anchor = (_WIDTH - _MARGIN + 10, "start") if on_right else (_MARGIN - 10, "end")
    text = end + 5 if on_right else end - 5
    return (
        f'<path d="M{x} {_AXIS}V{y}H{end}" fill="none" stroke="currentColor" opacity=".6"/>'
        f'<text x="{text}" y="{y + 5}" text-anchor="{anchor}">{html.escape(engine)} {rank:.2f}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, more: str = "") -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor" {more}/>'

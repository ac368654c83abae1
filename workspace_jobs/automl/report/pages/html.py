"""Pieces of a page that needs no other file: its frame, tables, and figures as pictures in the page itself."""

import base64
import io
import math
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from matplotlib.figure import Figure

_NUMBER, _LONG = ' class="number"', ' class="long"'
_LONGEST_LINE = 60
_NOTHING = ("", "–")


def page(title: str, sections: Sequence[str], foot: str) -> str:
    """A whole page; empty sections are left out."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f'<link rel="icon" href="data:,">\n<style>\n{_style()}</style>\n</head>\n<body>\n'
        f"{chr(10).join(filter(None, sections))}\n"
        f'<footer class="soft"><p>{escape(foot)}</p></footer>\n</body>\n</html>\n'
    )


def heading(identifier: str, text: str, told: str = "") -> str:
    """A heading that can be linked to, with a sentence under it."""
    said = f'\n<p class="soft">{escape(told)}</p>' if told else ""
    return f'<h2 id="{identifier}">{escape(text)}</h2>{said}'


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table that scrolls by itself where it is wider than the page, without empty columns; nothing without rows."""
    if not rows:
        return ""
    columns, rows = filled(columns, rows)
    of_numbers = [any(_is_number(row[place]) for row in rows) for place in range(len(columns))]
    head = "".join(
        f"<th{_NUMBER if is_number else ''}>{escape(column)}</th>"
        for column, is_number in zip(columns, of_numbers, strict=True)
    )
    body = "".join(f"<tr>{''.join(map(_cell, row, of_numbers))}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def filled(
    columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    """The columns in which some row has something, and the rows with these alone."""
    kept = [place for place in range(len(columns)) if any(text_of(row[place]) not in _NOTHING for row in rows)]
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


def facts(pairs: Sequence[tuple[str, object]]) -> str:
    """Names and values in a row."""
    told = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text_of(value))}</dd></div>" for name, value in pairs)
    return f'<dl class="facts">{told}</dl>'


def picture(figure: Figure, told: str) -> str:
    """A figure; `told` is what it shows, for who does not see it."""
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<figure class="plot"><img alt="{escape(told)}" src="data:image/svg+xml;base64,{data}"></figure>'


def pictures(figures: Sequence[str]) -> str:
    """Figures side by side as far as there is room."""
    return f'<div class="plots">{"".join(figures)}</div>' if figures else ""


def text_of(value: object) -> str:
    """A value as people read it: four significant digits, and a dash for what is not there."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def size(count: int) -> str:
    """Bytes as people read them."""
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} B"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: object, is_number: bool) -> str:  # noqa: FBT001 - of the column
    text = text_of(value)
    kind = _NUMBER if is_number else _LONG if len(text) > _LONGEST_LINE else ""
    return f"<td{kind}>{escape(text)}</td>"


@cache
def _style() -> str:
    shared = files("workspace_jobs.automl.profile.report").joinpath("style.css").read_text("utf-8")
    return shared + files(__package__).joinpath("style.css").read_text("utf-8")

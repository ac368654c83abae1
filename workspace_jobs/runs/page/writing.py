"""Puts runs into the page."""

import importlib.util
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.runs.records import Point, Run, iso, json_number

History = Mapping[str, Mapping[str, Sequence[Point]]]
"""Run id -> metric -> points."""

# More points of a curve than this are not seen.
_POINTS = 500
_FOLDER = Path(__file__).parent


def write_page(path: Path, title: str, runs: Sequence[Run], history: History) -> None:
    """Write the page that compares `runs`, whole or not at all. Raises JobsError where it cannot be written."""
    text = page(title, runs, history)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise JobsError(f"{path} cannot be written ({error.strerror}): write elsewhere") from error
    finally:
        unfinished.unlink(missing_ok=True)


def page(title: str, runs: Sequence[Run], history: History) -> str:
    """The page's text."""
    data = {"title": title, "runs": [_plain(run, history.get(run.id, {})) for run in runs]}
    parts = {
        "css": (_FOLDER / "page.css").read_text(encoding="utf-8"),
        "js": (_FOLDER / "page.js").read_text(encoding="utf-8"),
        "plotly": _plotly_js(),
        # Neither a tag nor the end of a script can begin in the data.
        "data": json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c"),
    }
    template = (_FOLDER / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda mark: parts[mark[1]], template)


def _plotly_js() -> str:
    """plotly.js as the Python package brings it; importing the package would take as long as all else together."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise JobsError("the page needs the package plotly: `pip install 'mlws[jobs]'`")
    return (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")


def _plain(run: Run, history: Mapping[str, Sequence[Point]]) -> dict[str, object]:
    return {
        "id": run.id,
        "name": run.name,
        "status": run.status,
        "started": iso(run.started),
        "params": dict(run.params),
        "metrics": {key: json_number(value) for key, value in run.metrics.items()},
        "history": {
            key: [(point.step, point.time, json_number(point.value)) for point in _thinned(points)]
            for key, points in history.items()
        },
    }


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """At most `_POINTS` of a curve, evenly taken, the last among them."""
    if len(points) <= _POINTS:
        return points
    return [points[round(index * (len(points) - 1) / (_POINTS - 1))] for index in range(_POINTS)]

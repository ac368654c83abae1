"""Which curves a page shows: those of metrics that were logged more than once, of a bounded number of runs."""

from collections.abc import Mapping, Sequence

from workspace_jobs.runs.records import Point, Run
from workspace_jobs.runs.stores import RunStore

# More curves than this are a tangle, and behind a server each costs a request.
_RUNS = 50


def histories(store: RunStore, runs: Sequence[Run]) -> dict[str, Mapping[str, Sequence[Point]]]:
    """Run id -> metric -> points, for the first runs of a page."""
    found: dict[str, Mapping[str, Sequence[Point]]] = {}
    for run in runs[:_RUNS]:
        logged = store.history(run.id, sorted(run.metrics))
        curves = {key: points for key, points in logged.items() if len(points) > 1}
        if curves:
            found[run.id] = curves
    return found

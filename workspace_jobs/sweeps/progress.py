"""Shows how a sweep goes on: a bar on a terminal, a line now and then elsewhere; always on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from workspace_jobs.presentation import text_of
from workspace_jobs.sweeps.coordinator import Watcher
from workspace_jobs.sweeps.standing import Standing

_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def shown_progress() -> Iterator[Watcher]:
    """What to hand to `run_sweep`."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield _Bar(progress)


@dataclass
class _Lines:
    told: float = 0.0

    def update(self, standing: Standing) -> None:
        """A line where the last one is some seconds old, and for the last trial."""
        now = time.monotonic()
        last = standing.done == standing.definition.max_trials
        if last or now - self.told >= _SECONDS_BETWEEN_LINES:
            self.told = now
            click.echo(f"{standing.done}/{standing.definition.max_trials} trials{_so_far(standing)}", err=True)


class _Bar:
    def __init__(self, progress: object) -> None:
        from rich.progress import Progress

        assert isinstance(progress, Progress)
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def update(self, standing: Standing) -> None:
        """Move the bar."""
        total = standing.definition.max_trials
        self._progress.update(self._task, completed=standing.done, total=total, description=_so_far(standing))


def shortfall(failed: int, ended_early: int) -> str:
    """How many trials did not come to their end, to be said after how many there were."""
    counts = {"failed": failed, "ended early": ended_early}
    return "".join(f", {count} {what}" for what, count in counts.items() if count)


def _so_far(standing: Standing) -> str:
    others, best = shortfall(standing.failed, standing.ended_early), standing.best
    if best is None:
        return others
    parameters = " ".join(f"{name}={text_of(value)}" for name, value in best.parameters.items())
    return f"{others}, best {standing.metric} {text_of(best.value)} ({parameters})"

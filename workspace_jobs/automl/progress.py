"""Tells how a run goes: a live table on a terminal, plain lines elsewhere, nothing where nobody asked.

Also notices Ctrl-C: the first asks the search to end with what it has, the second ends the program.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.trial import Trial, ranked

if TYPE_CHECKING:
    from workspace_jobs.automl.preparation import Prepared


class Progress:
    """Says nothing. What is known is kept for those that do."""

    def __init__(self) -> None:
        self.trials: list[Trial] = []
        self.running: dict[int, Candidate] = {}
        self.metric = ""
        self.seconds_left = float("inf")
        self._stop = False

    @contextmanager
    def of_run(self, prepared: "Prepared", seconds: float | None) -> Iterator[None]:
        """What lasts as long as the run."""
        self.metric = prepared.metric
        self.seconds_left = float("inf") if seconds is None else seconds
        with _interrupts(self._request_stop):
            yield

    def started(self, number: int, candidate: Candidate) -> None:
        """A trial began."""
        self.running[number] = candidate

    def ended(self, trial: Trial) -> None:
        """A trial ended."""
        self.running.pop(trial.number, None)
        self.trials.append(trial)

    def tick(self, seconds_left: float) -> None:
        """Time passed."""
        self.seconds_left = seconds_left

    def stop_requested(self) -> bool:
        """Whether the user wants an end."""
        return self._stop

    def warn(self, sentence: str) -> None:
        """Something went wrong that does not end the run: said even to those who want no progress."""
        sys.stderr.write(f"warning: {sentence}\n")

    def best(self) -> Trial | None:
        """The best trial so far."""
        finished = [trial for trial in self.trials if trial.status == "finished"]
        return next(iter(ranked(finished, self.metric)), None)

    def _request_stop(self) -> None:
        self._stop = True


class Lines(Progress):
    """Writes a line for each decision and each trial."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self._write = write

    @contextmanager
    def of_run(self, prepared: "Prepared", seconds: float | None) -> Iterator[None]:
        """Say first what was decided."""
        for line in prepared.explanations:
            self._write(line)
        with super().of_run(prepared, seconds):
            yield

    def ended(self, trial: Trial) -> None:
        """Write the trial's line."""
        super().ended(trial)
        told = (
            f"{self.metric} {trial.score(self.metric):.4f}" if trial.error is None else f"{trial.status}: {trial.error}"
        )
        is_best = "  best so far" if trial is self.best() else ""
        self._write(f"Trial {trial.number:>3}  {trial.name:<26} {trial.seconds:7.1f} s  {told}{is_best}")


class Table(Progress):
    """Keeps a table on the terminal up to date."""

    _ROWS = 15
    _PER_SECOND = 4

    def __init__(self) -> None:
        super().__init__()
        self._live: Any = None

    @contextmanager
    def of_run(self, prepared: "Prepared", seconds: float | None) -> Iterator[None]:
        """Show the table until the run ends."""
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True)
        for line in prepared.explanations:
            console.print(line, markup=False)
        with (
            super().of_run(prepared, seconds),
            Live(console=console, refresh_per_second=self._PER_SECOND) as self._live,
        ):
            yield

    def ended(self, trial: Trial) -> None:
        """Show the trial."""
        super().ended(trial)
        self._show()

    def tick(self, seconds_left: float) -> None:
        """Show the time."""
        super().tick(seconds_left)
        self._show()

    def _show(self) -> None:
        self._live.update(self._table())

    def _table(self) -> Any:  # noqa: ANN401 - a table of rich, which is imported late
        from rich.table import Table as RichTable
        from rich.text import Text

        left = "" if self.seconds_left == float("inf") else f", {max(0.0, self.seconds_left):.0f} s left"
        table = RichTable(title=f"{len(self.trials)} trials{left}", box=None, title_justify="left", pad_edge=False)
        for name in ("TRIAL", "CANDIDATE", self.metric.upper(), "SECONDS", ""):
            table.add_column(name, justify="right" if name in {"TRIAL", "SECONDS"} else "left")
        best = self.best()
        for trial in ranked(self.trials, self.metric)[: self._ROWS]:
            score = "" if trial.error else f"{trial.score(self.metric):.4f}"
            word = "best so far" if trial is best else (f"{trial.status}: {trial.error}" if trial.error else "")
            cells = (str(trial.number), trial.name, score, f"{trial.seconds:.1f}", word)
            table.add_row(*(Text(cell, overflow="ellipsis", no_wrap=True) for cell in cells))
        for number, candidate in self.running.items():
            table.add_row(str(number), Text(candidate.name), "", "", "running")
        return table


@contextmanager
def _interrupts(request_stop: Callable[[], None]) -> Iterator[None]:
    """Within: the first Ctrl-C calls `request_stop`, the next one interrupts as usual."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def on_interrupt(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        sys.stderr.write("\nEnding with what there is; Ctrl-C once more ends at once.\n")
        request_stop()

    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

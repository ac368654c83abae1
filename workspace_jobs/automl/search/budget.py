"""Time: how much is left, and how much of it must be kept for what comes after the search."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from workspace_jobs.automl.trial import Trial

# Choosing the ensemble, saving the model, ending processes: measured on small tables, with room to spare.
_FINISH_SECONDS = 0.7
# On a machine that does other things everything takes longer; so much is believed.
_SLOWEST = 10.0
# Never more than this share of all time is kept back: a search with no trial is worth nothing.
_MOST_KEPT, _KEPT_FOR_NOTHING = 0.5, 0.15
# What a report without explanations takes, and for each row that was judged; in runs of some minutes it gets more,
# and explains.
_REPORT_SECONDS, _REPORT_SECONDS_A_ROW = 1.5, 30e-6
# Of millions of rows, a report that can't be in time is written afterwards: the search needs the time.
_MOST_FOR_ROWS = 0.2
_MOST_FOR_REPORT, _REPORT_SHARE = 15.0, 0.04
# A report that has less than this of the time kept for it would be late: a search that found nothing for long took it.
_REPORT_AT_LEAST = 0.5
# Figures and notebooks of the best trials, for their runs in MLflow.
_MOST_FOR_ARTIFACTS, _ARTIFACTS_SHARE = 8.0, 0.05
# A refit sees all rows, and the machine may be busier than it was.
_REFIT_MARGIN = 1.4
_LIKELY_MEMBERS = 6


@dataclass(frozen=True)
class Budget:
    """`seconds` for everything, None for no limit, counted from `began` (monotonic clock).

    `report_seconds` are kept for what the caller does with the result, `slowness` is how many times longer than on an
    idle machine everything takes.
    """

    seconds: float | None
    began: float = field(default_factory=time.monotonic)
    report_seconds: float = 0.0
    slowness: float = 1.0
    cpu_began: float = field(default_factory=time.process_time)

    def calibrated(self) -> "Budget":
        """The same, knowing how busy the machine is: how much longer than its work this process has taken so far."""
        worked = time.process_time() - self.cpu_began
        return replace(self, slowness=min(_SLOWEST, max(1.0, self.elapsed() / worked)) if worked > 0 else 1.0)

    def has_time_for_report(self) -> bool:
        """Whether enough is left for a report to be written without being late."""
        return self.left() >= _REPORT_AT_LEAST * self.report_seconds

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds until everything must be done; infinite without a limit."""
        return float("inf") if self.seconds is None else self.seconds - self.elapsed()

    @property
    def _finish_seconds(self) -> float:
        return _FINISH_SECONDS * self.slowness

    def left_for_fitting(self) -> float:
        """Seconds until the last pipeline of the model must be fitted."""
        return self.left() - self.report_seconds - self._finish_seconds / 2

    def left_for_trials(self, finished: Sequence[Trial], metric: str, folds: int, workers: int) -> float:
        """Seconds until the search must end, so that ensemble, refits and report fit in."""
        if self.seconds is None:
            return float("inf")
        best = sorted(finished, key=lambda trial: trial.score(metric), reverse=True)[:_LIKELY_MEMBERS]
        refits = seconds_of_refits(best, folds, workers)
        kept = min(self.report_seconds + self._finish_seconds + refits, _MOST_KEPT * self.seconds)
        if not finished:  # and so nothing to report on
            kept = min(kept, _KEPT_FOR_NOTHING * self.seconds)
        return self.left() - kept


def seconds_of_report(seconds: float | None, judged_rows: int, *, is_logged: bool) -> float:
    """How much of a run of so many seconds is kept for its report, and for what MLflow gets of it."""
    if seconds is None:
        return 0.0
    of_rows = min(judged_rows * _REPORT_SECONDS_A_ROW, _MOST_FOR_ROWS * seconds)
    written = max(_REPORT_SECONDS + of_rows, min(_MOST_FOR_REPORT, _REPORT_SHARE * seconds))
    return written + (min(_MOST_FOR_ARTIFACTS, _ARTIFACTS_SHARE * seconds) if is_logged else 0.0)


def seconds_of_refits(trials: Sequence[Trial], folds: int, workers: int) -> float:
    """How long fitting the candidates of `trials` to all rows will take, `workers` at a time."""
    each = [trial.fit_seconds / folds * _REFIT_MARGIN for trial in trials]
    return max([sum(each) / workers, *each], default=0.0)

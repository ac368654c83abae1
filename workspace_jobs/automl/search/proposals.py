"""What is tried next: the portfolio in its order, then what the sampler thinks of the results so far."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.search.sampler import Sampler
from workspace_jobs.automl.search.space import Space
from workspace_jobs.automl.trial import Trial

# A proposal knows of every trial but the last few, whether they have ended or not: so the same seed proposes the same
# candidates, whatever runs at the same time and however long it takes.
_LAG = 4
_Unready = Literal["wait", "exhausted"]


class Proposals:
    """Candidates by the number of the trial. Not told of a result in time, it says `wait`.

    Parameters:
        fixed: tried first, in this order.
        spaces: where to search afterwards; empty for no search.
        metric: what the results are compared by.
    """

    def __init__(
        self, fixed: Sequence[Candidate], spaces: Sequence[Space], metric: str, *, seed: int, workers: int
    ) -> None:
        self._fixed = list(fixed)
        self._spaces = list(spaces)
        self._metric = metric
        self._seed = seed
        self._lag = max(_LAG, workers)
        self._results: dict[int, Trial] = {}
        self._sampler: Sampler | None = None
        self._told = 0
        self._tried = [_unnamed(candidate) for candidate in fixed]

    def propose(self, number: int) -> Candidate | _Unready:
        """The candidate of trial `number`; trials are numbered from 0 without gaps."""
        if number < len(self._fixed):
            return self._fixed[number]
        if not self._spaces:
            return "exhausted"
        if any(earlier not in self._results for earlier in range(number - self._lag + 1)):
            return "wait"
        return self._sampled(number)

    def tell(self, trial: Trial) -> None:
        """Take notice of a trial that ended."""
        self._results[trial.number] = trial
        if _unnamed(trial.candidate) not in self._tried:  # of an earlier run
            self._tried.append(_unnamed(trial.candidate))

    def known_to(self, number: int) -> list[Trial]:
        """The trials that trial `number` is compared with; none for a candidate that was given: it is judged whole."""
        if number < len(self._fixed):
            return []
        return [self._results[earlier] for earlier in range(number - self._lag + 1)]

    def _sampled(self, number: int) -> Candidate:
        if self._sampler is None:
            self._sampler = Sampler(self._spaces, self._metric, self._seed)
        for earlier in range(self._told, max(0, number - self._lag + 1)):
            self._sampler.tell(self._results[earlier])
            self._told = earlier + 1
        candidate = self._sampler.ask(number, lambda found: _unnamed(found) not in self._tried)
        self._tried.append(_unnamed(candidate))
        return candidate


def _unnamed(candidate: Candidate) -> Candidate:
    """What tells candidates apart, whatever they are called."""
    return replace(candidate, name="")

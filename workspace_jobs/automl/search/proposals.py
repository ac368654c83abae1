"""What is tried next: the portfolio in its order, then what Optuna's TPE thinks of the results so far."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.search.space import Space
from workspace_jobs.automl.trial import Trial

if TYPE_CHECKING:
    import optuna

# A proposal knows of every trial but the last few, whether they have ended or not: so the same seed proposes the same
# candidates, whatever runs at the same time and however long it takes.
_LAG = 4
# So often the sampler is asked for something new before the same is tried again: a small space may have nothing else.
_ATTEMPTS = 12
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
        self._spaces = {space.name: space for space in spaces}
        self._metric = metric
        self._seed = seed
        self._lag = max(_LAG, workers)
        self._results: dict[int, Trial] = {}
        self._asked: dict[int, optuna.trial.Trial] = {}
        self._study: optuna.Study | None = None
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
        if trial.number >= len(self._fixed) and trial.number not in self._asked:  # of an earlier run
            self._tried.append(_unnamed(trial.candidate))

    def known_to(self, number: int) -> list[Trial]:
        """The trials that trial `number` is compared with; none for a candidate that was given: it is judged whole."""
        if number < len(self._fixed):
            return []
        return [self._results[earlier] for earlier in range(number - self._lag + 1)]

    def _sampled(self, number: int) -> Candidate:
        import optuna

        if self._study is None:
            optuna.logging.set_verbosity(optuna.logging.WARNING)
            self._study = optuna.create_study(direction="maximize", sampler=_sampler(self._seed))
        for earlier in range(self._told, max(0, number - self._lag + 1)):
            self._tell_study(self._study, earlier)
            self._told = earlier + 1
        return self._new(self._study, number)

    def _new(self, study: "optuna.Study", number: int) -> Candidate:
        """A candidate that was not tried before, where the sampler has one."""
        import optuna

        for attempt in range(1, _ATTEMPTS + 1):
            asked = study.ask()
            space = self._spaces[asked.suggest_categorical("space", list(self._spaces))]
            candidate = space.candidate(asked, number)
            if _unnamed(candidate) not in self._tried or attempt == _ATTEMPTS:
                break
            study.tell(asked, state=optuna.trial.TrialState.FAIL)
        self._asked[number] = asked
        self._tried.append(_unnamed(candidate))
        return candidate

    def _tell_study(self, study: "optuna.Study", number: int) -> None:
        import optuna

        trial, states = self._results[number], optuna.trial.TrialState
        score = trial.score(self._metric)
        if score != score:  # noqa: PLR0124 - NaN
            state, partial = states.FAIL, {}
        elif trial.status == "pruned":
            state, partial = states.PRUNED, {len(trial.scores[self._metric]): score}
        else:
            state, partial = states.COMPLETE, {}
        asked = self._asked.get(number)
        if asked is None:
            self._add_known(study, trial, state, score, partial)
            return
        for folds, value in partial.items():
            asked.report(value, folds)
        study.tell(asked, score if state == states.COMPLETE else None, state=state)

    def _add_known(
        self,
        study: "optuna.Study",
        trial: Trial,
        state: "optuna.trial.TrialState",
        score: float,
        partial: Mapping[int, float],
    ) -> None:
        """Tell of a trial that the study did not ask for: a given candidate, or one of an earlier run."""
        import optuna

        known = self._in_a_space(trial.candidate) if state != optuna.trial.TrialState.FAIL else None
        if known is None:
            return
        params, distributions = known
        # Outside the ranges, it has nothing to say about them.
        with contextlib.suppress(ValueError):
            study.add_trial(
                optuna.trial.create_trial(
                    params=params,
                    distributions=distributions,
                    value=score,
                    state=state,
                    intermediate_values=dict(partial),
                )
            )

    def _in_a_space(self, candidate: Candidate) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """A fixed candidate as a point of the space it lies in, so that the sampler starts from what is known."""
        import optuna

        for space in self._spaces.values():
            point = space.point(candidate)
            if point is not None:
                params, distributions = point
                choice = optuna.distributions.CategoricalDistribution(list(self._spaces))
                return {"space": space.name, **params}, {"space": choice, **distributions}
        return None


def _unnamed(candidate: Candidate) -> Candidate:
    return replace(candidate, name="")


def _sampler(seed: int) -> "optuna.samplers.BaseSampler":
    import warnings

    import optuna

    with warnings.catch_warnings():
        # That grouping is experimental; it is what makes a choice of families possible.
        warnings.simplefilter("ignore")
        return optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True, n_startup_trials=8)

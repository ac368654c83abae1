"""What Optuna's TPE thinks of the results so far: which family to try, and with which settings.

The family is chosen by all results, its settings by the family's own. TPE's `group` means the same, but samples the
settings of every family each time to use one of them, which took as long as a quick trial.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.search.space import Space
from workspace_jobs.automl.trial import Trial

if TYPE_CHECKING:
    import optuna

# So often the sampler is asked for something new before the same is tried again: a small space may have nothing else.
_ATTEMPTS = 12
_STARTUP_TRIALS = 8
_FAMILY = "family"


class Sampler:
    """Proposes candidates of `spaces`, and is told how they did by `metric`."""

    def __init__(self, spaces: Sequence[Space], metric: str, seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._metric = metric
        self._spaces = {space.name: space for space in spaces}
        self.families = _study(seed)
        self.settings = {name: _study(seed) for name in self._spaces}
        self._asked: dict[int, tuple[str, optuna.trial.Trial, optuna.trial.Trial]] = {}

    def ask(self, number: int, is_new: Callable[[Candidate], bool]) -> Candidate:
        """The candidate of trial `number`: one that `is_new`, where there is any."""
        import optuna

        failed = optuna.trial.TrialState.FAIL
        for attempt in range(1, _ATTEMPTS + 1):
            family = self.families.ask()
            name = family.suggest_categorical(_FAMILY, list(self._spaces))
            settings = self.settings[name].ask()
            candidate = self._spaces[name].candidate(settings, number)
            if is_new(candidate) or attempt == _ATTEMPTS:
                break
            self.families.tell(family, state=failed)
            self.settings[name].tell(settings, state=failed)
        self._asked[number] = (name, family, settings)
        return candidate

    def tell(self, trial: Trial) -> None:
        """Take notice of a trial that ended, also of one that was not asked for."""
        import optuna

        states, score = optuna.trial.TrialState, trial.score(self._metric)
        if score != score:  # noqa: PLR0124 - NaN
            state, partial = states.FAIL, {}
        elif trial.status == "pruned":
            state, partial = states.PRUNED, {len(trial.scores[self._metric]): score}
        else:
            state, partial = states.COMPLETE, {}
        if trial.number not in self._asked:
            self._add(trial, state, score, partial)
            return
        name, family, settings = self._asked[trial.number]
        for study, asked in ((self.families, family), (self.settings[name], settings)):
            for folds, value in partial.items():
                asked.report(value, folds)
            study.tell(asked, score if state == states.COMPLETE else None, state=state)

    def _add(self, trial: Trial, state: "optuna.trial.TrialState", score: float, partial: Mapping[int, float]) -> None:
        """A given candidate, or one of an earlier run, as a point of the space that it lies in, where there is one."""
        import optuna

        if state == optuna.trial.TrialState.FAIL:
            return
        told: dict[str, Any] = {"value": score, "state": state, "intermediate_values": dict(partial)}
        for name, space in self._spaces.items():
            point = space.point(trial.candidate)
            if point is None:
                continue
            try:
                settings = optuna.trial.create_trial(params=point[0], distributions=point[1], **told)
            except ValueError:  # outside the ranges, which the next space of the family may have
                continue
            families = optuna.distributions.CategoricalDistribution(list(self._spaces))
            family = optuna.trial.create_trial(params={_FAMILY: name}, distributions={_FAMILY: families}, **told)
            self.settings[name].add_trial(settings)
            self.families.add_trial(family)
            return


def _study(seed: int) -> "optuna.Study":
    import warnings

    import optuna

    with warnings.catch_warnings():
        # That looking at settings together is experimental; an SVM's depend on each other.
        warnings.simplefilter("ignore")
        sampler: Any = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=_STARTUP_TRIALS)
    return optuna.create_study(direction="maximize", sampler=sampler)

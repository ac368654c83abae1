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

# So often a family's sampler is asked for something new before the family is left out.
_ATTEMPTS = 12
_STARTUP_TRIALS = 8
_FAMILY = "family"


class Sampler:
    """Proposes candidates of `spaces`, and is told how they did by `metric`.

    A family of which nothing new is proposed any more, as of one with few settings, is left out from then on.
    """

    def __init__(self, spaces: Sequence[Space], metric: str, seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._metric = metric
        self._seed = seed
        self._spaces = {space.name: space for space in spaces}
        self._left = list(self._spaces)
        self.families = _study(seed)
        self.settings = {name: _study(seed) for name in self._spaces}
        self._asked: dict[int, tuple[str, optuna.trial.Trial]] = {}

    def ask(self, number: int, is_new: Callable[[Candidate], bool]) -> Candidate:
        """The candidate of trial `number`: one that `is_new`, where there is any."""
        while True:
            name = self._family()
            candidate = self._of_family(name, number, is_new)
            if candidate is not None:
                return candidate
            self._leave_out(name)

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
        told = {"value": score, "state": state, "intermediate_values": partial}
        name = self._tell_asked(trial, told) if trial.number in self._asked else self._add(trial, told)
        if name in self._left and state != states.FAIL:
            self.families.add_trial(self._choice(name, told))

    def _family(self) -> str:
        import optuna

        asked = self.families.ask()
        name = asked.suggest_categorical(_FAMILY, self._left)
        # What becomes of it is added once it is known: by then there may be fewer families to choose from.
        self.families.tell(asked, state=optuna.trial.TrialState.FAIL)
        return str(name)

    def _of_family(self, name: str, number: int, is_new: Callable[[Candidate], bool]) -> Candidate | None:
        """A candidate of a family: one that `is_new`, or any of the last family that is left; else None."""
        import optuna

        for attempt in range(1, _ATTEMPTS + 1):
            settings = self.settings[name].ask()
            candidate = self._spaces[name].candidate(settings, number)
            if is_new(candidate) or (attempt == _ATTEMPTS and self._left == [name]):
                self._asked[number] = (name, settings)
                return candidate
            self.settings[name].tell(settings, state=optuna.trial.TrialState.FAIL)
        return None

    def _leave_out(self, name: str) -> None:
        """Choose among the other families only, by what is known of them; a study's choices can't change."""
        import optuna

        known = self.families.get_trials(states=(optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.PRUNED))
        self._left.remove(name)
        self.families = _study(self._seed)
        for trial in known:
            if trial.params[_FAMILY] in self._left:
                told = {"value": trial.value, "state": trial.state, "intermediate_values": trial.intermediate_values}
                self.families.add_trial(self._choice(trial.params[_FAMILY], told))

    def _tell_asked(self, trial: Trial, told: Mapping[str, Any]) -> str:
        """The family of a trial that was asked for, whose settings get to know how it did."""
        import optuna

        name, settings = self._asked[trial.number]
        for folds, value in told["intermediate_values"].items():
            settings.report(value, folds)
        is_whole = told["state"] == optuna.trial.TrialState.COMPLETE
        self.settings[name].tell(settings, told["value"] if is_whole else None, state=told["state"])
        return name

    def _add(self, trial: Trial, told: Mapping[str, Any]) -> str | None:
        """A given candidate, or one of an earlier run, as a point of the space that it lies in; None for none."""
        import optuna

        if told["state"] == optuna.trial.TrialState.FAIL:
            return None
        for name, space in self._spaces.items():
            point = space.point(trial.candidate)
            if point is None:
                continue
            try:
                found = optuna.trial.create_trial(params=point[0], distributions=point[1], **told)
            except ValueError:  # outside the ranges, which the next space of the family may have
                continue
            self.settings[name].add_trial(found)
            return name
        return None

    def _choice(self, name: str, told: Mapping[str, Any]) -> "optuna.trial.FrozenTrial":
        import optuna

        families = optuna.distributions.CategoricalDistribution(self._left)
        return optuna.trial.create_trial(params={_FAMILY: name}, distributions={_FAMILY: families}, **told)


def _study(seed: int) -> "optuna.Study":
    import warnings

    import optuna

    with warnings.catch_warnings():
        # That looking at settings together is experimental; an SVM's depend on each other.
        warnings.simplefilter("ignore")
        sampler: Any = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=_STARTUP_TRIALS)
    return optuna.create_study(direction="maximize", sampler=sampler)

"""What Optuna's TPE thinks of the results so far: which family to try, and with which settings.

The family is chosen by all results, its settings by the family's own. TPE's `group` means the same, but samples the
settings of every family each time to use one of them, which took as long as a quick trial.

What was tried is not tried again: where TPE insists on it, chance decides on the family's settings, and a family that
has nothing new to offer is closed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.search.space import Space
from workspace_jobs.automl.trial import Trial

if TYPE_CHECKING:
    import optuna

# So often TPE is asked for something new in a family, and then chance.
_ATTEMPTS, _ATTEMPTS_BY_CHANCE = 3, 60
_STARTUP_TRIALS = 8
_FAMILY = "family"
_IsNew = Callable[[Candidate], bool]


class Sampler:
    """Proposes candidates of `spaces`, and is told how they did by `metric`."""

    def __init__(self, spaces: Sequence[Space], metric: str, seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._metric = metric
        self._seed = seed
        self._spaces = {space.name: space for space in spaces}
        self._open = list(self._spaces)
        self.families = _study(seed)
        self.settings = {name: _study(seed) for name in self._spaces}
        by_chance = optuna.samplers.RandomSampler(seed)
        self._by_chance = {name: optuna.create_study(sampler=by_chance) for name in self._spaces}
        self._asked: dict[int, tuple[str, optuna.trial.Trial | None]] = {}

    def ask(self, number: int, is_new: _IsNew) -> Candidate:
        """The candidate of trial `number`: one that `is_new`, where there is any."""
        while True:
            name = self._family()
            candidate, asked = self._settings(name, number, is_new)
            if is_new(candidate) or len(self._open) == 1:
                self._asked[number] = (name, asked)
                return candidate
            self._close(name)

    def tell(self, trial: Trial) -> None:
        """Take notice of a trial that ended, also of one that was not asked for."""
        import optuna

        told = _told(trial, self._metric)
        if trial.number not in self._asked:
            self._add(trial, told)
            return
        name, asked = self._asked[trial.number]
        if asked is None:
            self._add(trial, told)
            return
        for folds, value in told["intermediate_values"].items():
            asked.report(value, folds)
        is_whole = told["state"] == optuna.trial.TrialState.COMPLETE
        self.settings[name].tell(asked, told["value"] if is_whole else None, state=told["state"])
        self._tell_family(name, told)

    def _family(self) -> str:
        import optuna

        asked = self.families.ask()
        name: str = asked.suggest_categorical(_FAMILY, self._open)
        # What comes of it is told as a trial of its own, whoever thought of the settings.
        self.families.tell(asked, state=optuna.trial.TrialState.FAIL)
        return name

    def _settings(self, name: str, number: int, is_new: _IsNew) -> tuple[Candidate, "optuna.trial.Trial | None"]:
        """A candidate of a family, with TPE's trial where it is TPE's."""
        import optuna

        space = self._spaces[name]
        for _ in range(_ATTEMPTS):
            asked = self.settings[name].ask()
            candidate = space.candidate(asked, number)
            if is_new(candidate):
                return candidate, asked
            self.settings[name].tell(asked, state=optuna.trial.TrialState.FAIL)
        for _ in range(_ATTEMPTS_BY_CHANCE):
            candidate = space.candidate(self._by_chance[name].ask(), number)
            if is_new(candidate):
                break
        return candidate, None

    def _close(self, name: str) -> None:
        """Choose among the other families from now on, by what is known of them."""
        self._open.remove(name)
        known = self.families.trials
        self.families = _study(self._seed)
        for trial in known:
            told = {"value": trial.value, "state": trial.state, "intermediate_values": trial.intermediate_values}
            self._tell_family(trial.params[_FAMILY], told)

    def _tell_family(self, name: str, told: Mapping[str, Any]) -> None:
        import optuna

        if name not in self._open or told["state"] == optuna.trial.TrialState.FAIL:
            return
        choice = optuna.distributions.CategoricalDistribution(self._open)
        self.families.add_trial(
            optuna.trial.create_trial(params={_FAMILY: name}, distributions={_FAMILY: choice}, **told)
        )

    def _add(self, trial: Trial, told: Mapping[str, Any]) -> None:
        """A candidate that TPE did not think of, as a point of the space that it lies in, where there is one."""
        import optuna

        if told["state"] == optuna.trial.TrialState.FAIL:
            return
        for name, space in self._spaces.items():
            point = space.point(trial.candidate)
            if point is None:
                continue
            try:
                settings = optuna.trial.create_trial(params=point[0], distributions=point[1], **told)
            except ValueError:  # outside the ranges, which the next space of the family may have
                continue
            self.settings[name].add_trial(settings)
            self._tell_family(name, told)
            return


def _told(trial: Trial, metric: str) -> dict[str, Any]:
    """A result as Optuna has it: one that failed has no value, one that was pruned that of its folds."""
    import optuna

    states, score = optuna.trial.TrialState, trial.score(metric)
    if score != score:  # noqa: PLR0124 - NaN
        return {"value": None, "state": states.FAIL, "intermediate_values": {}}
    if trial.status == "pruned":
        return {"value": score, "state": states.PRUNED, "intermediate_values": {len(trial.scores[metric]): score}}
    return {"value": score, "state": states.COMPLETE, "intermediate_values": {}}


def _study(seed: int) -> "optuna.Study":
    import warnings

    import optuna

    with warnings.catch_warnings():
        # That looking at settings together is experimental; an SVM's depend on each other.
        warnings.simplefilter("ignore")
        sampler: Any = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=_STARTUP_TRIALS)
    return optuna.create_study(direction="maximize", sampler=sampler)

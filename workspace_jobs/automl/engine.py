"""One run from its beginning: search, choose the ensemble, fit it to all rows, save: all within the time."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from workspace_jobs.automl import metrics
from workspace_jobs.automl.candidates.definitions import Algorithms
from workspace_jobs.automl.data.dataset import truth_of
from workspace_jobs.automl.decisions.decision import Decided, Decision, decide
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.forecasting.intervals import BackTest, with_intervals
from workspace_jobs.automl.model import assemble, save
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.predicting import order_of, predict
from workspace_jobs.automl.preparation import Prepared
from workspace_jobs.automl.refit import refit
from workspace_jobs.automl.resources import Share
from workspace_jobs.automl.run_folder import Definition, Member, Outcome, RunFolder
from workspace_jobs.automl.search.budget import Budget, seconds_of_refits
from workspace_jobs.automl.search.ensemble import Judge, Predictions, combined, select, shortlist
from workspace_jobs.automl.search.proposals import Proposals
from workspace_jobs.automl.search.search import Limits, Listener, Search
from workspace_jobs.automl.search.space import spaces
from workspace_jobs.automl.tracking import RunLog, Tracking
from workspace_jobs.automl.trial import Trial, ranked

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from workspace_jobs.automl.executors.pool import Pool


@dataclass(frozen=True)
class Result:
    """A run that ended with a model, which is fitted to all rows and in the folder, too."""

    folder: RunFolder
    definition: Definition
    trials: tuple[Trial, ...]
    outcome: Outcome
    model: "BaseEstimator"
    run_id: str | None = None
    child_run_ids: Mapping[int, str] = field(default_factory=dict)

    @property
    def best_child_run_id(self) -> str:
        """The child run of the most important member; empty where there is none."""
        return self.child_run_ids.get(self.outcome.members[0].number, "")

    def ranked(self) -> list[Trial]:
        """The trials, the best first; those without a score last."""
        return ranked(self.trials, self.definition.metric)


class Engine:
    """Runs what is prepared. `budget` began when the user called."""

    def __init__(self, prepared: Prepared, options: Options, folder: RunFolder, budget: Budget, share: Share) -> None:
        self._prepared = prepared
        self._options = options
        self._folder = folder
        self._budget = budget
        self._share = share

    def run(self, data: str, pool: "Pool", listener: Listener, tracking: Tracking | None) -> Result:
        """Run it. Raises NoModelError when no trial succeeds."""
        definition = self._prepared.definition(self._options, data)
        if self._options.resume and not self._folder.exists():
            listener.warn(f"--resume: {self._folder.path} holds no run yet, so this one begins there.")
        earlier = self._begin(definition)
        self._budget = self._budget.calibrated()
        # While trials run elsewhere, so that saving the model does not wait for it.
        threading.Thread(target=import_module, args=("mlflow.sklearn",), daemon=True).start()
        log = None if tracking is None else RunLog(tracking, definition, earlier, self._options.engine)
        try:
            result = self._search(definition, earlier, pool, _Keeper(self._folder, listener, log))
        except BaseException:
            if log is not None:
                log.abandon()
            raise
        if log is None:
            return result
        log.finish(self._folder, result.outcome, self._budget.left_for_fitting())
        if log.error is not None:
            listener.warn(f"MLflow has not got all of this run ({log.error}); it is whole in {self._folder.path}.")
        return replace(result, run_id=log.run_id, child_run_ids=log.children)

    def _search(self, definition: Definition, earlier: list[Trial], pool: "Pool", keeper: "_Keeper") -> Result:
        pool.load(self._prepared.material(self._folder, self._options.seed), self._folder.path / "material.pkl")
        search = Search(self._proposals(), pool, self._limits(), keeper, earlier)
        reason = search.run()
        members = self._members(search.trials)
        fitted = refit(pool, members, search.trials, self._share, self._budget.left_for_fitting, self._folder.path)
        (self._folder.path / "material.pkl").unlink()
        return self._finish(definition, search.trials, fitted, reason)

    def _begin(self, definition: Definition) -> list[Trial]:
        """Make the folder, or find in it the trials of the run to go on with."""
        if not self._folder.exists():
            try:
                self._folder.create(definition, self._prepared.splits, self._prepared.dataset.frame)
            except OSError as error:
                raise AutoMLError(f"--out {self._folder.path} can't be written: {error.strerror}") from error
            return []
        if not self._options.resume:
            raise AutoMLError(
                f"--out {self._folder.path} holds a run: write --resume to go on with it, or another folder"
            )
        _check_same(self._folder.definition(), definition)
        trials = self._folder.trials()
        gap = next((number for number, trial in enumerate(trials) if trial.number != number), len(trials))
        # The end of the search ended the last ones, and not they themselves.
        while gap and trials[gap - 1].status == "timeout":
            gap -= 1
        # What is tried again would be on the leaderboard without being of this run.
        self._folder.keep_trials(trials[:gap])
        return trials[:gap]

    def _proposals(self) -> Proposals:
        prepared, options = self._prepared, self._options
        searched = options.search and options.candidates is None
        schema, rows = prepared.dataset.schema, len(prepared.dataset.frame)
        has_categories = bool(schema.categorical)
        found = spaces(prepared.dataset.problem, rows, has_categories=has_categories) if searched else []
        algorithms = Algorithms(frozenset(options.allow), frozenset(options.block))
        wanted = [space for space in found if algorithms.admits(space.algorithm)]
        return Proposals(prepared.candidates, wanted, prepared.metric, seed=options.seed, workers=self._share.workers)

    def _limits(self) -> Limits:
        return Limits(
            metric=self._prepared.metric,
            folds=len(self._prepared.splits),
            budget=self._budget,
            workers=self._share.workers,
            threads=self._share.threads,
            max_trials=self._options.max_trials,
            trial_seconds=self._options.trial_timeout,
            exit_score=self._options.exit_score,
            memory_bytes=self._share.memory_bytes,
        )

    def _members(self, trials: Sequence[Trial]) -> tuple[Member, ...]:
        """The ensemble that can still be fitted in time."""
        metric, folds = self._prepared.metric, len(self._prepared.splits)
        finished = [trial for trial in trials if trial.status == "finished" and not np.isnan(trial.score(metric))]
        if not finished:
            raise AutoMLError(f"metric {metric} has no value on any fold: name another one, or other --validation")
        best = shortlist(ranked(finished, metric))
        by_number = {trial.number: trial for trial in best}
        predictions = {number: self._folder.predictions(number) for number in by_number}
        judged = ~np.isnan(next(iter(predictions.values())).reshape(len(self._prepared.dataset.frame), -1)[:, 0])
        scale = self._prepared.scale_of_rows()
        judge = Judge.of(
            metric,
            self._prepared.dataset.problem,
            self._prepared.dataset.truth[judged],
            None if scale is None else scale[judged],
        )
        left = self._budget.left_for_fitting()

        def is_affordable(numbers: Sequence[int]) -> bool:
            wanted = [by_number[number] for number in numbers]
            return self._options.ensemble and seconds_of_refits(wanted, folds, self._share.workers) <= left

        rows: dict[int, Predictions] = {number: predicted[judged] for number, predicted in predictions.items()}
        return select(rows, judge, is_affordable=is_affordable, is_over=lambda: self._budget.left_for_fitting() <= 0)

    def _finish(
        self, definition: Definition, trials: Sequence[Trial], fitted: Sequence[tuple[Member, Any]], reason: str
    ) -> Result:
        dataset = self._prepared.dataset
        members = tuple(member for member, _ in fitted)
        names = {trial.number: trial.name for trial in trials}
        pipelines = [(names[member.number], pipeline) for member, pipeline in fitted]
        together = combined(members, {member.number: self._folder.predictions(member.number) for member in members})
        decided = self._decided(pipelines[0][1], together)
        weights = [member.weight for member in members]
        model = assemble(pipelines, weights, dataset.classes, always_vote=decided is not None)
        if decided is not None:
            model = decided.wrap(model, dataset.features)
        model, coverage = self._with_intervals(model, together)
        parts = [pipeline for _, pipeline in pipelines]
        save(model, parts, dataset.features, self._folder.model, self._options.engine)
        shown, decision = self._prepared.metrics, None if decided is None else decided.decision
        judged = [judge for _, judge in self._prepared.splits]
        scales = self._prepared.scales or [None] * len(judged)
        scores = metrics.fold_scores(shown, dataset.problem, dataset.truth, together, judged, scales)
        tested = self._test_scores(model, shown, decision)
        outcome = Outcome(members, scores, reason, self._budget.elapsed(), tested, decision, coverage)
        self._folder.write_outcome(outcome)
        return Result(self._folder, definition, tuple(trials), outcome, model)

    def _decided(self, fitted: "BaseEstimator", predictions: Predictions) -> Decided | None:
        """How the model is to answer, by predictions for rows that its pipelines had not seen; None for no wish.

        `fitted` is one of the pipelines.
        """
        if not self._prepared.wish:
            return None
        judged = ~np.isnan(predictions[:, 0])
        dataset = self._prepared.dataset
        order = order_of(fitted, dataset.classes)
        wish, seed = self._prepared.wish, self._options.seed
        return decide(wish, dataset.truth[judged], predictions[judged], order, seed=seed)

    def _with_intervals(self, model: "BaseEstimator", predictions: Predictions) -> tuple["BaseEstimator", float | None]:
        """A forecast with intervals, and how often they hold; any other model as it is."""
        dataset, steps = self._prepared.dataset, self._prepared.steps
        timeline = dataset.schema.timeline
        if timeline is None or steps is None:
            return model, None
        found = BackTest.of(steps, dataset.truth, predictions, self._prepared.splits, timeline.season_length)
        return with_intervals(model, found, dataset.frame, dataset.truth, timeline), found.coverage()

    def _test_scores(self, model: "BaseEstimator", shown: Sequence[str], decision: Decision | None) -> dict[str, float]:
        test, dataset = self._prepared.test, self._prepared.dataset
        if test is None:
            return {}
        truth = truth_of(test[self._options.target], dataset.classes)
        known = truth != -1 if dataset.classes else np.ones(len(test), dtype=bool)
        predicted = predict(model, test.loc[known, list(dataset.schema.features)], dataset.classes)
        answered = predicted if decision is None else np.eye(len(dataset.classes))[decision.answers(predicted)]
        return {
            name: metrics.score_function(name, dataset.problem)(
                truth[known], answered if metrics.is_of_answers(name) else predicted
            )
            for name in shown
            if name != metrics.SCALED_ERROR
        }


def _check_same(earlier: Definition, now: Definition) -> None:
    for name in ("digest", "target", "problem", "metric", "seed", "validation", "group", "time", "weight"):
        if getattr(earlier, name) != getattr(now, name):
            told = "the data has changed" if name == "digest" else f"its {name} was {getattr(earlier, name)}"
            raise AutoMLError(f"--resume: the run in this folder is another one: {told}")
    if earlier.classes != now.classes:  # which the columns of its predictions are
        told = f"its positive class was {earlier.classes[-1]}, and is {now.classes[-1]} now"
        raise AutoMLError(f"--resume: the run in this folder is another one: {told}")
    for name, was in earlier.options.items():
        if was != now.options.get(name):
            told = f"its --{name.replace('_', '-')} was {was}"
            raise AutoMLError(f"--resume: the run in this folder is another one: {told}")


class _Keeper:
    """Writes each trial down before anyone hears of it."""

    def __init__(self, folder: RunFolder, listener: Listener, log: RunLog | None) -> None:
        self._folder = folder
        self._log = log
        self._listener = listener
        self.started = listener.started
        self.tick = listener.tick
        self.stop_requested = listener.stop_requested
        self.warn = listener.warn

    def ended(self, trial: Trial) -> None:
        """A trial ended."""
        self._folder.add_trial(trial)
        self._listener.ended(trial)
        if self._log is not None:
            self._log.add(trial)

"""From a call to a run that can begin: data read, problem, metric, validation and candidates decided, and told."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workspace_jobs.automl import metrics
from workspace_jobs.automl.candidates import definitions as candidates
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.data import tables
from workspace_jobs.automl.data.dataset import Dataset, Roles, prepare
from workspace_jobs.automl.data.groups import check_groups
from workspace_jobs.automl.data.judging import check_judging
from workspace_jobs.automl.data.sampling import Sample
from workspace_jobs.automl.decisions.wish import Wish, check_rows
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.forecasting import backtesting
from workspace_jobs.automl.forecasting.timeline import steps_of
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.problem_kinds import AskedProblem
from workspace_jobs.automl.resources import most_cells
from workspace_jobs.automl.run_folder import Definition, RunFolder, Split
from workspace_jobs.automl.search.material import Material
from workspace_jobs.automl.validation import Asked, Plan, Rows, plan

_BINARY = 2


@dataclass(frozen=True)
class Prepared:
    """A run that is decided and has not begun. `explanations` are its decisions in words.

    `source_rows` is how many rows the data have, of which `dataset` may be a sample.
    """

    dataset: Dataset
    source_rows: int
    metric: str
    metrics: tuple[str, ...]
    splits: tuple[Split, ...]
    validation: str
    candidates: tuple[Candidate, ...]
    explanations: tuple[str, ...]
    test: pd.DataFrame | None
    wish: Wish = field(default_factory=Wish)

    def definition(self, options: Options, data: str) -> Definition:
        """What is written down of it."""
        return Definition(
            data=data,
            target=options.target,
            problem=self.dataset.problem,
            metric=self.metric,
            schema=self.dataset.schema,
            classes=self.dataset.classes,
            rows=len(self.dataset.frame),
            source_rows=self.source_rows,
            seed=options.seed,
            digest=self.dataset.digest(),
            validation=self.validation,
            group=options.groups,
            time=options.time_column,
            weight=options.weight_column,
            fairness=options.fairness_column,
            explanations=self.explanations,
            options=options.to_json(),
            seconds=options.seconds,
        )

    def material(self, folder: RunFolder, seed: int) -> Material:
        """What its trials work on."""
        return Material(
            features=self.dataset.features,
            target=self.dataset.target,
            truth=self.dataset.truth,
            weights=self.dataset.weights,
            splits=self.splits,
            schema=self.dataset.schema,
            problem=self.dataset.problem,
            classes=self.dataset.classes,
            metrics=self.metrics,
            seed=seed,
            predictions=folder.predictions_folder.resolve(),
            scales=self.scales,
        )

    @property
    def judged_rows(self) -> int:
        """How many rows are judged, by one split or several."""
        return len(np.unique(np.concatenate([judge for _, judge in self.splits])))

    def scale_of_rows(self) -> NDArray[np.float64] | None:
        """Of a forecast, what the error of each row is divided by, NaN for one that no split judges; else None."""
        return backtesting.of_rows(self.scales, self.splits, len(self.dataset.frame))

    @cached_property
    def steps(self) -> NDArray[np.float64] | None:
        """Of a forecast, the series and the step of each row, shape (rows, 2); else None."""
        timeline = self.dataset.schema.timeline
        return None if timeline is None else steps_of(timeline).fit_transform(self.dataset.frame)

    @cached_property
    def scales(self) -> tuple[NDArray[np.float64], ...]:
        """Of a forecast, for each split, what the error of each judged row is divided by; else none."""
        timeline = self.dataset.schema.timeline
        if timeline is None or self.steps is None:
            return ()
        return backtesting.scales(self.steps, self.dataset.truth, self.splits, timeline.season_length)


def prepare_run(data: str | Path | pd.DataFrame, options: Options) -> Prepared:
    """Read and decide. Raises AutoMLError for data or options that can't be."""
    asked = Asked.parse(options.validation)
    _check_horizon(options)
    drawn = _read(data, options)
    frame = drawn.frame
    judging = _Judging(frame, options)
    held_out = None if asked.file is None else judging.rows(asked.file, str(asked.file))
    whole = frame if held_out is None else pd.concat([frame, held_out], ignore_index=True)
    dataset = prepare(whole, _roles(options), _problem(whole, options), max(drawn.source_rows, len(whole)))
    metric = metrics.choose(dataset.problem, dataset.target, options.metric, dataset.classes)
    validation = _plan(dataset, asked, options, len(held_out) if held_out is not None else 0)
    wish = Wish.of(options, dataset.classes, metric.name)
    if wish:
        check_rows(dataset.truth, validation.judged)
    chosen = _candidates(dataset, options)
    if options.fairness_column is not None:
        check_groups(dataset.frame[options.fairness_column])
    test = None if options.test is None else judging.rows(options.test, "--test")
    unknown = [] if test is None else check_judging(test, dataset, "--test")
    sampling = (*drawn.sentences(), *judging.sentences, *unknown)
    decided = (metric.explanation, validation.words, *wish.words(dataset.classes, metric.name))
    explanations = (*sampling, *dataset.notices, *decided, *chosen.notices)
    return Prepared(
        dataset,
        drawn.source_rows,
        metric.name,
        metrics.shown(dataset.problem, metric.name, options.metrics),
        validation.splits,
        validation.words,
        chosen.candidates,
        explanations,
        test,
        wish,
    )


def _read(data: str | Path | pd.DataFrame, options: Options) -> Sample:
    if options.problem == "forecast":  # of which no step may be left out
        whole = tables.read(data, options.config)
        return Sample(whole, len(whole))
    classes = None if options.problem == "regression" else options.target
    return tables.read_sample(data, most_cells(options.memory, options.seconds), options.seed, classes, options.config)


class _Judging:
    """Reads tables that are judged by, which must fit `frame`; `sentences` say of which only a part is."""

    def __init__(self, frame: pd.DataFrame, options: Options) -> None:
        self._frame = frame
        self._options = options
        self.sentences: list[str] = []

    def rows(self, data: str | Path | pd.DataFrame, what: str) -> pd.DataFrame:
        """The rows of `data` that can be judged."""
        drawn = _read(data, self._options)
        self.sentences += drawn.sentences(f"Judging by {what} with")
        return _matching(drawn.frame, self._frame, self._options, what)


def _check_horizon(options: Options) -> None:
    if options.horizon is not None and options.problem != "forecast":
        raise AutoMLError("--horizon is for --problem forecast: write it, or leave --horizon out")


def _problem(frame: pd.DataFrame, options: Options) -> AskedProblem:
    if options.problem != "auto" or not options.classes or options.target not in frame:
        return options.problem
    return "multiclass" if frame[options.target].nunique() > _BINARY else "binary"


def _roles(options: Options) -> Roles:
    return Roles(
        target=options.target,
        time=options.time_column,
        group=options.groups,
        weight=options.weight_column,
        fairness=options.fairness_column,
        include=options.include,
        exclude=options.exclude,
        missing_target=options.missing_target,
        positive=options.positive,
    )


def _matching(table: pd.DataFrame, frame: pd.DataFrame, options: Options, what: str) -> pd.DataFrame:
    """The rows of another table that can be judged. It must have every column of the first."""
    missing = [name for name in frame.columns if name not in table.columns and name not in options.exclude]
    if missing:
        raise AutoMLError(f"{what} has no column {missing[0]!r}, which the training data has")
    kept = table[[name for name in frame.columns if name in table.columns]]
    return kept[kept[options.target].notna()].reset_index(drop=True) if options.target in kept else kept


def _plan(dataset: Dataset, asked: Asked, options: Options, held_out: int) -> Plan:
    count, timeline, series = len(dataset.frame), dataset.schema.timeline, None
    if timeline is not None:
        steps = steps_of(timeline)
        series = backtesting.Series(steps.fit_transform(dataset.frame), timeline, steps.names())
    if held_out:
        rows = pd.RangeIndex(count).to_numpy()
        split = rows[:-held_out], rows[-held_out:]
        if series is not None:
            backtesting.check_follows(series, split, f"--validation {asked.file}")
        return Plan((split,), f"Validation: the {held_out} rows of {asked.file}.")
    if series is not None:
        return backtesting.plan(series, asked, options.horizon)
    classes = dataset.truth if dataset.classes else None
    judged = Rows(count, classes, dataset.groups, dataset.column(options.time_column))
    return plan(judged, asked, options.seed, options.seconds)


def _candidates(dataset: Dataset, options: Options) -> candidates.Choice:
    if options.candidates is not None:
        if options.allow or options.block:
            raise AutoMLError(f"--allow and --block choose from the portfolio: edit {options.candidates} instead")
        return candidates.Choice(tuple(candidates.read(options.candidates, dataset.problem)))
    algorithms = candidates.Algorithms(frozenset(options.allow), frozenset(options.block))
    return candidates.portfolio(dataset.problem, len(dataset.frame), algorithms)

"""The leaderboard: every finished trial with its score, how sure it is, what it costs, and what to be wary of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.report.findings import statistics
from workspace_jobs.automl.report.predictions import finished_trials, judged, score_of_rows
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.automl.trial import Trial

# A single fold is cut into so many blocks of rows, each a judgement of its own.
_BLOCKS = 10
# Training better than validation by a tenth, and by more than folds differ: worth a look.
_LARGE_GAP = 0.1


@dataclass(frozen=True)
class Standing:
    """A finished trial on the leaderboard.

    `low` and `high` bound the score with 95% confidence. Trials of one `group` cannot be told apart. `gap` is training
    less validation score on the first fold. `predict_microseconds` is per row, in batches. `on_pareto_front`: no other
    trial is as good, as fast and as small.
    """

    rank: int
    trial: Trial
    score: float
    low: float
    high: float
    group: int
    gap: float
    overfits: bool
    predict_microseconds: float
    on_pareto_front: bool


@dataclass(frozen=True)
class Leaderboard:
    """The standings, the best first; how much of the best score is luck; what the intervals rest on."""

    metric: str
    standings: tuple[Standing, ...]
    curse: statistics.WinnersCurse
    basis: str


def leaderboard(folder: RunFolder) -> Leaderboard:
    """The leaderboard of a run. Raises AutoMLError where no trial has finished."""
    metric, trials, splits = folder.definition().metric, finished_trials(folder), folder.splits()
    if len(splits) > 1:
        scores = np.array([trial.scores[metric] for trial in trials])
        apart = _apart([judge for _, judge in splits])
        overlap = float(np.mean([len(judge) / len(learn) for learn, judge in splits]))
        basis = f"{len(splits)} folds, variance corrected for the training rows that they share"
    else:
        scores, apart, overlap = _block_scores(folder, trials), ~np.eye(_BLOCKS, dtype=bool), 0.0
        basis = f"{_BLOCKS} blocks of the rows held out"
    # A fold on which some trial's score is not defined compares nobody.
    defined = ~np.isnan(scores).any(axis=0)
    scores, apart = scores[:, defined], apart[np.ix_(defined, defined)]
    rows = sum(len(judge) for _, judge in splits)
    costs = [(-trial.score(metric), trial.predict_seconds, trial.size_bytes) for trial in trials]
    front, groups = statistics.pareto(np.array(costs)), statistics.groups(scores, overlap)
    standings = tuple(
        Standing(
            rank=place + 1,
            trial=trial,
            score=trial.score(metric),
            low=trial.score(metric) + low - mean,
            high=min(trial.score(metric) + high - mean, max(trial.score(metric), _best_possible(metric))),
            group=groups[place],
            gap=_gap(trial, metric),
            overfits=_overfits(trial, metric),
            predict_microseconds=1e6 * trial.predict_seconds / max(rows, 1),
            on_pareto_front=bool(front[place]),
        )
        for place, trial in enumerate(trials)
        for (low, high), mean in [(statistics.interval(scores[place], overlap), scores[place].mean())]
    )
    return Leaderboard(metric, standings, statistics.winners_curse(scores, apart), basis)


def _block_scores(folder: RunFolder, trials: Sequence[Trial]) -> NDArray[np.float64]:
    """The scores of each trial on ten random blocks of the judged rows, shape (n_trials, 10)."""
    definition = folder.definition()
    score = score_of_rows(folder)
    rows = judged(folder.predictions(trials[0].number))
    blocks = np.array_split(np.random.default_rng(definition.seed).permutation(rows), _BLOCKS)
    return np.array(
        [
            [score(block, predictions[block]) for block in blocks]
            for predictions in (folder.predictions(trial.number) for trial in trials)
        ]
    )


def _apart(judged_rows: Sequence[NDArray[np.intp]]) -> NDArray[np.bool_]:
    """Which folds judge no row both, shape (n_folds, n_folds)."""
    marks = np.zeros((len(judged_rows), 1 + max(int(rows.max()) for rows in judged_rows)), dtype=np.float32)
    for mark, rows in zip(marks, judged_rows, strict=True):
        mark[rows] = 1
    return np.asarray(marks @ marks.T == 0)


def _best_possible(metric: str) -> float:
    """What no score exceeds: errors are negated."""
    return 0.0 if metric.startswith(("neg_", "normalized_")) else 1.0


def _gap(trial: Trial, metric: str) -> float:
    return float("nan") if trial.train_score is None else trial.train_score - trial.scores[metric][0]


def _overfits(trial: Trial, metric: str) -> bool:
    gap, scores = _gap(trial, metric), np.array(trial.scores[metric])
    scale = max(abs(trial.train_score or 0.0), abs(scores[0]))
    return bool(gap > _LARGE_GAP * scale and gap > 2 * (scores.std(ddof=1) if len(scores) > 1 else 0))

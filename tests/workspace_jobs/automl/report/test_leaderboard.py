"""The leaderboard of real runs, and of a made-up one whose numbers are known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.workspace_jobs.automl.report.conftest import made_up_run, made_up_trial
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.findings.leaderboard import leaderboard
from workspace_jobs.automl.run_folder import RunFolder

pytestmark = pytest.mark.xdist_group("automl-report")


def test_trials_are_ranked_by_their_mean_and_lie_in_their_interval(binary: RunFolder) -> None:
    board = leaderboard(binary)
    scores = [standing.score for standing in board.standings]
    assert scores == sorted(scores, reverse=True)
    assert [standing.rank for standing in board.standings] == [1, 2, 3, 4]
    for standing in board.standings:
        assert standing.score == pytest.approx(np.mean(standing.trial.scores["roc_auc"]))
        assert standing.low < standing.score < standing.high <= 1
    assert board.curse.claimed == pytest.approx(scores[0])
    assert "4 folds" in board.basis


def test_a_forest_that_knows_its_rows_by_heart_is_flagged(regression: RunFolder) -> None:
    flagged = {
        standing.trial.estimator.rpartition(".")[2]: standing.overfits for standing in leaderboard(regression).standings
    }
    assert flagged == {"Ridge": False, "RandomForestRegressor": True}


def test_the_front_has_the_best_the_fastest_and_the_smallest(tmp_path: Path) -> None:
    costs = [(0.9, 2.0, 900), (0.8, 1.0, 500), (0.7, 3.0, 100), (0.6, 4.0, 1000)]
    trials = [
        made_up_trial(number, [score, score + 0.01], predict_seconds=seconds, size_bytes=size)
        for number, (score, seconds, size) in enumerate(costs)
    ]
    board = leaderboard(made_up_run(tmp_path, trials))
    assert {standing.trial.number for standing in board.standings if standing.on_pareto_front} == {0, 1, 2}
    assert board.standings[0].predict_microseconds == pytest.approx(1e6 * 2.0 / 100)


@pytest.mark.parametrize(
    ("train", "folds", "overfits"),
    [(0.95, [0.7, 0.72], True), (0.74, [0.7, 0.72], False), (0.95, [0.7, 0.99], False), (None, [0.7, 0.72], False)],
)
def test_overfitting_is_a_gap_that_is_large_and_no_chance(
    tmp_path: Path, train: float | None, folds: Sequence[float], overfits: bool
) -> None:
    board = leaderboard(made_up_run(tmp_path, [made_up_trial(0, folds, train_score=train)]))
    assert board.standings[0].overfits is overfits
    assert board.standings[0].gap == pytest.approx(np.nan if train is None else train - folds[0], nan_ok=True)


def test_one_fold_is_judged_by_blocks_of_its_rows(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    truth = np.arange(2000) % 2
    good, bad = truth + generator.normal(0, 0.7, 2000), truth + generator.normal(0, 3, 2000)
    trials = [made_up_trial(0, [0.8]), made_up_trial(1, [0.8]), made_up_trial(2, [0.6])]
    folder = made_up_run(tmp_path, trials, rows=2000, folds=1, predictions=[good, good + 1e-6, bad])
    board = leaderboard(folder)
    assert [standing.group for standing in board.standings] == [1, 1, 2]
    assert board.standings[0].low < 0.8 < board.standings[0].high
    assert "blocks" in board.basis


def test_repeated_folds_do_not_choose_by_the_rows_that_they_judge(tmp_path: Path) -> None:
    """The first trial is lucky in one half of the rows, which each of the two rounds judges."""
    halves = np.arange(50), np.arange(50, 100)
    splits = [(halves[1], halves[0]), halves] * 2
    trials = [made_up_trial(0, [1.0, 0.3] * 2), made_up_trial(1, [0.5, 0.5] * 2)]
    curse = leaderboard(made_up_run(tmp_path, trials, splits=splits)).curse
    assert curse.claimed == pytest.approx(0.65)
    assert curse.nested == pytest.approx((0.5 + 0.3) / 2)


def test_a_run_without_a_finished_trial_has_no_leaderboard(tmp_path: Path) -> None:
    failed = made_up_trial(0, [], status="failed", error="it crashed")
    with pytest.raises(AutoMLError, match="no finished trial"):
        leaderboard(made_up_run(tmp_path, [failed]))

"""What counts as the best so far, and of what."""

from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.space import Choice
from workspace_jobs.sweeps.standing import Standing

DEFINITION = SweepDefinition("x.py", {"a": Choice((1, 2, 3))}, 3, patience=2)


def test_the_metric_of_trials_that_have_one_need_not_be_named() -> None:
    standing = Standing(DEFINITION)
    assert standing.take(0, "r", {"a": 1}, {"mse": 2.0, "system/cpu": 9.0}, "FINISHED") == 2.0
    assert standing.metric == "mse"


def test_a_trial_that_was_ended_early_counts_and_is_never_the_best() -> None:
    standing = Standing(DEFINITION)
    standing.take(0, "r0", {"a": 1}, {"mse": 2.0}, "FINISHED")
    # The sampler learns from what it had got to.
    assert standing.take(1, "r1", {"a": 2}, {"mse": 1.0}, "KILLED") == 1.0
    assert standing.best is not None
    assert (standing.best.run_id, standing.done, standing.has_settled()) == ("r0", 2, False)
    assert standing.take(2, "r2", {"a": 3}, {"mse": 0.0}, "FAILED") is None
    assert (standing.finished, standing.ended_early, standing.failed) == (1, 1, 1)

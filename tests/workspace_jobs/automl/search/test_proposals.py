"""What is tried next depends on the seed and the results, and on nothing else."""

import math
import random
from dataclasses import replace

import optuna
import pytest

from tests.workspace_jobs.automl.samples import LINEAR, TREE
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.definitions import Algorithms, portfolio
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.automl.search.proposals import Proposals
from workspace_jobs.automl.search.space import Space, spaces
from workspace_jobs.automl.trial import Status, Trial


def judged(number: int, candidate: Candidate) -> Trial:
    """A trial whose score follows from its parameters; every seventh fails, every fifth is pruned after a fold."""
    score = -abs(math.log10(float(candidate.parameters.get("C", 1e-3))) - 1)  # type: ignore[arg-type]
    status: Status = "failed" if number % 7 == 6 else "pruned" if number % 5 == 4 else "finished"
    folds = {"failed": 0, "pruned": 1, "finished": 2}[status]
    return Trial(
        number, candidate.name, candidate.algorithm, candidate.estimator, candidate.parameters, candidate.scaling,
        candidate.encoding, candidate.calibration, status, scores={"accuracy": [score] * folds} if folds else {},
    )  # fmt: skip


def proposed(count: int, workers: int, seed: int) -> list[Candidate]:
    """The candidates of a search in which `workers` trials end in a random order."""
    proposals = Proposals([LINEAR, TREE], spaces("binary", 100), "accuracy", seed=seed, workers=workers)
    found: list[Candidate] = []
    running: list[Trial] = []
    chance = random.Random(workers)  # noqa: S311
    while len(found) < count or running:
        candidate = proposals.propose(len(found)) if len(found) < count and len(running) < workers else "wait"
        if isinstance(candidate, Candidate):
            running.append(judged(len(found), candidate))
            found.append(candidate)
        else:
            proposals.tell(running.pop(chance.randrange(len(running))))
    return found


def test_the_same_seed_proposes_the_same_however_many_run_and_in_whatever_order_they_end() -> None:
    alone = proposed(20, workers=1, seed=0)
    assert proposed(20, workers=4, seed=0) == alone
    assert proposed(20, workers=1, seed=1) != alone
    assert alone[:2] == [LINEAR, TREE]


def test_nothing_is_tried_twice_while_there_is_something_new() -> None:
    steps = {"C": {"choices": [0.1, 1.0, 10.0]}}
    few = [
        Space("linear", "LogisticRegression", LINEAR.estimator, steps, scaling=("standard", "quantile"), encoding=())
    ]
    proposals = Proposals([LINEAR], few, "accuracy", seed=0, workers=1)
    found: list[Candidate] = []
    for number in range(7):
        candidate = proposals.propose(number)
        assert isinstance(candidate, Candidate)
        proposals.tell(replace(judged(0, candidate), number=number))
        found.append(replace(candidate, name=""))
    assert all(candidate not in found[:number] for number, candidate in enumerate(found))
    assert isinstance(proposals.propose(7), Candidate)  # and then again


def test_the_best_family_is_left_when_all_of_it_is_tried() -> None:
    few = Space("few", "LogisticRegression", LINEAR.estimator, {"C": {"steps": [1.0, 10.0, 30.0]}}, encoding=())
    many = Space("many", "DecisionTree", TREE.estimator, {"max_depth": {"low": 1, "high": 99}}, encoding=())
    proposals = Proposals([LINEAR], [few, many], "accuracy", seed=0, workers=1)
    found: list[Candidate] = []
    for number in range(40):
        candidate = proposals.propose(number)
        assert isinstance(candidate, Candidate)
        proposals.tell(replace(judged(0, candidate), number=number))
        found.append(replace(candidate, name=""))
    assert all(candidate not in found[:number] for number, candidate in enumerate(found))


def test_without_spaces_there_is_an_end() -> None:
    proposals = Proposals([LINEAR], [], "accuracy", seed=0, workers=1)
    assert proposals.propose(1) == "exhausted"


@pytest.mark.parametrize("was_asked", [True, False])
def test_optuna_hears_of_a_pruned_trial_with_the_folds_it_got_through(was_asked: bool) -> None:
    proposals = Proposals([], spaces("binary", 100), "accuracy", seed=0, workers=1)
    resumed = Proposals([], spaces("binary", 100), "accuracy", seed=0, workers=1)
    for number in range(10):
        candidate = proposals.propose(number)
        assert isinstance(candidate, Candidate)
        for told in (proposals, resumed):
            told.tell(judged(number, candidate))
    proposals = proposals if was_asked else resumed
    proposals.propose(10)
    sampler = proposals._sampler
    assert sampler is not None
    for studies in ([sampler.families], sampler.settings.values()):
        pruned = [trial for study in studies for trial in study.trials if trial.state == optuna.trial.TrialState.PRUNED]
        assert [list(trial.intermediate_values) for trial in pruned] == [[1]]
        assert [trial.value for trial in pruned] == [next(iter(pruned[0].intermediate_values.values()))]


def test_a_given_candidate_is_compared_with_nobody_and_others_with_those_that_must_have_ended() -> None:
    proposals = Proposals([LINEAR, TREE], spaces("binary", 100), "accuracy", seed=0, workers=1)
    for number in range(9):
        proposals.tell(judged(number, LINEAR))
    assert proposals.known_to(1) == []
    assert [trial.number for trial in proposals.known_to(8)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
def test_the_search_goes_on_from_what_the_portfolio_has_of_its_families(problem: ProblemKind) -> None:
    fixed = portfolio(problem, 1000, Algorithms()).candidates
    for has_categories in (True, False):
        found = spaces(problem, 1000, has_categories=has_categories)
        proposals = Proposals(fixed, found, "accuracy", seed=0, workers=1)
        for number, candidate in enumerate(fixed):
            proposals.tell(replace(judged(0, candidate), number=number))
        for number in range(len(fixed), len(fixed) + 5):
            searched = proposals.propose(number)
            assert isinstance(searched, Candidate)
            proposals.tell(replace(judged(0, searched), number=number))
        sampler = proposals._sampler
        assert sampler is not None
        known = [trial.params["family"] for trial in sampler.families.trials[: len(fixed)]]
        # Of some families the search has other settings, as of boosting with many more rounds.
        assert {"knn", "linear"} < set(known) <= {space.name for space in found}
        assert {"svm", "svm-raw"} & set(known)
        whole = [optuna.trial.TrialState.COMPLETE]
        told = [trial for study in sampler.settings.values() for trial in study.get_trials(states=whole)]
        assert len(told) == len(sampler.families.get_trials(states=whole)) > 0

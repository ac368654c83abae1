"""What is tried next depends on the seed and the results, and on nothing else."""

import math
import random

from tests.workspace_jobs.automl.samples import LINEAR, TREE
from workspace_jobs.automl.candidate import Candidate
from workspace_jobs.automl.search.proposals import Proposals
from workspace_jobs.automl.search.space import spaces
from workspace_jobs.automl.trial import Trial


def judged(number: int, candidate: Candidate) -> Trial:
    """A trial whose score follows from its parameters; every seventh fails."""
    score = -abs(math.log10(float(candidate.parameters.get("C", 1e-3))) - 1)  # type: ignore[arg-type]
    return Trial(
        number, candidate.name, candidate.algorithm, candidate.estimator, candidate.parameters, candidate.scaling,
        candidate.encoding, candidate.calibration, "failed" if number % 7 == 6 else "finished",
        scores={} if number % 7 == 6 else {"accuracy": [score]},
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


def test_without_spaces_there_is_an_end() -> None:
    proposals = Proposals([LINEAR], [], "accuracy", seed=0, workers=1)
    assert proposals.propose(1) == "exhausted"

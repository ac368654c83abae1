"""What the coordinator and its workers tell each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workspace_jobs.sweeps.space import Parameters

# MLflow's status of a trial that came to its end, of one that failed, and of one that was ended early.
FINISHED, FAILED, KILLED = "FINISHED", "FAILED", "KILLED"


@dataclass(frozen=True)
class Assignment:
    """What a worker needs to know once, before its first trial.

    `threads` is how many threads BLAS and OpenMP may use; `log` the file that takes what trials print. With
    `is_judged` each value of `metric` that a trial logs is reported, and the answer waited for.
    """

    file: str
    function: str
    folder: str
    arguments: tuple[str, ...]
    names: tuple[str, ...]
    metric: str
    environment: Mapping[str, str]
    parent: str
    threads: int
    log: str
    is_judged: bool = False


@dataclass(frozen=True)
class Ready:
    """The worker has loaded the code, or says in a sentence why it could not."""

    error: str = ""


@dataclass(frozen=True)
class Task:
    """A trial to run."""

    number: int
    parameters: Parameters


@dataclass(frozen=True)
class Report:
    """What a trial has measured on its way. The answer is a text: why the trial is to end, empty where it goes on."""

    number: int
    value: float


@dataclass(frozen=True)
class Ending:
    """How a trial's code ended: MLflow's status, and one line on why, where it did not come to its end by itself."""

    status: str = FINISHED
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """How a trial went.

    `started` and `ended` are milliseconds since the epoch; `run_id` is that of the run the code itself logged to,
    which then is complete, empty where it logged to none; `output` is what a failed trial printed.
    `log_size` is how far the worker's log reaches after it.
    """

    number: int
    parameters: Parameters
    started: int
    ended: int
    ending: Ending = field(default_factory=Ending)
    metrics: Mapping[str, float] = field(default_factory=dict)
    output: str = ""
    run_id: str = ""
    log_size: int = 0

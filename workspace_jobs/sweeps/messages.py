"""What the coordinator and its workers tell each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workspace_jobs.sweeps.space import Parameters


@dataclass(frozen=True)
class Assignment:
    """What a worker needs to know once, before its first trial.

    `threads` is how many threads BLAS and OpenMP may use; `log` the file that takes what trials print.
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
    metrics: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    output: str = ""
    run_id: str = ""
    log_size: int = 0

"""What the search and the processes of its trials say to each other."""

from dataclasses import dataclass, field
from pathlib import Path

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.search.racing import Rival


@dataclass(frozen=True)
class Load:
    """Read the material, a pickle, from `path`."""

    path: Path


@dataclass(frozen=True)
class Evaluate:
    """Try a candidate, as long as it is not out of reach of `rival`; None for a candidate that is judged on every fold.

    `memory_bytes` is what it may use on top of the material, None for no limit.
    """

    number: int
    candidate: Candidate
    threads: int
    memory_bytes: int | None = None
    rival: Rival | None = None


@dataclass(frozen=True)
class Refit:
    """Fit a candidate to all rows, and pickle the pipeline to `path`."""

    number: int
    candidate: Candidate
    threads: int
    path: Path
    memory_bytes: int | None = None


@dataclass(frozen=True)
class Kill:
    """End what `number` does, now."""

    number: int


Job = Evaluate | Refit
Request = Load | Job | Kill


@dataclass
class Evaluation:
    """What was measured of a candidate; see Trial for the meanings. `pruned`: why it was judged on no more folds."""

    scores: dict[str, list[float]] = field(default_factory=dict)
    train_score: float | None = None
    fit_seconds: float = 0.0
    predict_seconds: float = 0.0
    size_bytes: int = 0
    pruned: str | None = None


@dataclass(frozen=True)
class Started:
    """A job began; before, the processes may have been busy with their own start."""

    number: int


@dataclass(frozen=True)
class FoldDone:
    """`folds` folds of a trial are done."""

    number: int
    folds: int


@dataclass(frozen=True)
class Done:
    """A job succeeded. `evaluation` is None for a refit."""

    number: int
    evaluation: Evaluation | None


@dataclass(frozen=True)
class Failed:
    """A job did not succeed, and why, in a few words. `killed`: because it was told to end."""

    number: int
    reason: str
    killed: bool = False


Event = Started | FoldDone | Done | Failed

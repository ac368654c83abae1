"""The folder of an AutoML run: everything about it on disk, for the report to read and for a run to go on from."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.decisions.decision import Decision
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.automl.trial import Trial, mean_score

Split = tuple[NDArray[np.intp], NDArray[np.intp]]


def data_name(data: str) -> str:
    """A short name of data: of a file without its ending, of a data asset without its version."""
    asset = data.removeprefix("azureml:")
    return Path(data).stem if asset == data else re.split("[:@]", asset)[0]


@dataclass(frozen=True)
class Definition:
    """What a run was asked and what it decided.

    `classes` are the labels in the order of the columns of predictions, empty for numbers. `explanations` are the
    sentences on problem, metric, validation and data that were told when the run began. `digest` identifies the
    data. `rows` are learned from, of the `source_rows` that the data have. `group`, `time`, `weight` and `fairness`
    are columns. `seconds` is the time limit that rows and folds were chosen for. `options` are the rest of the call.
    """

    data: str
    target: str
    problem: ProblemKind
    metric: str
    schema: Schema
    classes: tuple[Any, ...]
    rows: int
    seed: int
    digest: str
    validation: str
    group: tuple[str, ...] = ()
    time: str | None = None
    weight: str | None = None
    fairness: str | None = None
    explanations: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    source_rows: int | None = None
    seconds: float | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Definition":
        """The definition that `dataclasses.asdict` made `raw` of."""
        changed = {
            "schema": Schema.from_json(raw["schema"]),
            "classes": tuple(raw["classes"]),
            "group": tuple(raw["group"]),
            "explanations": tuple(raw["explanations"]),
        }
        return cls(**{**raw, **changed})


@dataclass(frozen=True)
class Member:
    """A trial in the ensemble, and its share of the vote; the shares of all members make 1."""

    number: int
    weight: float


@dataclass(frozen=True)
class Outcome:
    """How a run ended: the model that was kept (one member is a single pipeline), how it answers, and its scores.

    `scores` are of the out-of-fold predictions, a value a fold, and take the likeliest class for the answer;
    `test_scores` are of the finished model on the test data, where there was some, and of the answers it gives.
    `decision` is None where nobody asked for another answer than the likeliest class. `coverage` is of a forecast:
    the share of what came that lay in intervals of 90% by the errors from other origins, None for a single origin.
    """

    members: tuple[Member, ...]
    scores: Mapping[str, Sequence[float]]
    reason: str
    seconds: float
    test_scores: Mapping[str, float] = field(default_factory=dict)
    decision: Decision | None = None
    coverage: float | None = None

    def score(self, metric: str) -> float:
        """The mean of `metric` over the folds that have it."""
        return mean_score(self.scores.get(metric, ()))

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Outcome":
        """The outcome that `dataclasses.asdict` made `raw` of."""
        members, decided = tuple(Member(**member) for member in raw["members"]), raw.get("decision")
        return cls(**{**raw, "members": members, "decision": decided and Decision.from_json(decided)})


class RunFolder:
    """Reads and writes `path`. What is written is whole: a file is put in place in one step, a line added at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.model = path / "model"
        self.report = path / "report.html"
        self._definition = path / "definition.json"
        self._trials = path / "trials.jsonl"
        self._outcome = path / "ensemble.json"

    def create(self, definition: Definition, splits: Sequence[Split], train: pd.DataFrame) -> None:
        """Begin a run. `train` has features, target and special columns, a row for each of `definition.rows`."""
        self.predictions_folder.mkdir(parents=True, exist_ok=True)
        self.write_train(train)
        parts: dict[str, Any] = {}
        for fold, (learn, judge) in enumerate(splits):
            parts |= {f"learn_{fold}": learn, f"judge_{fold}": judge}
        np.savez(self.path / "splits.npz", **parts)
        self._write(self._definition, asdict(definition))

    def exists(self) -> bool:
        """Whether a run was begun here."""
        return self._definition.is_file()

    def definition(self) -> Definition:
        """What the run was asked. Raises AutoMLError where there is no run."""
        if not self.exists():
            raise AutoMLError(f"{self.path} holds no AutoML run: name the folder that `mlws automl run --out` wrote")
        return Definition.from_json(json.loads(self._definition.read_text(encoding="utf-8")))

    def splits(self) -> list[Split]:
        """Pairs of row numbers of `train`: to learn from, and to judge by."""
        with np.load(self.path / "splits.npz") as parts:
            return [(parts[f"learn_{fold}"], parts[f"judge_{fold}"]) for fold in range(len(parts.files) // 2)]

    @property
    def train_file(self) -> Path:
        """The training rows, as pandas pickles them: exactly what the trials saw."""
        return self.path / "train.pkl"

    def write_train(self, train: pd.DataFrame) -> None:
        """Keep the training rows."""
        self.path.mkdir(parents=True, exist_ok=True)
        train.to_pickle(self.train_file)

    def train(self) -> pd.DataFrame:
        """The training rows: features, target and special columns."""
        frame = pd.read_pickle(self.train_file)  # noqa: S301 - written by this run
        assert isinstance(frame, pd.DataFrame)
        return frame

    def add_trial(self, trial: Trial) -> None:
        """Keep a trial; its predictions are written by the process that made them."""
        with self._trials.open("a", encoding="utf-8") as file:
            file.write(_line(trial))

    def keep_trials(self, trials: Sequence[Trial]) -> None:
        """Forget every other trial."""
        draft = self._trials.with_suffix(".draft")
        draft.write_text("".join(map(_line, trials)), encoding="utf-8")
        draft.replace(self._trials)

    def trials(self) -> list[Trial]:
        """Every trial that ended, by number; the last where one was made again. A line cut short by a crash is none."""
        if not self._trials.exists():
            return []
        lines = self._trials.read_text(encoding="utf-8").splitlines()
        found = (Trial.from_json(raw) for raw in map(_parsed, lines) if raw is not None)
        by_number = {trial.number: trial for trial in found}
        return [by_number[number] for number in sorted(by_number)]

    @property
    def predictions_folder(self) -> Path:
        """Where the predictions of each trial are, NUMBER.npy."""
        return self.path / "predictions"

    def predictions(self, number: int) -> NDArray[np.float64]:
        """Out-of-fold predictions of a finished trial: a number a row, or a probability a row and class.

        Rows that no fold judges are NaN.
        """
        predicted: NDArray[np.float64] = np.load(self.predictions_folder / f"{number}.npy")
        return predicted

    def write_outcome(self, outcome: Outcome) -> None:
        """Keep how the run ended."""
        self._write(self._outcome, asdict(outcome))

    def outcome(self) -> Outcome | None:
        """How the run ended; None while it has not."""
        if not self._outcome.exists():
            return None
        return Outcome.from_json(json.loads(self._outcome.read_text(encoding="utf-8")))

    def _write(self, file: Path, content: object) -> None:
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps(content, indent=1), encoding="utf-8")
        draft.replace(file)


def _line(trial: Trial) -> str:
    return json.dumps(trial.to_json()) + "\n"


def _parsed(line: str) -> Any:  # noqa: ANN401 - what JSON holds
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None

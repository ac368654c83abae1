"""Learns the portfolio: which candidates, in which order, make the best ensembles on the tables of learning_tables.

    python -m benchmarks.automl.learn_portfolio evaluate FOLDER [PROBLEM...]   # half an hour; goes on where it ended
    python -m benchmarks.automl.learn_portfolio choose FOLDER # writes workspace_jobs/automl/candidates/portfolio.toml

The first step judges every candidate of the pool on every table by 3-fold cross-validation and keeps the predictions.
The second adds, again and again, the candidate that helps most: it lowers the loss of the ensemble (log-loss, or
squared error), relative to the best there is on each table, at a small price for the time it takes. Every family comes
in once before any comes in twice: what these tables do not need, others may. Left out one at a time, tables lose less
by a portfolio that is chosen so on the rest: 2.1% instead of 2.4% (two classes), 3.1% instead of 4.6% (more), 7.7%
instead of 10.3% (numbers).
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.automl.learning_tables import learning_tables
from benchmarks.automl.pool import pool
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.definitions import PORTFOLIO
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import prepare_run
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.automl.search.columns_cache import ColumnsCache
from workspace_jobs.automl.search.ensemble import Judge, combined, select
from workspace_jobs.automl.search.evaluation import evaluate
from workspace_jobs.automl.search.messages import Evaluate

_LENGTH = 12
_ROUNDS = 12
_LOSS: Mapping[ProblemKind, str] = {
    "binary": "neg_log_loss",
    "multiclass": "neg_log_loss",
    "regression": "neg_mean_squared_error",
}
# What the whole time of an average candidate may cost, as a part of the relative loss.
_PRICE_OF_TIME = 0.003
# The relative loss of having no model at all.
_LOSS_OF_NOTHING = 2.0
# Families whose time grows faster than the rows.
_MOST_ROWS = {"SVM": 10_000, "KNN": 50_000, "QDA": 50_000, "NeuralNetwork": 100_000}
Array = NDArray[Any]


@dataclass(frozen=True)
class Judged:
    """A table's truth, and the predictions and seconds of each candidate that worked on it."""

    truth: Array
    predictions: Mapping[str, Array]
    seconds: Mapping[str, float]


def evaluate_pool(folder: Path, *problems: str) -> None:
    """Judge every candidate on every table, or on those of `problems`; what is in `folder` is not done again."""
    for table in learning_tables():
        if problems and table.problem not in problems:
            continue
        place = folder / table.name
        place.mkdir(parents=True, exist_ok=True)
        options = Options(target=table.target, problem=table.problem, validation="3")
        prepared = prepare_run(table.load(), options)
        material = prepared.material(RunFolder(place), options.seed)
        (place / "predictions").mkdir(exist_ok=True)
        np.save(place / "truth.npy", material.truth)
        cache = ColumnsCache(place)
        for number, candidate in enumerate(pool(table.problem)):
            report = place / f"{candidate.name}.json"
            if not report.exists():
                report.write_text(json.dumps(_judge(material, candidate, number, cache)), encoding="utf-8")
        print(f"{table.name}: {len(prepared.dataset.frame)} rows", flush=True)


def _judge(material: Any, candidate: Candidate, number: int, cache: ColumnsCache) -> dict[str, Any]:  # noqa: ANN401
    began = time.process_time()
    try:
        with threadpool_limits(1):
            evaluate(material, Evaluate(number, candidate, 1), cache, lambda _: None)
    except ValueError as error:
        return {"number": number, "error": str(error)[:200]}
    return {"number": number, "seconds": time.process_time() - began}


def choose(folder: Path) -> None:
    """Write the portfolio that the results in `folder` make."""
    lines = [_provenance()]
    for problem in _LOSS:
        tables = [table for table in learning_tables() if table.problem == problem]
        judged = {table.name: _read(folder / table.name, pool(problem)) for table in tables}
        chosen = _greedy(judged, problem)
        known = {candidate.name: candidate for candidate in pool(problem)}
        lines += [_entry(problem, known[name]) for name in _ordered(judged, chosen, problem)]
    PORTFOLIO.write_text("\n".join(lines), encoding="utf-8")


def _read(place: Path, candidates: Sequence[Candidate]) -> Judged:
    predictions, seconds = {}, {}
    for candidate in candidates:
        report = json.loads((place / f"{candidate.name}.json").read_text(encoding="utf-8"))
        if "error" not in report:
            predictions[candidate.name] = np.load(place / "predictions" / f"{report['number']}.npy")
            seconds[candidate.name] = report["seconds"]
    return Judged(np.load(place / "truth.npy"), predictions, seconds)


def _greedy(judged: Mapping[str, Judged], problem: ProblemKind) -> list[str]:
    floors = {name: _loss(table, list(table.predictions), problem) for name, table in judged.items()}
    chosen: list[str] = []
    while len(chosen) < _LENGTH:
        names = _eligible(pool(problem), chosen)
        scored = {name: _price(judged, floors, [*chosen, name], problem) for name in names}
        best = min(scored, key=lambda name: scored[name])
        chosen.append(best)
        print(f"{problem} {len(chosen):>2} {best:<28} {scored[best]:.4f}", flush=True)
    return chosen


def _eligible(candidates: Sequence[Candidate], chosen: Sequence[str]) -> list[str]:
    """What may be added: of families that are not there yet, else any."""
    families = {candidate.algorithm for candidate in candidates if candidate.name in chosen}
    new = [candidate.name for candidate in candidates if candidate.algorithm not in families]
    return new or [candidate.name for candidate in candidates if candidate.name not in chosen]


def _ordered(judged: Mapping[str, Judged], chosen: Sequence[str], problem: ProblemKind) -> list[str]:
    """The chosen ones, those first that help most for their time: a short run comes no further."""
    floors = {name: _loss(table, list(table.predictions), problem) for name, table in judged.items()}
    ordered: list[str] = []
    before = _LOSS_OF_NOTHING
    while len(ordered) < len(chosen):
        losses = {name: _mean_loss(judged, floors, [*ordered, name], problem) for name in chosen if name not in ordered}
        best = max(losses, key=lambda name: (before - losses[name]) / _mean_seconds(judged, name))
        ordered.append(best)
        before = losses[best]
    print(f"{problem} in order: {', '.join(ordered)}", flush=True)
    return ordered


def _mean_seconds(judged: Mapping[str, Judged], name: str) -> float:
    return float(np.mean([table.seconds[name] for table in judged.values() if name in table.seconds]))


def _mean_loss(
    judged: Mapping[str, Judged], floors: Mapping[str, float], names: Sequence[str], problem: ProblemKind
) -> float:
    """The mean, over the tables, of how much greater the loss of the ensemble of `names` is than the least."""
    return float(np.mean([_loss(table, names, problem) / floors[name] - 1 for name, table in judged.items()]))


def _price(
    judged: Mapping[str, Judged], floors: Mapping[str, float], names: Sequence[str], problem: ProblemKind
) -> float:
    """The mean relative loss of the ensemble of `names`, and a little for the time of the last of them."""
    times = [table.seconds.get(names[-1], 0.0) / np.mean(list(table.seconds.values())) for table in judged.values()]
    return _mean_loss(judged, floors, names, problem) + _PRICE_OF_TIME * float(np.mean(times))


def _loss(table: Judged, names: Sequence[str], problem: ProblemKind) -> float:
    judge = Judge.of(_LOSS[problem], problem, table.truth)
    numbered = {number: table.predictions[name] for number, name in enumerate(names) if name in table.predictions}
    if not numbered:
        return 10.0
    members = select(numbered, judge, rounds=_ROUNDS)
    return -judge.key(combined(members, numbered))[0]


def _provenance() -> str:
    tables = "\n".join(f'    "{table.problem}: {table.name} ({table.source})",' for table in learning_tables())
    packages = ", ".join(f"{name} {version(name)}" for name in ("scikit-learn", "lightgbm", "numpy"))
    return f"""\
# The candidates that AutoML tries first, in this order: strong settings that complement each other across tables.
# Written by `python -m benchmarks.automl.learn_portfolio`; edit candidates.yaml of a run rather than this file.
# max_rows: more than this would take longer than it is worth.

[provenance]
made = "{datetime.now(UTC):%Y-%m-%d}"
packages = "{packages}"
method = "every family once, then any: greedy choice by the ensemble's loss in 3-fold cross-validation; by gain"
tables = [
{tables}
]
"""


def _entry(problem: ProblemKind, candidate: Candidate) -> str:
    parameters = ", ".join(f"{key} = {json.dumps(value)}" for key, value in candidate.parameters.items())
    lines = [
        f"[[{problem}]]",
        f'name = "{candidate.name}"',
        f'algorithm = "{candidate.algorithm}"',
        f'estimator = "{candidate.estimator}"',
        f"parameters = {{ {parameters} }}" if parameters else "parameters = {}",
        f'scaling = "{candidate.scaling}"',
        f'encoding = "{candidate.encoding}"',
        f'calibration = "{candidate.calibration}"',
    ]
    if candidate.algorithm in _MOST_ROWS:
        lines.append(f"max_rows = {_MOST_ROWS[candidate.algorithm]}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    step, place, *rest = sys.argv[1:]
    {"evaluate": evaluate_pool, "choose": choose}[step](Path(place), *rest)

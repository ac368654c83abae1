"""What a run may be asked: the options of `mlws automl run` and of `automl.run`, under the same names."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workspace_jobs.automl.problem_kinds import AskedProblem

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_SECONDS = 60.0
MissingTarget = Literal["drop", "refuse"]


@dataclass(frozen=True, kw_only=True)
class Options:
    """Every wish, with its default.

    Parameters:
        target: the column to predict.
        positive: of two classes, the one that metrics and thresholds are about; None for the rare one, else the last.
        classes: with `problem` `auto`, the target is classes whatever it looks like.
        metrics: what trials are judged by besides, for information.
        problem, metric: `auto` to have them chosen and explained; a metric is any scorer of scikit-learn, or Azure's.
        timeout: seconds for everything; None with `max_trials` for no limit, None without it for DEFAULT_SECONDS.
        trial_timeout: seconds for one trial.
        candidates: a definition file to run instead of the portfolio.
        include, exclude: columns to learn from. Of a forecast, `include` says what is known of the future.
        allow, block: families of algorithms, as Azure AutoML names them.
        group_column: rows with the same values in these columns stay in one fold; of a forecast, are one series.
        horizon: of a forecast: how many steps ahead it is judged; None for a season, or a fifth of the shortest series.
        validation: `auto`, folds (`5`, `5x3`), a share (`0.2`), or the path of a table.
        test: a table that judges the finished model, and nothing else.
        calibrate: whether the model's probabilities are calibrated on out-of-fold predictions, where that helps.
        threshold: the probability from which on the positive class is answered; `auto` for the metric's best.
        costs: what mistakes cost, for the class of least expected cost: `fn=5,fp=1`, or the path of a YAML file or a
            mapping `{true: {answer: cost}}`.
        parallel: trials at a time; None for as many as there are cores.
        memory: bytes for all trials together; None for what the machine has free.
        exit_score: good enough, as scikit-learn's scorers count.
        search: whether to go on after the candidates, with Optuna.
        ensemble: whether the model may be several pipelines.
        report: whether to write `report.html` and the model card, for which a part of the time is kept.
        executor: where trials run: processes of this machine, or of a Ray cluster.
        ray_address: of the cluster to join; None for RAY_ADDRESS, else one that is started on this machine.
        data_name: what the data are called; None for what names them in the call.
        config: the config.json of the workspace whose data assets are read; None for the nearest.
        out: the folder of the run; None for a new one under `automl-runs`.
        resume: go on with the run in `out`.
        engine: what the model and the MLflow runs say made them.
    """

    target: str
    problem: AskedProblem = "auto"
    positive: object = None
    classes: bool = False
    metrics: tuple[str, ...] = ()
    metric: str = "auto"
    timeout: float | None = None
    trial_timeout: float | None = None
    max_trials: int | None = None
    candidates: Path | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    time_column: str | None = None
    group_column: str | tuple[str, ...] = ()
    weight_column: str | None = None
    fairness_column: str | None = None
    missing_target: MissingTarget = "drop"
    horizon: int | None = None
    validation: str = "auto"
    test: "str | Path | pd.DataFrame | None" = None
    calibrate: bool = False
    threshold: float | str | None = None
    costs: str | Path | Mapping[str, Any] | None = None
    parallel: int | None = None
    memory: int | None = None
    exit_score: float | None = None
    search: bool = True
    ensemble: bool = True
    seed: int = 0
    report: bool = False
    executor: Literal["local", "ray"] = "local"
    ray_address: str | None = None
    data_name: str | None = None
    config: Path | None = None
    out: Path | None = None
    resume: bool = False
    engine: str = "mlws AutoML"

    @property
    def seconds(self) -> float | None:
        """The time limit that applies."""
        return DEFAULT_SECONDS if self.timeout is None and self.max_trials is None else self.timeout

    @property
    def groups(self) -> tuple[str, ...]:
        """The group columns."""
        return (self.group_column,) if isinstance(self.group_column, str) else tuple(self.group_column)

    def to_json(self) -> Mapping[str, Any]:
        """What another run must have in common to be the same run, as JSON has it."""
        kept = (
            "problem",
            "metric",
            "include",
            "exclude",
            "allow",
            "block",
            "missing_target",
            "validation",
            "search",
            "horizon",
        )
        return {name: _plain(getattr(self, name)) for name in (*kept, "candidates", "ensemble")}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value

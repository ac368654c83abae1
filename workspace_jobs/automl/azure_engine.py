"""`--engine azure`: the same question, asked of Azure's own AutoML as a job of the workspace."""

import math
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from workspace_jobs.automl.azure_metrics import names
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.azure_errors import azure_errors
from workspace_jobs.connection import Workspace
from workspace_jobs.jobs.submission import send
from workspace_jobs.quiet import make_quiet

if TYPE_CHECKING:
    import pandas as pd
    from azure.ai.ml.entities import Job

    from workspace_jobs.automl.preparation import Prepared

# Azure's name for what scikit-learn calls otherwise.
_PRIMARY: Mapping[str, str] = {
    "accuracy": "accuracy",
    "roc_auc": "AUC_weighted",
    "roc_auc_ovr_weighted": "AUC_weighted",
    "average_precision": "average_precision_score_weighted",
    "balanced_accuracy": "norm_macro_recall",
    "precision_weighted": "precision_score_weighted",
    "neg_root_mean_squared_error": "normalized_root_mean_squared_error",
    "neg_mean_absolute_error": "normalized_mean_absolute_error",
    "r2": "r2_score",
}
_NOT_AZURES = (
    *("candidates", "fairness_column", "exit_score", "out", "resume", "seed", "memory", "executor", "ray_address"),
    *("calibrate", "threshold", "costs"),
)
_DEFAULTS = {one.name: one.default for one in fields(Options)}
_SECONDS = 60


def prepare(data: str, options: Options) -> "Prepared":
    """Decide problem, metric and columns as the open engine decides them, which is told in `explanations`.

    Raises AutoMLError for an option that Azure's AutoML does not have.
    """
    from workspace_jobs.automl.preparation import prepare_run

    check(options)
    return prepare_run(data, options)


def submit(prepared: "Prepared", options: Options, workspace: Workspace, compute: str | None, experiment: str) -> "Job":
    """Submit the job and return it as Azure ML describes it. Raises AutoMLError and JobsError."""
    make_quiet()
    with tempfile.TemporaryDirectory(prefix="mlws-automl-") as scratch:
        job = build(prepared, options, Path(scratch), experiment)
        job.compute = compute
        return send(workspace, job)


def check(options: Options) -> None:
    """Refuse an option that Azure's AutoML does not have. Raises AutoMLError."""
    of_series = () if options.problem == "forecast" else ("time_column", "group_column")
    for name in (*_NOT_AZURES, *of_series):
        if getattr(options, name) != _DEFAULTS[name]:
            raise AutoMLError(f"--{name.replace('_', '-')} is the open engine's: leave it out, or write --engine open")


def build(prepared: "Prepared", options: Options, scratch: Path, experiment: str) -> Any:  # noqa: ANN401 - two classes
    """Describe the job; nothing is sent. Tables are written to `scratch`, from where the SDK uploads them."""
    from azure.ai.ml import Input, automl

    features = prepared.dataset.frame[_kept(prepared, options)]
    tables = {"training_data": Input(type="mltable", path=str(_write_table(features, scratch / "train")))}
    if prepared.test is not None:
        test = prepared.test[_kept(prepared, options)]
        tables["test_data"] = Input(type="mltable", path=str(_write_table(test, scratch / "test")))
    make, more = automl.classification, {}
    if prepared.dataset.problem == "binary":
        more = {"positive_label": str(prepared.dataset.classes[1])}
    elif prepared.dataset.problem == "regression":
        make = automl.regression
    elif prepared.dataset.problem == "forecast":
        make, more = automl.forecasting, {"forecasting_settings": _forecasting(prepared, options)}
    with azure_errors("build the AutoML job"):
        job = make(
            **tables,
            target_column_name=options.target,
            primary_metric=_primary(prepared),
            weight_column_name=options.weight_column,
            experiment_name=experiment,
            **_validation(options),
            **more,
        )
        job.set_limits(**_limits(options))
        job.set_training(
            allowed_training_algorithms=list(options.allow) or None,
            blocked_training_algorithms=list(options.block) or None,
            enable_vote_ensemble=options.ensemble,
            enable_stack_ensemble=False,
        )
    return job


def _forecasting(prepared: "Prepared", options: Options) -> Any:  # noqa: ANN401 - the SDK's
    from azure.ai.ml.automl import ForecastingSettings

    timeline = prepared.dataset.schema.timeline
    assert timeline is not None
    return ForecastingSettings(
        time_column_name=timeline.time,
        time_series_id_column_names=list(timeline.series) or None,
        forecast_horizon=options.horizon or "auto",
        # What is known of the future is all that is sent; not to list the rest means that nothing is.
        features_unknown_at_forecast_time=[] if prepared.dataset.schema.known_in_advance.features else None,
    )


def _kept(prepared: "Prepared", options: Options) -> list[str]:
    special = [name for name in (options.target, options.weight_column) if name is not None]
    return [*prepared.dataset.schema.features, *special]


def _write_table(frame: "pd.DataFrame", folder: Path) -> Path:
    """An MLTable folder: the rows as CSV, and how to load them."""
    folder.mkdir()
    frame.to_csv(folder / "table.csv", index=False)
    definition = {
        "type": "mltable",
        "paths": [{"file": "./table.csv"}],
        "transformations": [{"read_delimited": {"delimiter": ",", "encoding": "utf8"}}],
    }
    (folder / "MLTable").write_text(yaml.safe_dump(definition, sort_keys=False), encoding="utf-8")
    return folder


def _primary(prepared: "Prepared") -> str:
    if prepared.metric in names(prepared.dataset.problem):
        return prepared.metric
    found = _PRIMARY.get(prepared.metric)
    if found is None:
        raise AutoMLError(f"Azure's AutoML has no metric {prepared.metric}: write one of {', '.join(_PRIMARY)}")
    return found


def _validation(options: Options) -> dict[str, Any]:
    from workspace_jobs.automl.validation import Asked

    asked = Asked.parse(options.validation)
    if asked.file is not None or asked.repeats > 1:
        raise AutoMLError("--validation of --engine azure is a number of folds or a share: write 5 or 0.2")
    wanted = {"n_cross_validations": asked.folds, "validation_data_size": asked.share}
    return {name: value for name, value in wanted.items() if value is not None}


def _limits(options: Options) -> dict[str, Any]:
    wanted = {
        # Where none is asked, Azure's own: ours would be over before its compute has begun.
        "timeout_minutes": None if options.timeout is None else math.ceil(options.timeout / _SECONDS),
        "trial_timeout_minutes": None if options.trial_timeout is None else math.ceil(options.trial_timeout / _SECONDS),
        "max_trials": options.max_trials,
        "max_concurrent_trials": options.parallel,
    }
    return {name: value for name, value in wanted.items() if value is not None}

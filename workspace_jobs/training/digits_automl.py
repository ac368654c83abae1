"""The first AutoML job: which classifier reads scikit-learn's handwritten digits best?

Azure ML reads tables as MLTable: a folder with the data and a file that says how to load them.
"""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from workspace_jobs.errors import JobsError, nearest

if TYPE_CHECKING:
    from azure.ai.ml.automl import ClassificationJob

TARGET = "digit"
EXPERIMENT = "digits-automl"


@dataclass(frozen=True)
class Limits:
    """How long and how widely to search: small enough to be a first try."""

    max_trials: int = 5
    max_concurrent_trials: int = 2
    timeout_minutes: int = 10
    n_cross_validations: int = 3


def limits(settings: dict[str, Any]) -> Limits:
    """Apply `--set limits.max_trials=2` and the like to the defaults. Raises JobsError."""
    chosen = Limits()
    known = {f"limits.{field.name}": field.name for field in fields(Limits)}
    for key, value in settings.items():
        if key not in known:
            raise JobsError(f"--set {key}: digits-automl has no such setting: {nearest(key, known)}")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise JobsError(f"--set {key}={value}: write a whole number above 0")
        chosen = replace(chosen, **{known[key]: value})
    return chosen


def write_table(folder: Path) -> Path:
    """Write the digits (1,797 rows, 64 pixels and the digit) as an MLTable folder, and return the folder."""
    from sklearn.datasets import load_digits

    folder.mkdir(parents=True, exist_ok=True)
    digits = load_digits(as_frame=True)
    digits.frame.rename(columns={"target": TARGET}).to_csv(folder / "digits.csv", index=False)
    table = {
        "$schema": "https://azuremlschemas.azureedge.net/latest/MLTable.schema.json",
        "type": "mltable",
        "paths": [{"file": "./digits.csv"}],
        "transformations": [
            {"read_delimited": {"delimiter": ",", "encoding": "utf8", "header": "all_files_same_headers"}}
        ],
    }
    (folder / "MLTable").write_text(yaml.safe_dump(table, sort_keys=False), encoding="utf-8")
    return folder


def build(table: Path, chosen: Limits) -> "ClassificationJob":
    """Describe the job to Azure ML; nothing is sent."""
    from azure.ai.ml import Input, automl

    job: ClassificationJob = automl.classification(
        training_data=Input(type="mltable", path=str(table)),
        target_column_name=TARGET,
        primary_metric="accuracy",
        n_cross_validations=chosen.n_cross_validations,
        experiment_name=EXPERIMENT,
        description="AutoML classification of scikit-learn's handwritten digits.",
    )
    job.set_limits(
        max_trials=chosen.max_trials,
        max_concurrent_trials=chosen.max_concurrent_trials,
        timeout_minutes=chosen.timeout_minutes,
    )
    return job

"""Which datasets a run has read, as operations; checked as MLflow's own store checks them."""

import uuid

from mlflow.entities import DatasetInput
from mlflow.utils.validation import _validate_dataset_inputs

from workspace_jobs.tracking.checks import NotBufferedError
from workspace_jobs.tracking.operations import Operation


def operations(run_id: str, experiment_id: str, datasets: list[DatasetInput]) -> list[Operation]:
    """Return the operations of log_inputs. Raises MlflowException; NotBufferedError for what MLflow refuses."""
    _validate_dataset_inputs(datasets)
    made: list[Operation] = []
    for one in _first_of_each(datasets):
        dataset, texts = one.dataset, (one.dataset.name, one.dataset.digest)
        described = (dataset.source_type, dataset.source, dataset.schema, dataset.profile)
        tags = [(tag.key, tag.value) for tag in one.tags]
        made.append(("dataset", experiment_id, uuid.uuid4().hex, *texts, *described))
        made.append(("dataset_input", run_id, experiment_id, *texts, uuid.uuid4().hex, tags))
    return made


def _first_of_each(datasets: list[DatasetInput]) -> list[DatasetInput]:
    found: dict[tuple[str, str], DatasetInput] = {}
    for one in datasets:
        if one.dataset is None:
            raise NotBufferedError
        found.setdefault((one.dataset.name, one.dataset.digest), one)
    return list(found.values())

"""Keeps a job's run where the job says, whatever address or experiment its code names.

MLflow refuses to go on with a run that lies in another experiment or store than those its code has set.
"""

import sys
from typing import Any


def pin_the_run(experiment_id: str) -> None:
    """Make `set_tracking_uri` and `set_experiment` of MLflow tell that the job decides, and change nothing."""
    import mlflow
    from mlflow.tracking import fluent

    experiment = mlflow.get_experiment(experiment_id)

    def set_tracking_uri(uri: Any) -> None:  # noqa: ANN401 - as MLflow's
        if str(uri) != mlflow.get_tracking_uri():
            _tell(f"the tracking address {uri}", "--tracking-uri")

    def set_experiment(experiment_name: str | None = None, experiment_id: str | None = None, **_: Any) -> Any:  # noqa: ANN401 - as MLflow's
        if experiment_name != experiment.name and experiment_id != experiment.experiment_id:
            _tell(f"the experiment {experiment_name or experiment_id}", "--experiment")
        return experiment

    vars(mlflow).update(set_tracking_uri=set_tracking_uri, set_experiment=set_experiment)
    vars(fluent).update(set_experiment=set_experiment)


def _tell(what: str, option: str) -> None:
    sys.stderr.write(f"mlws: the job decides where its run is kept, so {what} of the code is not used; see {option}\n")

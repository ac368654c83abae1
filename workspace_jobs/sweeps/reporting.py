"""A trial's metric on its way: told of as the code logs it, and, if it lags behind, where the trial ends."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.entities import Metric


class EndedEarlyError(BaseException):
    """Raised in the call that logs the value a trial is ended for, past every `except Exception` of its code."""


def watch_metric(name: str, logged: Callable[[str, float], None]) -> None:
    """From now on call `logged` with run and value whenever this process has logged a metric of that name.

    Every way to log a metric, autologging too, leads through these two methods of MLflow's client.
    """
    from mlflow import MlflowClient

    log_metric, log_batch = MlflowClient.log_metric, MlflowClient.log_batch

    def watched_metric(self: MlflowClient, run_id: str, key: str, value: float, *more: Any, **named: Any) -> Any:  # noqa: ANN401 - as MLflow's
        answer = log_metric(self, run_id, key, value, *more, **named)
        if key == name:
            logged(run_id, float(value))
        return answer

    def watched_batch(
        self: MlflowClient,
        run_id: str,
        metrics: "Sequence[Metric]" = (),
        *more: Any,  # noqa: ANN401 - as MLflow's
        **named: Any,  # noqa: ANN401 - as MLflow's
    ) -> Any:  # noqa: ANN401 - as MLflow's
        answer = log_batch(self, run_id, metrics, *more, **named)
        for metric in metrics:
            if metric.key == name:
                logged(run_id, float(metric.value))
        return answer

    for method, watched in (("log_metric", watched_metric), ("log_batch", watched_batch)):
        setattr(MlflowClient, method, watched)

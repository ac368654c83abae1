"""CPU, memory, disk and network over time: MLflow's own monitor, made to give short jobs a sample too."""

import importlib.util
import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def system_metrics(run_id: str) -> Iterator[None]:
    """Log metrics `system/...` while the context lasts, at MLflow's interval, and once at its end."""
    if importlib.util.find_spec("psutil") is None:
        yield
        return
    from mlflow.system_metrics import system_metrics_monitor

    logging.getLogger(system_metrics_monitor.__name__).setLevel(logging.ERROR)
    monitor = system_metrics_monitor.SystemMetricsMonitor(run_id)
    monitor.start()
    try:
        yield
    finally:
        monitor.finish()
        monitor.collect_metrics()
        monitor.publish_metrics(monitor.aggregate_metrics())
        monitor.mlflow_logger.flush()

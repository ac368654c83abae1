"""`automl.run`: the whole of AutoML as one call, with the options of `mlws automl run`."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from workspace_jobs.automl.executors.pool import pool_of
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.search.budget import Budget, seconds_of_report

if TYPE_CHECKING:
    import pandas as pd

    from workspace_jobs.automl.engine import Result
    from workspace_jobs.automl.progress import Progress
    from workspace_jobs.automl.run_folder import RunFolder
    from workspace_jobs.automl.tracking import Tracking

_PATHS = {"out", "candidates", "config"}


def run(
    data: "str | Path | pd.DataFrame",
    target: str,
    *,
    tracking: "Tracking | None" = None,
    **options: Any,  # noqa: ANN401 - as Options has them
) -> "Result":
    """Find the best model for `data`, which is a file, a folder, a data set of scikit-learn, or a DataFrame.

    `options` are those of `Options`. With `tracking`, the run and its trials are in MLflow, too. Raises AutoMLError,
    one sentence, for what can't be; TypeError for an option that does not exist.
    """
    from workspace_jobs.automl.progress import Progress

    paths = {name: Path(options[name]) for name in _PATHS & options.keys() if isinstance(options[name], str)}
    return run_with(data, Options(target=target, **{**options, **paths}), Progress(), tracking=tracking)


def run_with(
    data: "str | Path | pd.DataFrame",
    options: Options,
    progress: "Progress",
    *,
    tracking: "Tracking | None" = None,
    began: float | None = None,
) -> "Result":
    """As `run`, and tell `progress`.

    `began` is when the time started to count, on the monotonic clock."""
    budget = Budget(options.seconds, time.monotonic() if began is None else began)
    # Before anything is imported here, so that the trials' process imports at the same time.
    with pool_of(options) as pool:
        from threadpoolctl import threadpool_limits

        from workspace_jobs.automl.data.data_assets import is_data_asset, resolved
        from workspace_jobs.automl.engine import Engine
        from workspace_jobs.automl.preparation import prepare_run
        from workspace_jobs.automl.run_folder import RunFolder, data_name

        if is_data_asset(data):
            data = resolved(str(data), options.config)
        name = options.data_name or (str(data) if isinstance(data, str | Path) else "DataFrame")
        folder = RunFolder(options.out or _new_folder(data_name(name)))
        prepared = prepare_run(data, _as_begun(options, folder))
        if options.report:
            rows, is_logged = prepared.judged_rows, tracking is not None
            budget = replace(budget, report_seconds=seconds_of_report(options.seconds, rows, is_logged=is_logged))
        shared = pool.share(prepared.dataset.frame.size, options.parallel, options.memory)
        whole = Engine(prepared, options, folder, budget, shared)
        if options.report:  # while trials run elsewhere, so that it is written at once
            Thread(target=import_module, args=("workspace_jobs.automl.report.run_report",), daemon=True).start()
        # Trials need the cores.
        with progress.of_run(prepared, options.seconds), threadpool_limits(1):
            result = whole.run(name, pool, progress, tracking)
    if options.report:
        try:
            _report(result, tracking, budget, progress)
        except KeyboardInterrupt:
            # The model is there, and who waited for it wants to know.
            progress.warn(f"the report was interrupted: `mlws automl report {folder.path}` writes it.")
    return result


def _report(result: "Result", tracking: "Tracking | None", budget: Budget, progress: "Progress") -> None:
    if not budget.has_time_for_report():
        progress.warn(f"the time was over before the report: `mlws automl report {result.folder.path}` writes it.")
        return
    from workspace_jobs.automl.report.run_report import report_in

    report_in(result.folder, budget.left())
    if tracking is not None and result.run_id is not None:
        _log_artifacts(result, result.run_id, tracking, budget, progress)


def _as_begun(options: Options, folder: "RunFolder") -> Options:
    """The options by which a run that goes on chose its rows and folds, which its first time limit decided."""
    if not (options.resume and folder.exists()):
        return options
    return replace(options, timeout=folder.definition().seconds, max_trials=options.max_trials or 1)


def _log_artifacts(result: "Result", run_id: str, tracking: "Tracking", budget: Budget, progress: "Progress") -> None:
    from workspace_jobs.automl.report.run_artifacts import log_artifacts
    from workspace_jobs.automl.tracking import with_client

    error = with_client(
        tracking, lambda client: log_artifacts(client, result.folder, run_id, result.child_run_ids, budget.left)
    )
    if error is not None:
        progress.warn(f"MLflow has not got the report and the figures ({error}); they are in {result.folder.path}.")


def _new_folder(name: str) -> Path:
    return Path("automl-runs") / f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"

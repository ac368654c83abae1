"""Runs as a table in a file, a row a run, for whatever reads CSV or Parquet."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.runs.records import Run, moment

ENDINGS = (".csv", ".parquet")
_ATTRIBUTES = ("run_id", "run_name", "experiment_id", "status", "user_id", "start_time", "end_time", "artifact_uri")


def export(runs: Sequence[Run], path: Path) -> None:
    """Write runs to `path`, CSV or Parquet by its ending, whole or not at all.

    Columns are named as `mlflow.search_runs` names them (`params.alpha`, `metrics.rmse`, `tags.owner`). Raises
    JobsError for another ending or a folder that is not there.
    """
    if path.suffix not in ENDINGS:
        raise JobsError(f"{path}: the ending says the format: write {' or '.join(ENDINGS)}")
    if not path.parent.is_dir():
        raise JobsError(f"{path.parent} does not exist: make the folder, or write elsewhere")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        (_write_csv if path.suffix == ".csv" else _write_parquet)(runs, unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise JobsError(f"{path} cannot be written ({error.strerror}): write elsewhere") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _write_csv(runs: Sequence[Run], path: Path) -> None:
    params, metrics, tags = _keys(runs)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_names(params, metrics, tags))
        for run in runs:
            writer.writerow(
                (
                    *_attributes(run),
                    *(run.params.get(key) for key in params),
                    *(run.metrics.get(key) for key in metrics),
                    *(run.tags.get(key) for key in tags),
                )
            )


def _write_parquet(runs: Sequence[Run], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    params, metrics, tags = _keys(runs)
    time, text = pa.timestamp("ms", tz="UTC"), pa.string()
    types = [time if name.endswith("_time") else text for name in _ATTRIBUTES]
    attributes = zip(*map(_attributes, runs), strict=True) if runs else ([] for _ in _ATTRIBUTES)
    arrays = [pa.array(list(column), type=of) for column, of in zip(attributes, types, strict=True)]
    arrays += [pa.array([run.params.get(key) for run in runs], type=text) for key in params]
    arrays += [pa.array([run.metrics.get(key) for run in runs], type=pa.float64()) for key in metrics]
    arrays += [pa.array([run.tags.get(key) for run in runs], type=text) for key in tags]
    pq.write_table(pa.table(arrays, names=_names(params, metrics, tags)), path)


def _keys(runs: Sequence[Run]) -> tuple[list[str], list[str], list[str]]:
    return (
        sorted({key for run in runs for key in run.params}),
        sorted({key for run in runs for key in run.metrics}),
        sorted({key for run in runs for key in run.tags}),
    )


def _names(params: list[str], metrics: list[str], tags: list[str]) -> list[str]:
    return [
        *_ATTRIBUTES,
        *(f"params.{key}" for key in params),
        *(f"metrics.{key}" for key in metrics),
        *(f"tags.{key}" for key in tags),
    ]


def _attributes(run: Run) -> tuple[object, ...]:
    return (
        run.id,
        run.name,
        run.experiment_id,
        run.status,
        run.user,
        moment(run.started),
        moment(run.ended),
        run.artifact_uri,
    )

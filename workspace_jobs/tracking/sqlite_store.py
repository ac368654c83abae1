"""The buffered store of a sqlite database: runs are made here, and what is known of one is read from its rows."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlflow.entities import (
    DatasetInput,
    Experiment,
    ExperimentTag,
    LifecycleStage,
    LoggedModel,
    LoggedModelInput,
    Run,
    RunData,
    RunInputs,
    RunStatus,
    RunTag,
)
from mlflow.tracing.trace_archival_config import get_trace_archival_server_config
from mlflow.utils.mlflow_tags import MLFLOW_RUN_NAME, _get_run_name_from_tags
from mlflow.utils.name_utils import _generate_random_name
from mlflow.utils.uri import append_to_uri_path

from workspace_jobs.tracking import dataset_inputs
from workspace_jobs.tracking.buffer import Buffer
from workspace_jobs.tracking.checks import NotBufferedError, is_creatable
from workspace_jobs.tracking.journal import Journal
from workspace_jobs.tracking.location import journal_folder
from workspace_jobs.tracking.logged_models import LoggedModels
from workspace_jobs.tracking.operations import Operation
from workspace_jobs.tracking.run_state import RunState
from workspace_jobs.tracking.sqlite_writer import Database, SqliteWriter

# So often that MLflow's interface, in another process, shows a run as it goes.
_DELAY_SECONDS = 0.25
_RUN = """SELECT run_uuid, name, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri,
    CAST(experiment_id AS TEXT) FROM runs WHERE run_uuid = ?"""
_EXPERIMENT = """SELECT CAST(experiment_id AS TEXT), name, artifact_location, lifecycle_stage, creation_time,
    last_update_time, workspace FROM experiments WHERE {} = ?"""


class SqliteStore(LoggedModels):
    """The store of the database `path`, whose own MLflow store is made by `build` when something is read."""

    def __init__(self, path: Path, build: Callable[[], Any]) -> None:
        uri = f"sqlite:///{path}"
        folder = journal_folder(uri)
        super().__init__(build, Buffer(SqliteWriter(path, folder), Journal(folder, uri), _DELAY_SECONDS))
        self._database = Database(path)
        # What is in neither is read from the database, so that what others do to it is seen.
        self._states: dict[str, RunState] = {}
        self._models: dict[str, LoggedModel] = {}
        self._locations: dict[str, str | None] = {}
        self._buffer.when_written(self._forget)
        self._buffer.flush()

    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run:
        """Create a run."""
        if (run := self._begin(experiment_id, user_id, start_time, tags, run_name)) is None:
            plain: Run = self._plain("create_run", experiment_id, user_id, start_time, tags, run_name)
            return plain
        if self._is_first_in_a_while() and not self._buffer.away:
            self._buffer.flush()
        return run

    def _begin(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run | None:
        """Create a run here; None where MLflow's own store says best what is wrong with it."""
        with self._buffer.lock:
            location = self._location(experiment_id)
            if not location or not is_creatable(tags, run_name):
                return None
            named = _get_run_name_from_tags(tags or [])
            name = run_name or named or _generate_random_name()
            kept = [*(tags or []), *([] if named else [RunTag(MLFLOW_RUN_NAME, name)])]
            run_id = self._new_id()
            artifacts = append_to_uri_path(location, run_id, "artifacts")
            running, active = RunStatus.to_string(RunStatus.RUNNING), LifecycleStage.ACTIVE
            return self._create(
                RunState(run_id, name, user_id, running, start_time, None, active, artifacts, str(experiment_id)), kept
            )

    def _new_id(self) -> str:
        """Return the id of the run that is being created."""
        return uuid.uuid4().hex

    def _create(self, state: RunState, tags: list[RunTag]) -> Run:
        run_id = state.run_id
        row = (run_id, state.name, state.user_id, state.start_time, state.artifact_uri, int(state.experiment_id))
        self._take([("run", *row), *(("tag", run_id, tag.key, tag.value) for tag in tags)])
        self._states[run_id] = state
        state.complete = True
        state.tags.update((tag.key, tag.value) for tag in tags)
        return Run(state.info(), RunData(metrics=[], params=[], tags=tags), RunInputs(dataset_inputs=[]))

    def log_inputs(
        self, run_id: str, datasets: list[DatasetInput] | None = None, models: list[LoggedModelInput] | None = None
    ) -> None:
        """Say which datasets and models a run has read."""
        with self._buffer.lock:
            state = self._writable(run_id)
            try:
                if state is not None and datasets and not models:
                    self._take(dataset_inputs.operations(run_id, state.experiment_id, datasets))
                    # What the run has read is told by the database.
                    state.complete = False
                    return
            except NotBufferedError:
                pass
        self._plain("log_inputs", run_id, datasets, models)

    def _complete(self, run_id: str) -> RunState | None:
        """Return the run if it is not in the database yet."""
        state = self._states.get(run_id)
        return state if state is not None and state.complete else None

    def _model_location(self, experiment_id: str, model_id: str, name: str, source_run_id: str | None) -> str | None:
        location = self._location(experiment_id)
        return location and append_to_uri_path(location, "models", model_id, "artifacts")

    def _record(self, operations: list[Operation]) -> None:
        self._take(operations)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment."""
        found: Experiment = self._experiment("experiment_id", experiment_id) or self._plain(
            "get_experiment", experiment_id
        )
        return found

    def get_experiment_by_name(self, experiment_name: str) -> Experiment | None:
        """Return the experiment of this name, if there is one."""
        found: Experiment | None = self._experiment("name", experiment_name) or self._plain(
            "get_experiment_by_name", experiment_name
        )
        return found

    def _experiment(self, column: str, value: str) -> Experiment | None:
        """Read an experiment here, which saves the import of what MLflow's store needs; None where MLflow has to."""
        if get_trace_archival_server_config() is not None:
            return None
        with self._buffer.lock:
            connection = self._database.connection
            row = connection.execute(_EXPERIMENT.format(column), (value,)).fetchone()
            if row is None:
                return None
            tags = connection.execute("SELECT key, value FROM experiment_tags WHERE experiment_id = ?", row[:1])
            found_id, name, location, stage, created, updated, workspace = row
            return Experiment(
                found_id, name, location, stage, [ExperimentTag(*tag) for tag in tags], created, updated, workspace
            )

    def _state(self, run_id: str) -> RunState | None:
        if (state := self._states.get(run_id)) is None:
            connection = self._database.connection
            row = connection.execute(_RUN, (run_id,)).fetchone()
            if row is None:
                return None
            params = connection.execute("SELECT key, value FROM params WHERE run_uuid = ?", (run_id,))
            state = RunState(*row)
            state.parameters.update(params)
            self._states[run_id] = state
        return state

    def _location(self, experiment_id: str) -> str | None:
        """Return where the experiment has its artifacts; None unless it is one that may have runs."""
        if experiment_id not in self._locations:
            query = "SELECT artifact_location FROM experiments WHERE experiment_id = ? AND lifecycle_stage = 'active'"
            row = self._database.connection.execute(query, (experiment_id,)).fetchone()
            self._locations[experiment_id] = None if row is None else row[0]
        return self._locations[experiment_id]

    def _forget(self) -> None:
        self._states.clear()
        self._models.clear()
        self._locations.clear()

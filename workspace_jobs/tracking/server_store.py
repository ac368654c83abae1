"""The buffered store of a tracking server or a PostgreSQL database: runs are made there, and get what is logged later.

A server that takes ids proposed to it is waited for with the first run in a while only; the next are begun here, and
made there soon after. So are runs that are begun while a server is away, under ids that say so.
"""

import sys
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from mlflow.entities import LifecycleStage, Run, RunData, RunInfo, RunInputs, RunStatus, RunTag
from mlflow.environment_variables import MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT
from mlflow.exceptions import MlflowException
from mlflow.protos.service_pb2 import CreateRun
from mlflow.store.tracking.rest_store import RestStore
from mlflow.utils.mlflow_tags import MLFLOW_RUN_NAME, _get_run_name_from_tags
from mlflow.utils.name_utils import _generate_random_name

from workspace_jobs.tracking.buffer import Buffer
from workspace_jobs.tracking.buffered_store import BufferedStore
from workspace_jobs.tracking.checks import is_creatable
from workspace_jobs.tracking.errors import StoreAwayError, first_line
from workspace_jobs.tracking.journal import Journal
from workspace_jobs.tracking.location import journal_folder, without_password
from workspace_jobs.tracking.proposed_id import proposed
from workspace_jobs.tracking.refused import put_aside
from workspace_jobs.tracking.run_state import RunState
from workspace_jobs.tracking.server_writer import OFFLINE_PREFIX, ServerWriter, is_refusal

# A run that goes on sends what it has every few seconds; one that ends, at once.
_DELAY_SECONDS = 5.0
_RUNNING = RunStatus.to_string(RunStatus.RUNNING)


class ServerStore(BufferedStore):
    """The store at `uri`, of which `build` makes MLflow's own."""

    def __init__(self, uri: str, build: Callable[[], Any]) -> None:
        folder = journal_folder(uri)
        self._writer = ServerWriter(lambda: self._inner, partial(put_aside, folder))
        journal = Journal(folder, without_password(uri))
        super().__init__(build, Buffer(self._writer, journal, _DELAY_SECONDS))
        self._states: dict[str, RunState] = {}
        # Of each experiment, the first run, where the server has taken the id proposed for it.
        self._first_runs: dict[str, RunInfo] = {}
        self._buffer.when_written(self._forget)
        self._buffer.start()

    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run:
        """Create a run: on the server, or here where that is away, or is known to take ids of ours."""
        arguments = (str(experiment_id), user_id, start_time, list(tags or []), run_name)
        seldom = self._is_first_in_a_while()
        if self._buffer.away:
            # What answers next may be another server.
            self._first_runs.clear()
        elif not seldom and (first := self._first_runs.get(str(experiment_id))) and is_creatable(tags, run_name):
            run_id = uuid.uuid4().hex
            return self._begin(run_id, first.artifact_uri.replace(first.run_id, run_id), *arguments)
        else:
            try:
                return self._create(*arguments)
            except MlflowException as error:
                if is_refusal(error):
                    raise
                self._buffer.postpone(StoreAwayError(f"The tracking server does not answer: {first_line(error)}."))
        return self._begin(f"{OFFLINE_PREFIX}{uuid.uuid4().hex}", "", *arguments)

    def _create(self, *arguments: Any) -> Run:  # noqa: ANN401 - MLflow's
        run_id = uuid.uuid4().hex
        with proposed(run_id):
            run: Run = self._inner.create_run(*arguments)
        self._remember(run)
        if run.info.run_id == run_id:
            self._first_runs[run.info.experiment_id] = run.info
            self._writer.takes_operations = True
        return run

    def _begin(  # noqa: PLR0913, PLR0917 - what a run consists of
        self,
        run_id: str,
        artifact_uri: str,
        experiment_id: str,
        user_id: str,
        start_time: int,
        tags: list[RunTag],
        run_name: str | None,
    ) -> Run:
        """Begin a run here, to be created on the server later. Raises TypeError and ValueError."""
        # What no request can carry has to be said now, as MLflow's client says it.
        CreateRun(user_id=user_id, start_time=start_time, run_name=run_name, tags=[tag.to_proto() for tag in tags])
        name = run_name or _get_run_name_from_tags(tags) or _generate_random_name()
        kept = [(tag.key, tag.value) for tag in tags if tag.key != MLFLOW_RUN_NAME] + [(MLFLOW_RUN_NAME, name)]
        running, active = _RUNNING, LifecycleStage.ACTIVE
        state = RunState(run_id, name, user_id, running, start_time, None, active, artifact_uri, experiment_id)
        with self._buffer.lock:
            self._take([("create", run_id, experiment_id, user_id, start_time, name, kept)])
            self._states[run_id] = state
            self._buffer.hurry()
        data = RunData(metrics=[], params=[], tags=[RunTag(*pair) for pair in kept])
        return Run(state.info(), data, RunInputs(dataset_inputs=[]))

    def get_run(self, run_id: str) -> Run:
        """Return the run, with all that was logged; what is known of it here, while the server is away."""
        if (state := self._complete(run_id)) is not None:
            return state.run()
        self._buffer.flush()
        if self._buffer.away and (state := self._states.get(run_id)) is not None:
            return state.run()
        run: Run = self._inner.get_run(self._writer.real_id(run_id))
        self._remember(run)
        return run

    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Set what is not None; a run that ends is sent at once."""
        info = super().update_run_info(run_id, run_status, end_time, run_name)
        if run_status is not None and RunStatus.is_terminated(run_status):
            self._buffer.hurry()
            self._tell_address(info)
        return info

    def _tell_address(self, info: RunInfo) -> None:
        """What MLflow's client prints of a server's runs, without the call that it makes for that."""
        if not isinstance(self._inner, RestStore) or MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT.get():
            return
        if not self._writer.has_run(info.run_id):
            return
        experiment = f"{self._inner.get_host_creds().host.rstrip('/')}/#/experiments/{info.experiment_id}"
        run = f"{experiment}/runs/{self._writer.real_id(info.run_id)}"
        sys.stdout.write(f"🏃 View run {info.run_name} at: {run}\n🧪 View experiment at: {experiment}\n")

    def _state(self, run_id: str) -> RunState | None:
        if run_id not in self._states and not self._buffer.away:
            try:
                self._remember(self._inner.get_run(run_id))
            except MlflowException:
                return None
        return self._states.get(run_id)

    def _remember(self, run: Run) -> RunState:
        state = RunState(
            run.info.run_id,
            run.info.run_name,
            run.info.user_id,
            run.info.status,
            run.info.start_time,
            run.info.end_time,
            run.info.lifecycle_stage,
            run.info.artifact_uri,
            run.info.experiment_id,
            dict(run.data.params),
        )
        with self._buffer.lock:
            self._states[run.info.run_id] = state
        return state

    def _forget(self) -> None:
        for run_id in [run_id for run_id, state in self._states.items() if state.status != _RUNNING]:
            del self._states[run_id]

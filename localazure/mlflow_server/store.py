"""MLflow's own SQL store, with the one thing Azure ML's tracking has and MLflow's has not: a job's run has its name.

On Azure the MLflow run of a job has the job's name as its id, and its artifacts lie in the workspace's own container.
Whoever creates the run of a job says so with two tags, which are consumed here and not kept.
"""

from typing import Any

from mlflow.entities import Run, RunTag
from mlflow.store.tracking.dbmodels.models import SqlRun, SqlTag
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from sqlalchemy import text, update

RUN_ID_TAG = "localazure.run_id"
ARTIFACT_URI_TAG = "localazure.artifact_uri"


def azure_run_store(store_uri: str, artifact_uri: str) -> "AzureRunStore":
    """The store for a database, in the form that MLflow's registry of stores calls."""
    return AzureRunStore(store_uri, artifact_uri)


class AzureRunStore(SqlAlchemyStore):
    """`SqlAlchemyStore`, except for the ids and artifact places of runs that are jobs."""

    def create_run(self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str) -> Run:
        """Create a run; under the id that the tags ask for, if they do. The same id again gives the same run."""
        asked = {tag.key: tag.value for tag in tags}
        run_id = asked.pop(RUN_ID_TAG, None)
        artifact_uri = asked.pop(ARTIFACT_URI_TAG, None)
        kept = [RunTag(key, value) for key, value in asked.items()]
        if run_id is not None and self._has_run(run_id):
            return self._run(run_id)
        run: Run = super().create_run(experiment_id, user_id, start_time, kept, run_name)
        if run_id is None:
            return run
        self._rename(run.info.run_id, run_id, artifact_uri or run.info.artifact_uri)
        return self._run(run_id)

    def _run(self, run_id: str) -> Run:
        run: Run = self.get_run(run_id)
        return run

    def _has_run(self, run_id: str) -> bool:
        with self.ManagedSessionMaker(read_only=True) as session:
            return session.query(SqlRun).filter(SqlRun.run_uuid == run_id).first() is not None

    def _rename(self, generated: str, run_id: str, artifact_uri: str) -> None:
        values: dict[str, Any] = {"run_uuid": run_id, "artifact_uri": artifact_uri}
        with self.ManagedSessionMaker(read_only=False) as session:
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
            session.execute(update(SqlTag).where(SqlTag.run_uuid == generated).values(run_uuid=run_id))
            session.execute(update(SqlRun).where(SqlRun.run_uuid == generated).values(**values))

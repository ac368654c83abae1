"""The MLflow server process: `python -m localazure.mlflow_server PORT FOLDER`.

MLflow's own application under plain uvicorn, one process. The `mlflow server` command would also start a job runner
and its queue consumers (ten processes, 1.1 GB, four times as long to be ready), which nothing here uses.
"""

import os
import sys
from pathlib import Path

from localazure.home import LOOPBACK


def main() -> None:
    """Serve until terminated."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    _configure(folder, port)

    import uvicorn
    from mlflow.server.fastapi_app import app
    from mlflow.server.handlers import _get_tracking_store, _tracking_store_registry

    from localazure.mlflow_server.azure_limits import with_azure_limits
    from localazure.mlflow_server.store import azure_run_store

    _tracking_store_registry.register("sqlite", azure_run_store)
    _get_tracking_store()  # makes the database now, not in the first request
    uvicorn.run(with_azure_limits(app), host=LOOPBACK, port=port, log_level="warning", access_log=False)


def _configure(folder: Path, port: int) -> None:
    """What `mlflow server` would put into the environment of its workers (mlflow/server/__init__.py, 3.15.0)."""
    os.environ.update(
        _MLFLOW_SERVER_FILE_STORE=f"sqlite:///{folder / 'mlflow.db'}",
        _MLFLOW_SERVER_ARTIFACT_ROOT="mlflow-artifacts:/",
        _MLFLOW_SERVER_ARTIFACT_DESTINATION=(folder / "artifacts").as_uri(),
        _MLFLOW_SERVER_SERVE_ARTIFACTS="true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false",
        MLFLOW_SERVER_ALLOWED_HOSTS=f"{LOOPBACK}:{port},localhost:{port}",
        MLFLOW_DISABLE_TELEMETRY="true",
    )


if __name__ == "__main__":
    main()

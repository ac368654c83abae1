"""Puts the buffered stores before MLflow's own, in this process."""


def enable() -> None:
    """From now on, MLflow's stores for sqlite, PostgreSQL, http(s), azureml and databricks URIs are buffered.

    Scripts and URIs stay as they are. Call it before the first logging call; again does nothing.
    """
    raise NotImplementedError

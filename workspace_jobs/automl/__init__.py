"""AutoML: from a table to candidates, trials, an ensemble and a model, every one a plain scikit-learn pipeline.

Knows tables, scikit-learn and MLflow; must not know Azure, save where a run is handed to it (`submission`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workspace_jobs.automl.api import run

__all__ = ["run"]


def __getattr__(name: str) -> object:
    """Import the engine when it is asked for: the command line starts without it."""
    if name != "run":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workspace_jobs.automl.api import run

    return run

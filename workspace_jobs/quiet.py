"""Keeps the SDKs' notices off the terminal; this room says itself what matters.

To be called before the SDKs are imported: they read the environment, and warn of experimental classes, as they load.
"""

import logging
import os
import sys
import warnings
from types import ModuleType

# azure-ai-ml sets the level of its own root logger as it loads, but not of those below.
AZURE_AI_ML = ("_artifacts", "_schema", "_utils", "entities", "operations")
LOGGERS = (
    *("azure", "azureml", "msrest", "mlflow", "urllib3", "alembic"),
    *(f"azure.ai.ml.{package}" for package in AZURE_AI_ML),
)
# The SDK polls a job's log less and less often, up to a minute apart; a log that is watched should move.
LONGEST_WAIT_FOR_LOG_SECONDS = "3"


def make_quiet() -> None:
    """Silence the SDKs' loggers and warnings, and have them poll logs briskly."""
    os.environ.setdefault("AZUREML_RUN_POLLING_INTERVAL_MAX", LONGEST_WAIT_FOR_LOG_SECONDS)
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"(azure|azureml|mlflow|marshmallow|msrest)\b")


def make_uploads_quiet() -> None:
    """Have the SDK end an upload without the blank lines, and off a terminal without the colour code, that it prints.

    To be called once the SDK is imported. It takes no option for this: its storage modules get a `print` of ours.
    """
    from azure.ai.ml._artifacts import _blob_storage_helper, _gen2_storage_helper

    modules: tuple[ModuleType, ...] = (_blob_storage_helper, _gen2_storage_helper)
    for module in modules:
        vars(module)["print"] = _end_upload


def _end_upload(text: str, **_: object) -> None:
    """Reset the colour of the progress bar, which there is on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(text.rstrip("\n"))

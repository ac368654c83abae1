"""What a job's process is started with: the program, and the variables it finds."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from localazure.runner.errors import RunnerError
from localazure.runner.folder import JobFolder
from localazure.runner.spec import JobSpec
from localazure.runner.templating import render
from localazure.runner.tracking import Run

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_PROXY_VARIABLES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})
_AUTOML_ENGINES = "mlws.automl"
PACKAGE_ROOT = Path(__file__).resolve().parents[2]


def take_identity(identity: Mapping[str, str]) -> dict[str, str]:
    """Give this process the job's identity, and return the environment it had before: the machine's own.

    The machine's own proxy variables go, in both spellings: requests prefers the lower-case ones, and one left
    over would lead past the embedded Azure.
    """
    machine = dict(os.environ)
    for name in machine:
        if name.lower() in _PROXY_VARIABLES:
            del os.environ[name]
    os.environ.update(identity)
    return machine


def command_line(spec: JobSpec, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Sequence[str]:
    """The program of a command job. Raises RunnerError for a placeholder that the job can't fill."""
    return ["bash", "-c", render(spec.command, inputs, outputs)]


def automl_line(task_file: Path, data: Path, out: Path) -> Sequence[str]:
    """The program of an AutoML job: the module that an installed package offers as its AutoML engine.

    Raises RunnerError where none is installed.
    """
    engine = next(iter(entry_points(group=_AUTOML_ENGINES)), None)
    if engine is None:
        raise RunnerError("AutoML jobs need an engine, and none is installed: pip install 'mlws[automl]'.")
    return [sys.executable, "-P", "-m", engine.module, str(task_file), str(data), str(out)]


def sweep_line(task_file: Path, out: Path) -> Sequence[str]:
    """The program of a sweep job."""
    return [sys.executable, "-P", "-m", "localazure.sweeps", str(task_file), str(out)]


def variables(spec: JobSpec, folder: JobFolder, interpreter: Path, run: Run | None) -> dict[str, str]:
    """The environment of the job's process: nothing of the server's own, and the job's variables last."""
    return {
        "PATH": f"{interpreter.parent}:{_SYSTEM_PATH}",
        "HOME": str(folder.path),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "AZUREML_RUN_ID": spec.name,
        "AZUREML_EXPERIMENT_NAME": spec.experiment,
        **_workspace(spec),
        **_tracking(spec, run),
        **spec.identity,
        **({"PYTHONPATH": str(PACKAGE_ROOT)} if spec.kind != "command" else {}),
        **spec.environment_variables,
    }


def _workspace(spec: JobSpec) -> dict[str, str]:
    if spec.workspace is None:
        return {}
    return {
        "AZUREML_ARM_SUBSCRIPTION": spec.workspace.subscription_id,
        "AZUREML_ARM_RESOURCEGROUP": spec.workspace.resource_group,
        "AZUREML_ARM_WORKSPACE_NAME": spec.workspace.workspace,
    }


def _tracking(spec: JobSpec, run: Run | None) -> dict[str, str]:
    if run is None:
        return {}
    return {
        "MLFLOW_TRACKING_URI": run.uri,
        "MLFLOW_RUN_ID": run.run_id,
        "MLFLOW_EXPERIMENT_ID": run.experiment_id,
        "MLFLOW_EXPERIMENT_NAME": spec.experiment,
    }

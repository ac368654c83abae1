"""The process of the code itself: `python -m workspace_jobs.training.launch.execution FOLDER`.

Its standard output and error are files of the folder already; whoever started it shows them.
"""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from workspace_jobs.logging_policy import LoggingPolicy, apply, policy_of_environment
from workspace_jobs.tracking import activation
from workspace_jobs.tracking.location import without_password
from workspace_jobs.training.launch.folder import LaunchFolder
from workspace_jobs.training.launch.pinning import pin_the_run
from workspace_jobs.training.launch.recording import begin, complete, outcome_of
from workspace_jobs.training.launch.spec import LaunchSpec
from workspace_jobs.training.launch.system_metrics import system_metrics
from workspace_jobs.training.launch.target import exit_code_of, run_as_main, traceback_of


def main(folder: LaunchFolder) -> int:
    """Run the code of the folder as one tracked run; 0 where it finished, 1 where not."""
    spec = LaunchSpec.read(folder.spec_file)
    signal.signal(signal.SIGTERM, _interrupted)
    import mlflow

    enable_fast_stores()
    try:
        client = mlflow.MlflowClient()
        run = begin(spec, client)
        run_id, experiment_id = run.info.run_id, run.info.experiment_id
        experiment = str(client.get_experiment(experiment_id).name)
    except mlflow.MlflowException as refusal:
        address = without_password(mlflow.get_tracking_uri())
        sys.stderr.write(f"mlws: no run can be begun in {address}: {' '.join(str(refusal).split())}\n")
        return 1
    folder.write_outcome(outcome_of(run, experiment, mlflow.get_tracking_uri()))
    apply(policy_of_environment() or LoggingPolicy())
    pin_the_run(experiment_id)
    # The launcher's own folder, in nobody's way.
    sys.path.append(sys.path.pop(0))
    with system_metrics(run_id):
        status, error = _run(spec)
        # The code may have left a run open.
        mlflow.end_run(status)
    # From here on, nothing interrupts what makes the record whole.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdout.flush()
    sys.stderr.flush()
    complete(spec, run_id, status, folder, client)
    folder.write_outcome(outcome_of(client.get_run(run_id), experiment, mlflow.get_tracking_uri(), error))
    return 0 if status == "FINISHED" else 1


def enable_fast_stores() -> None:
    """Put the product's tracking stores under MLflow's own API."""
    activation.enable()


def _run(spec: LaunchSpec) -> tuple[str, str]:
    """MLflow's status of how the code ended, and one line about it where it failed."""
    try:
        run_as_main(spec.target, spec.command_line)
    except KeyboardInterrupt:
        return "KILLED", "interrupted"
    except SystemExit as stop:
        code = exit_code_of(stop)
        return ("FINISHED", "") if code == 0 else ("FAILED", f"exit code {code}")
    except BaseException as error:
        sys.stderr.write(traceback_of(error))
        return "FAILED", f"{type(error).__name__}: {error}".splitlines()[0]
    return "FINISHED", ""


def _interrupted(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(LaunchFolder(Path(sys.argv[1]))))

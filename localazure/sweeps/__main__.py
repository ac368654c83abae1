"""`python -m localazure.sweeps TASK.json OUT_DIR`: the process of a sweep job.

Reads the job's properties, runs its trials, and leaves `summary.json` in OUT_DIR; or `error.txt`, one sentence, and
exit code 2.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from localazure.pulumi_provider.arm_client import ArmClient
from localazure.sweeps.driver import Driver
from localazure.sweeps.errors import SweepError
from localazure.sweeps.trials import Trials


def main(task_file: Path, out: Path) -> int:
    """Run the sweep; the exit code for the operating system."""
    out.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    properties = json.loads(task_file.read_text(encoding="utf-8"))
    name, tracking_uri = os.environ["AZUREML_RUN_ID"], os.environ["MLFLOW_TRACKING_URI"]
    trials = Trials(ArmClient(), _workspace(), name, properties, tracking_uri)
    try:
        summary = Driver(properties, trials, stop.is_set).run()
    except SweepError as error:
        (out / "error.txt").write_text(str(error), encoding="utf-8")
        return error.exit_code
    (out / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return 0


def _workspace() -> str:
    subscription, group = os.environ["AZUREML_ARM_SUBSCRIPTION"], os.environ["AZUREML_ARM_RESOURCEGROUP"]
    provider = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices"
    return f"{provider}/workspaces/{os.environ['AZUREML_ARM_WORKSPACE_NAME']}"


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

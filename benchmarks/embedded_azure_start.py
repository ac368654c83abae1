"""How long until an embedded Azure is ready, beside what a user would start for tracking alone: `mlflow server`.

    python -m benchmarks.embedded_azure_start [RUNS]

Pairs of runs, ours and theirs in turn, each in an empty folder; prints medians and the ratio pair by pair.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from http import HTTPStatus
from pathlib import Path

from localazure import control
from localazure.home import LOOPBACK, Home

_DEADLINE_SECONDS = 120


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ours, theirs = [], []
    for number in range(runs):
        ours.append(_embedded_azure())
        theirs.append(_mlflow_server())
        print(f"pair {number + 1}: embedded Azure {ours[-1]:.1f} s, mlflow server {theirs[-1]:.1f} s", flush=True)
    ratios = [mine / peer for mine, peer in zip(ours, theirs, strict=True)]
    print(f"embedded Azure (front door, Azurite, MLflow): median {statistics.median(ours):.1f} s")
    print(f"mlflow server (tracking only):                median {statistics.median(theirs):.1f} s")
    print(f"ratio: median {statistics.median(ratios):.2f} (lower is better for us)")


def _embedded_azure() -> float:
    home = Home(Path(tempfile.mkdtemp()))
    began = time.monotonic()
    control.start(home, 0, progress=lambda _: None)
    seconds = time.monotonic() - began
    control.stop(home)
    shutil.rmtree(home.path)
    return seconds


def _mlflow_server() -> float:
    folder = Path(tempfile.mkdtemp())
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    command = ["mlflow", "server", "--host", LOOPBACK, "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--default-artifact-root", str(folder)]
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    began = time.monotonic()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
    try:
        _await_health(port)
        return time.monotonic() - began
    finally:
        os.killpg(server.pid, 15)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _await_health(port: int) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/health", timeout=1) as answer:
                if answer.status == HTTPStatus.OK:
                    return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no answer on port {port} within {_DEADLINE_SECONDS} s")


if __name__ == "__main__":
    main()

"""`mlws` as a user calls it: a process of its own, in a folder, with nothing of this shell's MLflow."""

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from mlflow import MlflowClient

from mlws import main

PROJECT = Path(__file__).resolve().parents[2]
MLWS = [sys.executable, "-P", "-m", "mlws"]


def environment(**variables: str) -> dict[str, str]:
    """This process's environment, with these variables, and none that would decide where runs go."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "MLWS_"))}
    return {**kept, "PYTHONPATH": str(PROJECT), **variables}


def mlws(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return subprocess.run(
        [*MLWS, *arguments],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def mlws_here(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in this process: quicker, for calls that are refused before anything is started."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code = 0
    line = ["mlws", *arguments]
    with (
        chdir(folder),
        mock.patch.object(sys, "argv", line),
        mock.patch.dict(os.environ, environment(**variables), clear=True),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    told = [stream.detach().getvalue().decode() for stream in (out, err)]
    return subprocess.CompletedProcess(line, code, *told)


def client(folder: Path) -> MlflowClient:
    """A plain client of the folder's store, which sees what any other tool sees."""
    return MlflowClient(tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")

"""`mlws train --here` for real: a process each, and what it leaves in MLflow."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from mlflow.entities import Run

from tests.workspace_jobs.whole_commands import MLWS, PROJECT, client, environment, mlws, mlws_here

pytestmark = pytest.mark.xdist_group("train-here")

SCRIPT = """
import argparse, os, signal, sys, time
import mlflow
parser = argparse.ArgumentParser()
parser.add_argument("--alpha", type=float, default=1.0)
parser.add_argument("--table")
parser.add_argument("word")
arguments = parser.parse_args()
print("out", arguments.word, flush=True)
print("err", arguments.word, file=sys.stderr)
mlflow.set_experiment("of the script")
with mlflow.start_run():
    mlflow.log_param("alpha", arguments.alpha)
    mlflow.log_metric("loss", arguments.alpha * 2)
    if arguments.word == "raise":
        raise ValueError("no such luck")
    if arguments.word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if arguments.word == "wait":
        time.sleep(300)
"""
FITS = """
import mlflow
from sklearn.linear_model import Ridge
{own}
Ridge().fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 4.0])
"""
BOOSTS = """
import lightgbm, numpy
lightgbm.train({"verbose": -1}, lightgbm.Dataset(numpy.eye(20), numpy.arange(20.0)), num_boost_round=1)
"""

# A platform that logs by itself whatever is trained, in the process of the code.
PLATFORM = """
import sys
if "-c" in sys.orig_argv:
    import mlflow
    mlflow.autolog(log_models=False)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a store, in which scripts lie."""
    folder = tmp_path_factory.mktemp("train")
    (folder / "train.py").write_text(SCRIPT)
    (folder / "rows.csv").write_text("a,b\n1,2\n")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "train.py"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    (folder / "train.py").write_text(SCRIPT + "# changed\n")
    return folder


def train(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return mlws(folder, "train", *arguments, **variables)


def run_of(folder: Path, done: "subprocess.CompletedProcess[str]") -> Run:
    return client(folder).get_run(json.loads(done.stdout)["run_id"])


def artifact(folder: Path, run: Run, path: str) -> str:
    return Path(client(folder).download_artifacts(run.info.run_id, path)).read_text()


def names(values: Sequence[Any]) -> set[str]:
    return {value.path for value in values}


def test_a_script_is_recorded_with_everything_that_it_came_from(folder: Path) -> None:
    (folder / "mlflow.db").unlink(missing_ok=True)
    options = ["--param", "alpha=1", "--data", "table=rows.csv", "--tag", "team=blue", "--name", "first", "--json"]
    done = train(folder, "train.py", "--here", *options, "--", "fine")
    assert done.returncode == 0, done.stderr
    assert {"out fine", "err fine"} <= set(done.stderr.splitlines())
    run = run_of(folder, done)
    assert (run.info.status, run.info.run_name) == ("FINISHED", "first")
    # What the script logs stands, though it is written otherwise.
    assert run.data.params["alpha"] == "1.0"
    assert run.data.metrics["loss"] == 2.0
    assert run.data.metrics["system/system_memory_usage_megabytes"] > 0
    assert run.data.tags["team"] == "blue"
    assert len(run.data.tags["mlflow.source.git.commit"]) == 40
    (used,) = run.inputs.dataset_inputs
    assert (used.dataset.name, used.dataset.digest) == ("table", run.data.params["table_digest"])
    kept = client(folder)
    assert names(kept.list_artifacts(run.info.run_id)) == {"code", "git.diff", "logs", "requirements.txt"}
    assert "+# changed" in artifact(folder, run, "git.diff")
    assert artifact(folder, run, "code/train.py").endswith("# changed\n")
    assert artifact(folder, run, "logs/stdout.txt") == "out fine\n"
    assert "mlflow==" in artifact(folder, run, "requirements.txt")
    experiment = kept.get_experiment(run.info.experiment_id)
    assert experiment.name == "train"
    assert "of the script of the code is not used" in artifact(folder, run, "logs/stderr.txt")


def test_a_script_that_raises_fails_with_its_own_traceback(folder: Path) -> None:
    done = train(folder, "train.py", "--here", "--json", "--", "raise")
    assert done.returncode == 1
    trace = done.stderr[done.stderr.index("Traceback") :]
    assert "workspace_jobs" not in trace
    assert "runpy" not in trace
    assert 'File "train.py"' in trace
    assert "ValueError: no such luck" in trace
    assert done.stderr.splitlines()[-1].startswith("error: train.py failed (ValueError: no such luck)")
    assert run_of(folder, done).info.status == "FAILED"


def test_a_process_that_is_killed_leaves_a_failed_run_with_its_output(folder: Path) -> None:
    done = train(folder, "train.py", "--here", "--json", "--", "die")
    assert done.returncode == 1
    assert "SIGKILL" in done.stderr
    run = run_of(folder, done)
    assert (run.info.status, run.data.metrics["loss"]) == ("FAILED", 2.0)
    assert artifact(folder, run, "logs/stdout.txt") == "out die\n"


def test_an_interrupted_run_is_killed(folder: Path) -> None:
    started = subprocess.Popen(
        [*MLWS, "train", "train.py", "--here", "--json", "--", "wait"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stderr is not None
        until = time.monotonic() + 120
        while started.stderr.readline().strip() != "out wait":
            assert time.monotonic() < until
            assert started.poll() is None
        started.send_signal(signal.SIGTERM)
        out, _ = started.communicate(timeout=120)
    finally:
        started.kill()
    assert started.returncode == 130
    assert client(folder).get_run(json.loads(out)["run_id"]).info.status == "KILLED"


@pytest.mark.parametrize(
    ("autolog", "own", "logged"),
    [
        ("off", "mlflow.sklearn.autolog(log_models=False)", True),
        # Though the platform has turned it on.
        ("explicit-only", "", False),
        # Of one library alone it is off.
        ("on", BOOSTS, True),
    ],
    ids=["off", "explicit-only", "on"],
)
def test_autologging_is_the_workspaces_to_switch_and_the_scripts_to_override(
    folder: Path, autolog: str, own: str, logged: bool
) -> None:
    (folder / "fits.py").write_text(FITS.format(own=own))
    policy = {"autolog": autolog, "flavours": {"lightgbm": "off"}, "models": False, "datasets": False}
    address = {"subscription_id": "00000000-1111-2222-3333-444444444444", "resource_group": "r", "workspace_name": "w"}
    (folder / "config.json").write_text(json.dumps({**address, "logging": policy}))
    platform = folder / "platform"
    platform.mkdir(exist_ok=True)
    (platform / "sitecustomize.py").write_text(PLATFORM if autolog == "explicit-only" else "")
    done = train(folder, "fits.py", "--here", "--json", PYTHONPATH=f"{platform}{os.pathsep}{PROJECT}")
    assert done.returncode == 0, done.stderr
    data = run_of(folder, done).data
    assert ("training_mean_squared_error" in data.metrics) is logged
    assert "num_boost_round" not in data.params


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone.py", "--here"], "gone.py does not exist"),
        (["train.py", "--here", "--param", "alpha"], "write it as NAME=VALUE"),
        (["train.py", "--here", "--param", "a=1", "--param", "a=2"], "given twice"),
        (["train.py", "--here", "--data", "t=nowhere.csv"], "no such file"),
        (["train.py", "--here", "--compute", "cpu"], "leave --compute"),
        (["train.py", "--tracking-uri", "sqlite:///x.db"], "--tracking-uri is for --here"),
        (["train.py", "--here", "--tracking-uri", "nosuch://store"], "`nosuch://store` is no MLflow store"),
        (["train.py", "--here", "--tracking-uri", "sqlite:////dev/null/x.db"], "/dev/null/x.db cannot be made"),
        (["train.py", "--here", "--tracking-uri", "sqlite:///train.py"], "cannot be read as an MLflow store"),
        (["train.py", "--here", "--tracking-uri", "http://127.0.0.1:9"], "nothing answers at http://127.0.0.1:9"),
    ],
)
def test_a_wrong_call_is_one_sentence(folder: Path, arguments: list[str], words: str) -> None:
    done = mlws_here(folder, "train", *arguments)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert words in line


def test_an_unknown_policy_of_the_environment_is_said(folder: Path) -> None:
    done = mlws_here(folder, "train", "train.py", "--here", "--", "fine", MLWS_AUTOLOG="of")
    assert (done.returncode, "did you mean `off`" in done.stderr) == (2, True)


def test_a_run_that_the_store_refuses_is_told_without_a_traceback(folder: Path) -> None:
    store = client(folder)
    store.delete_experiment(store.create_experiment("gone"))
    done = train(folder, "train.py", "--here", "--experiment", "gone", "--", "fine")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f"no run can be begun in sqlite:///{folder / 'mlflow.db'}" in done.stderr


def test_a_script_of_another_folder_keeps_its_run_where_it_was_started(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text("import os\nprint(os.environ['MLWS_TRACKING_OUTBOX'])")
    done = train(folder, str(tmp_path / "elsewhere.py"), "--here", "--json", MLFLOW_TRACKING_URI="sqlite:///own.db")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tracking_uri"] == f"sqlite:///{folder / 'own.db'}"
    assert not list(tmp_path.glob("*.db"))
    # What a server does not get is where `mlws runs sync` looks for it.
    assert str(folder / ".mlws" / "tracking" / "outbox") in done.stderr

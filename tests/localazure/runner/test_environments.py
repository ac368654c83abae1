"""Environments, built by the real uv. Those that need the package registry skip where there is none."""

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from localazure.runner import environments
from localazure.runner.errors import JobStoppedError, RunnerError
from localazure.runner.spec import EnvironmentSpec

pytestmark = pytest.mark.timeout(120)
NOW = f"{sys.version_info.major}.{sys.version_info.minor}"


def planned(conda: dict[str, Any] | None, image: str | None = None) -> environments.Plan:
    return environments.plan(EnvironmentSpec("env", "1", image, conda))


def build(wanted: environments.Plan, folder: Path, log: Path) -> Path:
    with log.open("ab", buffering=0) as file:
        return environments.provide(wanted, folder, os.environ, file, lambda: False)


def local_package(folder: Path, name: str) -> str:
    """A package that needs no registry: a wheel made by hand."""
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    import zipfile

    with zipfile.ZipFile(wheel, "w") as archive:
        info = f"{name}-1.0.dist-info"
        archive.writestr(f"{name}.py", "def main():\n    print('ran', __name__)\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", f"[console_scripts]\n{name}={name}:main\n")
        archive.writestr(f"{info}/RECORD", "")
    return str(wheel)


def test_a_conda_file_gives_pips_requirements_and_names_what_is_left_out() -> None:
    plan = planned(
        {
            "channels": ["x"],
            "dependencies": [f"python={NOW}", "pip", "conda-forge::numpy=2", {"pip": ["six==1.17.0", "-i x"]}],
        },
        image="img",
    )
    assert plan.requirements == ("six==1.17.0", "-i x")
    assert plan.python == NOW
    text = "\n".join(plan.notices)
    assert "The image img of environment env:1 is not used." in text
    assert "Conda packages are not installed, only pip's: conda-forge::numpy=2." in text


@pytest.mark.parametrize(
    ("conda_python", "request_to_uv"),
    [
        ("python=3.10", "3.10"),
        ("python==3.10.12", "3.10"),
        ("python=3.10.*", "3.10"),
        ("python 3.10", "3.10"),
        ("python=3.10.12=h1_0", "3.10"),
        ("python>=3.9,<3.12", ">=3.9,<3.12"),
        ("python", None),
    ],
)
def test_a_conda_python_becomes_uvs(conda_python: str, request_to_uv: str | None) -> None:
    assert planned({"dependencies": [conda_python]}).python == request_to_uv


@pytest.mark.parametrize("conda", [{"dependencies": "six"}, {"dependencies": [{"pip": "six"}]}])
def test_a_conda_file_that_is_none_is_refused(conda: dict[str, Any]) -> None:
    with pytest.raises(RunnerError, match="must be a list"):
        planned(conda)


def test_no_conda_file_means_the_servers_own_python(tmp_path: Path) -> None:
    assert build(planned(None), tmp_path, tmp_path / "log") == Path(sys.executable)
    assert build(environments.plan(None), tmp_path, tmp_path / "log") == Path(sys.executable)


def test_an_environment_is_built_once_and_its_programs_run_after_the_rename(tmp_path: Path) -> None:
    plan = planned({"dependencies": [{"pip": [local_package(tmp_path, "tinypkg")]}]})
    python = build(plan, tmp_path / "environments", tmp_path / "log")
    ran = subprocess.run([python.parent / "tinypkg"], capture_output=True, text=True, check=True)
    assert ran.stdout == "ran tinypkg\n"
    before = python.parent.parent.stat().st_mtime_ns
    assert build(plan, tmp_path / "environments", tmp_path / "log") == python
    assert python.parent.parent.stat().st_mtime_ns == before
    assert "is used again" in (tmp_path / "log").read_text()


def test_a_requirement_that_does_not_exist_fails_with_uvs_words_and_leaves_nothing(tmp_path: Path) -> None:
    plan = planned({"dependencies": [{"pip": ["./no-such-package-anywhere"]}]})
    with pytest.raises(RunnerError, match="could not be built: uv ended with exit code"):
        build(plan, tmp_path / "environments", tmp_path / "log")
    assert "no-such-package-anywhere" in (tmp_path / "log").read_text()
    assert [path for path in (tmp_path / "environments").iterdir() if not path.name.startswith(".")] == []


def test_a_python_that_is_not_here_is_said_and_replaced(tmp_path: Path) -> None:
    plan = planned({"dependencies": ["python=3.3", {"pip": [local_package(tmp_path, "tinypkg")]}]})
    assert build(plan, tmp_path / "environments", tmp_path / "log").exists()
    assert "Python 3.3 is not on this machine" in (tmp_path / "log").read_text()


def test_what_a_killed_build_left_is_not_used(tmp_path: Path) -> None:
    plan = planned({"dependencies": [{"pip": [local_package(tmp_path, "tinypkg")]}]})
    python = build(plan, tmp_path / "environments", tmp_path / "log")
    final = python.parent.parent
    draft = final.rename(final.parent / f".{final.name}.draft")
    (draft / "bin" / "tinypkg").unlink()
    assert (build(plan, tmp_path / "environments", tmp_path / "log").parent / "tinypkg").exists()


def _build_in_process(wanted: environments.Plan, folder: Path, log: Path) -> None:
    build(wanted, folder, log)


def test_two_jobs_that_need_the_same_environment_build_it_once(tmp_path: Path) -> None:
    plan = planned({"dependencies": [{"pip": [local_package(tmp_path, "tinypkg")]}]})
    arguments = [(plan, tmp_path / "environments", tmp_path / f"log{number}") for number in range(2)]
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_build_in_process, args=each) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    logs = [(tmp_path / f"log{number}").read_text() for number in range(2)]
    assert [process.exitcode for process in processes] == [0, 0]
    assert sum("is used again" in log for log in logs) == 1


def test_a_stop_ends_a_build(tmp_path: Path) -> None:
    plan = planned({"dependencies": [{"pip": [local_package(tmp_path, "tinypkg")]}]})
    with (tmp_path / "log").open("ab", buffering=0) as log, pytest.raises(JobStoppedError):
        environments.provide(plan, tmp_path / "environments", os.environ, log, lambda: True)


def test_a_package_comes_from_the_registry(tmp_path: Path) -> None:
    plan = planned({"dependencies": [{"pip": ["six==1.17.0"]}]})
    began = time.monotonic()
    try:
        python = build(plan, tmp_path / "environments", tmp_path / "log")
    except RunnerError:
        pytest.skip(f"no package registry here ({time.monotonic() - began:.0f} s)")
    ran = subprocess.run(
        [python, "-c", "import six; print(six.__version__)"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "1.17.0\n"

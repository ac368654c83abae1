"""Builds the Python environment a job asked for, from the pip section of its conda file, and keeps it.

There are no images on this machine. An environment is a virtual environment made by uv, named by a digest of
what it holds, built aside and then renamed: one that is there is whole.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from localazure.runner.errors import JobStoppedError, RunnerError
from localazure.runner.processes import spawn, wait
from localazure.runner.spec import EnvironmentSpec, Json

_POLL_SECONDS = 0.1
_CONDA_NAME = re.compile(r"(?:[^:\s]+::)?([A-Za-z0-9_.-]+)\s*(.*)")


@dataclass(frozen=True)
class Plan:
    """What an environment will be.

    `python` is a request as uv understands it ("3.11", ">=3.10"), None for any. `notices` says, in lines for
    the log, what differs from Azure.
    """

    requirements: tuple[str, ...]
    python: str | None
    notices: tuple[str, ...]

    @property
    def is_servers_own(self) -> bool:
        """Whether the job runs in the server's own Python."""
        return not self.requirements


def plan(environment: EnvironmentSpec | None) -> Plan:
    """What to build for `environment`. Raises RunnerError where its conda file is not one."""
    if environment is None:
        return Plan((), None, (f"No environment was given: the job runs in {_OWN}.",))
    name = f"{environment.name}:{environment.version}"
    notices = []
    if environment.image:
        notices.append(f"The image {environment.image} of environment {name} is not used.")
    if environment.conda is None:
        return Plan((), None, (*notices, f"Environment {name} has no conda file: the job runs in {_OWN}."))
    requirements, python, left_out = _read_conda(environment.conda, name)
    if left_out:
        notices.append(f"Conda packages are not installed, only pip's: {', '.join(left_out)}.")
    if not requirements:
        notices.append(f"Environment {name} has no pip section: the job runs in {_OWN}.")
    else:
        notices.append(f"Environment {name} is built from the pip section of its conda file.")
    return Plan(tuple(requirements), python, tuple(notices))


def provide(wanted: Plan, folder: Path, machine: Mapping[str, str], log: BinaryIO, stopped: Callable[[], bool]) -> Path:
    """The interpreter of the environment `wanted`, built below `folder` unless it is there.

    `machine` is the machine's own environment: packages come from where this machine gets them, not through
    the embedded Azure. What uv prints goes to `log`. Raises RunnerError when uv can't build it,
    JobStoppedError when `stopped` turns true.
    """
    if wanted.is_servers_own:
        return Path(sys.executable)
    interpreter = _interpreter(wanted.python, machine, log)
    digest = _digest(wanted.requirements, interpreter)
    final = folder / digest
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(folder / f".{digest}.lock", stopped):
        if not final.exists():
            draft = folder / f".{digest}.draft"
            # Left by a build that was killed.
            shutil.rmtree(draft, ignore_errors=True)
            _build(draft, interpreter, wanted.requirements, machine, _Output(log, stopped))
            draft.rename(final)
        else:
            _say(log, "The environment was built before and is used again.")
    return final / "bin" / "python"


_OWN = f"the embedded Azure's own Python {sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class _Output:
    """Where a build prints, and whether it should go on."""

    log: BinaryIO
    stopped: Callable[[], bool]


def _read_conda(conda: Json, name: str) -> tuple[list[str], str | None, list[str]]:
    """pip's requirements, the Python asked for, and the conda packages that are left out."""
    requirements: list[str] = []
    python = None
    left_out = []
    for entry in _list(conda.get("dependencies") or [], f"`dependencies` of the conda file of environment {name}"):
        if isinstance(entry, dict):
            section = _list(entry.get("pip") or [], f"the pip section of environment {name}")
            requirements += [str(item) for item in section]
            continue
        match = _CONDA_NAME.fullmatch(str(entry).strip())
        package = match[1].lower() if match else ""
        if match and package == "python":
            python = _python_request(match[2])
        elif package not in {"pip", "setuptools", "wheel"}:
            left_out.append(str(entry))
    return requirements, python, left_out


def _list(value: object, what: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise RunnerError(f"{what} must be a list, not {value!r}.")
    return value


def _python_request(constraint: str) -> str | None:
    """uv's words for a conda constraint on Python: `=3.11.4=build` asks for 3.11, `>=3.10` stays."""
    exact = re.fullmatch(r"={0,2}\s*(\d+\.\d+)[\d.*]*(?:=.*)?", constraint.strip())
    return exact[1] if exact else constraint.strip() or None


def _interpreter(request: str | None, machine: Mapping[str, str], log: BinaryIO) -> Path:
    if request in {None, f"{sys.version_info.major}.{sys.version_info.minor}"}:
        return Path(sys.executable)
    found = subprocess.run(
        [_uv(), "python", "find", "--no-python-downloads", "--no-project", "--system", request],
        env=dict(machine),
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        _say(log, f"Python {request} is not on this machine; the environment gets {_OWN} instead.")
        return Path(sys.executable)
    return Path(found.stdout.strip())


def _digest(requirements: Sequence[str], interpreter: Path) -> str:
    held = json.dumps([list(requirements), str(interpreter.resolve()), sys.version])
    return hashlib.sha256(held.encode()).hexdigest()[:20]


@contextmanager
def _locked(path: Path, stopped: Callable[[], bool]) -> Iterator[None]:
    """Hold the lock file `path`, so that one process builds and the others wait for it."""
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if stopped():
                    raise JobStoppedError from None
                time.sleep(_POLL_SECONDS)
        yield


def _build(
    draft: Path, interpreter: Path, requirements: Sequence[str], machine: Mapping[str, str], output: _Output
) -> None:
    # Relocatable, because it is renamed once it is whole.
    _run_uv(["venv", "--quiet", "--relocatable", "--python", str(interpreter), str(draft)], draft, machine, output)
    file = draft / "requirements.txt"
    file.write_text("".join(f"{line}\n" for line in requirements), encoding="utf-8")
    target = str(draft / "bin" / "python")
    began = time.monotonic()
    _run_uv(["pip", "install", "--quiet", "--python", target, "--requirement", str(file)], draft, machine, output)
    installed = sum(1 for _ in draft.glob("lib/python*/site-packages/*.dist-info"))
    _say(output.log, f"{installed} packages were installed in {time.monotonic() - began:.0f} s.")


def _run_uv(arguments: Sequence[str], draft: Path, machine: Mapping[str, str], output: _Output) -> None:
    command = [_uv(), *arguments, "--color", "never"]
    process = spawn(command, cwd=draft.parent, environment=machine, output=output.log)
    code = wait(process, output.stopped)
    if code:
        raise RunnerError(
            f"The job's environment could not be built: uv ended with exit code {code}, "
            "and the end of the log has its words."
        )


def _uv() -> str:
    from uv import find_uv_bin

    return os.fspath(find_uv_bin())


def _say(log: BinaryIO, line: str) -> None:
    log.write(f"[embedded Azure] {line}\n".encode())
    log.flush()

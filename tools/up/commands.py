"""Runs the journey's commands the way a person in an activated environment would."""

import json
import os
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.setup.project import Project
from tools.up.errors import StepError

STACK = "local"
MLWS = ("mlws",)
INSIDE = ("mlws", "local", "exec", "--")
PULUMI = (*INSIDE, "pulumi")


@dataclass(frozen=True)
class Shell:
    """The project's own commands first on PATH, in the project's folder."""

    project: Project

    @property
    def environment(self) -> dict[str, str]:
        """What an activated environment would have."""
        path = [str(self.project.scripts), str(self.project.bin), os.environ.get("PATH", os.defpath)]
        return {**os.environ, "PATH": os.pathsep.join(path), "VIRTUAL_ENV": str(self.project.environment)}

    def show(self, *command: str) -> None:
        """Echo `command`, then run it with its output on the terminal. Raises StepError when it fails."""
        print(f"\n$ {shlex.join(command)}", flush=True)
        status = subprocess.run(
            command, cwd=self.project.root, env=self.environment, stdin=subprocess.DEVNULL, check=False
        ).returncode
        if status != 0:
            raise StepError(_failed(command))

    def ask(self, *command: str) -> Any:  # noqa: ANN401 - whatever JSON the command prints
        """What `command` prints, read as JSON. Raises StepError when it fails or prints something else."""
        answer = self._quietly(command)
        if answer.returncode != 0:
            raise StepError(f"{_failed(command)} It said: {answer.stderr.strip()[-500:]}")
        try:
            return json.loads(answer.stdout)
        except ValueError:
            raise StepError(f"`{shlex.join(command)}` did not print JSON.") from None

    def succeeds(self, *command: str) -> bool:
        """Whether `command`, run without a word, ends with exit code 0."""
        return self._quietly(command).returncode == 0

    def _quietly(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.project.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def _failed(command: Sequence[str]) -> str:
    return f"`{shlex.join(command)}` failed; put right what it says above, then run `make up` again."

"""A copy of the project with an embedded Azure of its own, and the commands that a user runs in it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.conftest import PROJECT


@dataclass(frozen=True)
class ProjectCopy:
    """The files of the project in a folder of their own."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> Self:
        """Copy what git tracks, or would, to `root`; the virtual environment and the tools stay where they are."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (PROJECT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, root / name)
        for name in (".venv", ".tools"):
            (root / name).symlink_to(PROJECT / name)
        return cls(root)

    @property
    def environment(self) -> Mapping[str, str]:
        """A folder and ports of its own; the copy's code, not the installed one's."""
        path = [str(PROJECT / ".venv" / "bin"), str(PROJECT / ".tools" / "bin"), os.environ["PATH"]]
        own = {"MLWS_HOME": str(self.root / "home"), "MLWS_PORT": "0", "PYTHONPATH": str(self.root)}
        return {**os.environ, **own, "PATH": os.pathsep.join(path)}

    def run(self, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the copy, with these variables besides; its errors are part of its output."""
        return subprocess.run(
            command,
            cwd=self.root,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
            check=False,
        )

    def inside(self, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command that finds the embedded Azure where it would find Azure."""
        return self.run("mlws", "local", "exec", "--", *command, **variables)

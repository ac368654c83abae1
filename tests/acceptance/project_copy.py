"""A copy of the project with an embedded Azure of its own, and the commands that a user runs in it."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.conftest import PROJECT

_LEFT = """
import json, sys
from tests.localazure.arm_client import SUBSCRIPTION, ArmClient
listed = [ArmClient().call("GET", f"{SUBSCRIPTION}/{kind}").json()["value"] for kind in ("resourceGroups", "resources")]
group = f"/resourcegroups/{sys.argv[1]}/".lower()
print(json.dumps([one["id"] for kind in listed for one in kind if group in one["id"].lower() + "/"]))
"""


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

    def run(self, *command: str, typed: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the copy, with what is typed and these variables; its errors are part of its output."""
        return subprocess.run(
            command,
            cwd=self.root,
            env={**self.environment, **variables},
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
            check=False,
        )

    def inside(self, *command: str, typed: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command that finds the embedded Azure where it would find Azure."""
        return self.run("mlws", "local", "exec", "--", *command, typed=typed, **variables)

    def pulumi(self, *arguments: str, stack: str, typed: str = "", fails: bool = False) -> str:
        """What a command of Pulumi's printed that must succeed, or fail."""
        options = ("--stack", stack, "--non-interactive", "--color", "never")
        done = self.inside("pulumi", *arguments, *options, typed=typed)
        assert (done.returncode != 0) is fails, done.stdout
        return done.stdout

    def left(self, resource_group: str) -> list[str]:
        """The resources that Azure has in a group, by id; a deleted vault is in none."""
        done = self.inside("python", "-c", _LEFT, resource_group)
        assert done.returncode == 0, done.stdout
        found: list[str] = json.loads(done.stdout)
        return found

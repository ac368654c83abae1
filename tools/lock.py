"""`make lock`: pins every requirement, with hashes, for all platforms and from the oldest Python that is supported."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.setup.project import Project
from tools.setup.python_environment import index_settings
from tools.up.commands import Shell

_OPTIONS = ("--quiet", "--generate-hashes", "--no-emit-index-url", "--universal", "--python-version", "3.11")


def main() -> int:
    """Exit code of the first compilation that fails, else 0."""
    project = Project(Path(__file__).resolve().parents[1])
    environment = {**Shell(project).environment, **index_settings()}
    for source in in_order(project.root.glob("requirements*.in")):
        print(f"compiling {source.name}")
        command = ["uv", "pip", "compile", *_OPTIONS, source.name, "-o", source.with_suffix(".txt").name]
        status = subprocess.run(command, cwd=project.root, env=environment, check=False).returncode
        if status != 0:
            return status
    return 0


def in_order(sources: Iterable[Path]) -> list[Path]:
    """Those that another's pins constrain (`-c`) come last."""
    return sorted(sources, key=lambda source: ("\n-c " in source.read_text(), source.name))


if __name__ == "__main__":
    sys.exit(main())

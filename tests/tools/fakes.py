"""Stand-ins for the executables that set-up looks for."""

import stat
from io import StringIO
from pathlib import Path

from tools.setup.progress import Reporter
from tools.setup.project import Project


def executable(folder: Path, name: str, says: str = "", status: int = 0) -> Path:
    """A program that prints `says` and ends with `status`."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def listening() -> tuple[Reporter, StringIO]:
    """A reporter, and what it says."""
    said = StringIO()
    return Reporter(stream=said), said


def project_like(real: Path, folder: Path) -> Project:
    """A project in `folder` with the pinned inputs of the real one."""
    project = Project(folder)
    (folder / "tools").mkdir(parents=True)
    for name in ("azurite", "pulumi"):
        (folder / "tools" / name).symlink_to(real / "tools" / name)
    for file in [*real.glob("requirements-*.txt"), real / "pyproject.toml"]:
        (folder / file.name).symlink_to(file)
    return project

"""What tests use of the operating system: a browser and a database server, from Debian's archive where that can be had.

Nothing here fails set-up: without them those tests skip, and say why.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.setup.errors import SetupError
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project

_ADVICE = "install it yourself, or leave the tests that need it out"
_UPDATE_SECONDS = 120
_INSTALL_SECONDS = 600
# Asks nothing, and leaves what is installed not running: a test starts its own.
_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


@dataclass(frozen=True)
class Package:
    """A package of Debian's, and where its program is found once it is there: commands, and files of a folder."""

    name: str
    commands: tuple[str, ...]
    files: str = ""

    def is_there(self, root: Path = Path("/")) -> bool:
        """Whether the program is installed, whoever installed it."""
        return any(map(shutil.which, self.commands)) or bool(self.files and any(root.glob(self.files)))


PACKAGES = (
    Package("chromium", ("chromium", "chromium-browser", "google-chrome")),
    Package("postgresql", ("postgres",), "usr/lib/postgresql/*/bin/postgres"),
)


def prepare(project: Project, reporter: Reporter) -> None:
    """Install what is missing, where this is root on a Debian; else say which tests will skip."""
    missing = [package.name for package in PACKAGES if not package.is_there()]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        reporter.say(f"no {' and no '.join(missing)} here: the tests that need it skip (`apt-get install` brings it)")
        return
    log = project.logs / "system.log"
    update = ["apt-get", "update", "-q"]
    install = ["apt-get", "install", "-q", "--yes", "--no-install-recommends", *missing]
    try:
        run(Command("the list of system packages", update, _ADVICE, project.root, {}, _UPDATE_SECONDS), log, reporter)
        stage = f"installing {' and '.join(missing)}"
        run(Command(stage, install, _ADVICE, project.root, _ENVIRONMENT, _INSTALL_SECONDS), log, reporter)
    except SetupError as problem:
        reporter.say(f"{problem} The tests that need it skip.")

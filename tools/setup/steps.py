"""The whole set-up, in order. Each step looks first, and does nothing where nothing is to be done."""

import time

from tools.setup import launcher, npm, pulumi, python_environment, scanners, system
from tools.setup.lock import only_one
from tools.setup.progress import Reporter
from tools.setup.project import Project


def prepare(project: Project, reporter: Reporter, *, python_only: bool = False, tests: bool = False) -> None:
    """Get everything that the project needs, and with `tests` what only its tests need.

    Raises SetupError with one sentence that says what to do.
    """
    started = time.monotonic()
    with only_one(project.tools / ".lock", reporter):
        python_environment.prepare(project, reporter)
        if not python_only:
            npm.prepare(project, "azurite", reporter)
            pulumi.prepare(project, reporter)
            launcher.prepare(project)
        if tests:
            scanners.prepare(project, reporter)
            system.prepare(project, reporter)
    reporter.say(f"set-up is complete ({time.monotonic() - started:.1f} s)")

"""Azurite, the blob storage of the embedded Azure, from a committed lock file."""

import shutil
from pathlib import Path

from tools.setup import node, stamp
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project

_ADVICE = "check that this machine reaches an npm registry (npm_config_registry names another) and run it again"
_SCRIPTLESS = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]


def prepare(project: Project, reporter: Reporter) -> None:
    """Make `.tools/azurite/node_modules` hold what the lock file pins."""
    recipe = [project.recipes / "azurite" / name for name in ("package.json", "package-lock.json")]
    wanted = stamp.digest(recipe)
    folder = project.tools / "azurite"
    if stamp.is_current(folder, wanted) and _node_is_there(project):
        return
    reporter.say("Azurite: installed from the npm registry")
    npm = node.prepare(project, reporter)

    def install(target: Path) -> None:
        for file in recipe:
            shutil.copy(file, target)
        command = Command("installing Azurite", [*npm, *_SCRIPTLESS], _ADVICE, target, {"CI": "true"})
        run(command, project.logs / "azurite.log", reporter)

    if not stamp.is_current(folder, wanted):
        stamp.make_folder(folder, wanted, install)


def _node_is_there(project: Project) -> bool:
    return (project.bin / "node").exists() or shutil.which("node") is not None

"""Packages from the npm registry: what a committed lock file pins, in a folder of its own."""

import shutil
from pathlib import Path

from tools.setup import node, stamp
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project

_ADVICE = "check that this machine reaches an npm registry (npm_config_registry names another) and run it again"
_SCRIPTLESS = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]


def prepare(project: Project, name: str, reporter: Reporter) -> None:
    """Make `.tools/NAME/node_modules` hold what the lock file in `tools/NAME` pins."""
    recipe = [project.recipes / name / file for file in ("package.json", "package-lock.json")]
    wanted = stamp.digest(recipe)
    folder = project.tools / name
    if stamp.is_current(folder, wanted) and _node_is_there(project):
        return
    reporter.say(f"{name}: installed from the npm registry")
    npm = node.prepare(project, reporter)

    def install(target: Path) -> None:
        for file in recipe:
            shutil.copy(file, target)
        command = Command(f"installing {name}", [*npm, *_SCRIPTLESS], _ADVICE, target, {"CI": "true"})
        run(command, project.logs / f"{name}.log", reporter)

    if not stamp.is_current(folder, wanted):
        stamp.make_folder(folder, wanted, install)


def _node_is_there(project: Project) -> bool:
    return (project.bin / "node").exists() or shutil.which("node") is not None

"""Toolchains that come as wheels: a hash-pinned requirement, unpacked into a folder of its own."""

from pathlib import Path

from tools.setup import stamp
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project
from tools.setup.python_environment import index_settings, uv_install

_ADVICE = "check that this machine reaches a Python package index, or install the tool yourself, and run it again"


def unpack(project: Project, name: str, reporter: Reporter) -> Path:
    """The folder `.tools/NAME` with what `requirements-NAME.txt` pins."""
    folder = project.tools / name
    requirements = project.root / f"requirements-{name}.txt"
    wanted = stamp.digest([requirements])
    if stamp.is_current(folder, wanted):
        return folder

    def install(target: Path) -> None:
        arguments = [*uv_install(project), "--require-hashes", "--target", target, "-r", requirements]
        command = Command(f"installing {name}", arguments, _ADVICE, project.root, index_settings())
        run(command, project.logs / f"{name}.log", reporter)

    stamp.make_folder(folder, wanted, install)
    return folder

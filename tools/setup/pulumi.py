"""The Pulumi CLI with its Python language host: found, installed or built, whichever works first.

1. The one on PATH, when its version is suitable and its language host is there too.
2. The official installer, which needs the open internet. It is tried once, briefly; refused is not an error.
3. Built from Go modules, which takes a few minutes the first time (`pulumi_build`).
"""

import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from tools.setup import pulumi_build, stamp
from tools.setup.errors import SetupError
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project
from tools.setup.versions import Version, version_of

OLDEST = Version(3, 250)
TOO_NEW = Version(4, 0)
CLI = "pulumi"
HOST = "pulumi-language-python"
EXECUTOR = "pulumi-language-python-exec"
EXECUTABLES = (CLI, HOST, EXECUTOR)

_INSTALLER = "https://get.pulumi.com/install.sh"
_ANSWER_WITHIN_SECONDS = 5.0
_DOWNLOAD_WITHIN_SECONDS = 180.0
_INSTALL = """
import sys
from semver import VersionInfo
from pulumi.automation import PulumiCommand
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


def prepare(project: Project, reporter: Reporter) -> None:
    """Make `.tools/bin` hold a suitable `pulumi` and its language host."""
    folder = project.tools / "pulumi"
    wanted = stamp.digest(pulumi_build.recipe(project), *map(str, (OLDEST, TOO_NEW)))
    if not (stamp.is_current(folder, wanted) and all((folder / name).exists() for name in EXECUTABLES)):
        reporter.say("Pulumi: looking for a suitable CLI")
        stamp.make_folder(folder, wanted, lambda target: {"from": _obtain(project, target, reporter)})
    for name in EXECUTABLES:
        if (project.bin / name).resolve() != (folder / name).resolve():
            stamp.link(project.bin / name, Path("..") / "pulumi" / name)


def on_path() -> dict[str, Path] | None:
    """The three executables on PATH, or None where one is missing or the CLI's version is not suitable."""
    found = {name: shutil.which(name) for name in EXECUTABLES}
    paths = {name: Path(path).resolve() for name, path in found.items() if path is not None}
    if len(paths) != len(EXECUTABLES):
        return None
    version = version_of(paths[CLI], "version")
    return paths if version is not None and OLDEST <= version < TOO_NEW else None


def _obtain(project: Project, target: Path, reporter: Reporter) -> str:
    found = on_path()
    if found is not None:
        for name, path in found.items():
            (target / name).symlink_to(path)
        reporter.say(f"  taken from PATH: {found[CLI]}")
        return "PATH"
    if _official(project, target, reporter):
        return "the official installer"
    pulumi_build.build(project, target, reporter)
    return "Go modules"


def _official(project: Project, target: Path, reporter: Reporter) -> bool:
    """Whether the official installer worked. Its address is tried first, so that a 'no' costs seconds."""
    try:
        with urllib.request.urlopen(_INSTALLER, timeout=_ANSWER_WITHIN_SECONDS):
            pass
    except (OSError, urllib.error.URLError):
        reporter.say("  the official installer cannot be reached from here")
        return False
    root = target / "official"
    arguments: list[str | Path] = [project.python, "-c", _INSTALL, root, str(OLDEST)]
    command = Command(
        "running Pulumi's official installer",
        arguments,
        "it will be built instead",
        project.root,
        timeout_seconds=_DOWNLOAD_WITHIN_SECONDS,
    )
    try:
        run(command, project.logs / "pulumi-installer.log", reporter)
        for name in EXECUTABLES:
            (root / "bin" / name).rename(target / name)
    except (SetupError, OSError) as problem:
        reporter.say(f"  {problem}")
        return False
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return True


def describe(project: Project) -> str:
    """Which CLI is in use, for a person: version and where it came from."""
    answer = subprocess.run([project.bin / CLI, "version"], capture_output=True, text=True, check=False)
    origin = stamp.read_stamp(project.tools / "pulumi").get("from", "nowhere")
    return f"Pulumi {answer.stdout.strip() or 'of unknown version'} (from {origin})"

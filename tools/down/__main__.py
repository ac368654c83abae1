"""`python3 -m tools.down [--clean]`: destroy stack local and stop; with --clean remove every trace.

Tolerant: what is not there needs no taking away, and a clean-up goes on past what fails.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.setup.project import Project
from tools.up import stack
from tools.up.commands import MLWS, PULUMI, STACK, Shell
from tools.up.errors import StepError

_MADE_BY_US = (".venv", ".tools", ".mlws", "policy/.venv", "config.json", "mlruns")
_CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "mlws.egg-info")
_ROOMS = ("naming", "infra", "workspace_jobs", "localazure", "tests", "tools", "benchmarks")


def main() -> int:
    """Exit code 0, or 1 when the stack could not be destroyed and was not to be removed anyway."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.down", description="Take down what `make up` made.")
    parser.add_argument("--clean", action="store_true", help="remove every trace as well")
    clean = parser.parse_args().clean
    shell = Shell(Project(Path(__file__).resolve().parents[2]))
    try:
        take_down(shell, destroy=not clean)
    except StepError as problem:
        print(f"error: {problem}", file=sys.stderr)
        if not clean:
            return problem.exit_code
    if clean:
        remove(shell.project.root)
    return 0


def take_down(shell: Shell, *, destroy: bool) -> None:
    """Destroy the stack (asked for, and made before), then stop the embedded Azure where one was started."""
    home = Path(os.environ.get("MLWS_HOME") or shell.project.root / ".mlws")
    if not (shell.project.scripts / "mlws").exists() or not home.exists():
        print("nothing is up")
        return
    if destroy:
        _destroy(shell, home)
        (shell.project.root / "config.json").unlink(missing_ok=True)
    shell.show(*MLWS, "local", "stop")


def _destroy(shell: Shell, home: Path) -> None:
    """Delete the stack's resources, and then the stack, so that a second call finds nothing to start Azure for."""
    if not any(home.rglob(f"stacks/*/{STACK}.json")):
        return
    shell.show(*MLWS, "local", "start")
    if stack.exists(shell):
        shell.show(*PULUMI, "destroy", "--stack", STACK, "--yes", "--non-interactive", "--suppress-progress")
        shell.show(*PULUMI, "stack", "rm", STACK, "--yes", "--preserve-config", "--non-interactive")


def remove(root: Path) -> None:
    """Delete what set-up, the journey and the checks left in the project's folder, and nothing else."""
    for path in _traces(root):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        print(f"removed {path.relative_to(root)}")


def _traces(root: Path) -> Iterator[Path]:
    for name in (*_MADE_BY_US, *_CACHES, "__pycache__"):
        if (root / name).exists():
            yield root / name
    for room in _ROOMS:
        yield from list((root / room).rglob("__pycache__"))


if __name__ == "__main__":
    sys.exit(main())

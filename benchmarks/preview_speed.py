"""How long `pulumi preview` of the prod profile takes, beside a program that makes as many resources and nothing else.

    python -m benchmarks.preview_speed [RUNS]

Both are previewed by the same engine against the same embedded Azure, in turn, on stacks that have nothing yet. The
other program is what the engine, its language host and azure-native's SDK cost anybody: a loop over identities.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from localazure import control
from localazure.home import Home

PROJECT = Path(__file__).resolve().parent.parent
STACK = "local-prod"
_TRIVIAL = """
import pulumi_azure_native as azure_native

group = azure_native.resources.ResourceGroup("group", resource_group_name="rg-trivial", location="northeurope")
for number in range({count} - 1):
    azure_native.managedidentity.UserAssignedIdentity(
        f"identity-{{number}}",
        resource_name_=f"id-trivial-{{number}}",
        resource_group_name=group.name,
        location="northeurope",
    )
"""


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(tempfile.mkdtemp())
    home = Home(folder / "home")
    control.start(home, 0, progress=lambda _: None)
    try:
        environment = {**os.environ, **control.environment(home), "PATH": _path(), "PULUMI_SKIP_UPDATE_CHECK": "1"}
        ours = _project(folder / "ours")
        _pulumi(ours, environment, "stack", "init", STACK)
        count = _resources(ours, environment)
        theirs = _trivial(folder / "theirs", count)
        _pulumi(theirs, environment, "stack", "init", STACK)
        _measure(runs, count, {"mlws": ours, "trivial": theirs}, environment)
    finally:
        control.stop(home)
        shutil.rmtree(folder)


def _measure(runs: int, count: int, projects: Mapping[str, Path], environment: Mapping[str, str]) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in projects}
    for project in projects.values():
        _pulumi(project, environment, "preview", "--stack", STACK)
    for number in range(runs):
        for name, project in projects.items():
            began = time.monotonic()
            _pulumi(project, environment, "preview", "--stack", STACK)
            seconds[name].append(time.monotonic() - began)
        pair = ", ".join(f"{name} {taken[-1]:.1f} s" for name, taken in seconds.items())
        print(f"pair {number + 1}: {pair}", flush=True)
    ratios = [mine / peer for mine, peer in zip(seconds["mlws"], seconds["trivial"], strict=True)]
    print(f"prod profile, {count} resources: median {statistics.median(seconds['mlws']):.1f} s")
    print(f"as many trivial resources:     median {statistics.median(seconds['trivial']):.1f} s")
    print(f"ratio: median {statistics.median(ratios):.2f} (the target is 1.3)")


def _project(folder: Path) -> Path:
    """A copy of the program with a stack of the prod profile that the embedded Azure takes."""
    folder.mkdir()
    for name in ("infra", "naming"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Pulumi.yaml", "naming.toml"):
        shutil.copy(PROJECT / name, folder)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    settings = (PROJECT / "Pulumi.prod.yaml").read_text().rstrip()
    (folder / f"Pulumi.{STACK}.yaml").write_text(f"{settings}\n  mlws:environment: prod\n")
    return folder


def _trivial(folder: Path, count: int) -> Path:
    folder.mkdir()
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    (folder / "Pulumi.yaml").write_text("name: trivial\nruntime: {name: python, options: {virtualenv: .venv}}\n")
    (folder / "__main__.py").write_text(_TRIVIAL.format(count=count))
    (folder / f"Pulumi.{STACK}.yaml").write_text("config:\n  azure-native:location: northeurope\n")
    return folder


def _resources(project: Path, environment: Mapping[str, str]) -> int:
    """How many resources of azure-native there are in the plan."""
    plan = json.loads(_pulumi(project, environment, "preview", "--stack", STACK, "--json"))
    return sum(step["urn"].split("::")[-2].rpartition("$")[2].startswith("azure-native:") for step in plan["steps"])


def _pulumi(project: Path, environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        ["pulumi", *arguments, "--non-interactive", "--color", "never"],
        cwd=project,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"pulumi {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def _path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), str(PROJECT / ".tools" / "bin"), os.environ["PATH"]])


if __name__ == "__main__":
    main()

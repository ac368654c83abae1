"""How long `pulumi preview` of the prod profile takes, beside programs that make as many resources and do nothing else.

    python -m benchmarks.preview_speed [RUNS]

All are previewed by the same engine against the same embedded Azure, in turn, on stacks that have nothing yet.
`identities` is a loop over managed identities: what the engine, its language host and the smallest part of
azure-native's SDK cost anybody. `plain` makes the very resources of the prod profile, with the inputs that it has
found out: what they cost who writes them down, without settings, names, tags or guards.
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
from typing import Any

from localazure import control
from localazure.home import Home

PROJECT = Path(__file__).resolve().parent.parent
STACK = "local-prod"
_IDENTITIES = """
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
_PLAIN = """
import inspect, json, pathlib, re
import pulumi_azure_native as azure_native

for type_, name, inputs in json.loads(pathlib.Path("resources.json").read_text()):
    module, kind = type_.split(":")[1:]
    make = getattr(getattr(azure_native, module), kind)
    known = inspect.signature(make._internal_init).parameters
    snake = {key: re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower() for key in inputs}
    make(name, **{snake[key] if snake[key] in known and key != "resourceName" else snake[key] + "_": value
                  for key, value in inputs.items()})
"""


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(tempfile.mkdtemp())
    home = Home(folder / "home")
    control.start(home, 0, progress=lambda _: None)
    try:
        environment = _environment(home)
        ours = _project(folder / "ours")
        _pulumi(ours, environment, "stack", "init", STACK)
        resources = _resources(ours, environment)
        identities = _peer(folder / "identities", _IDENTITIES.format(count=len(resources)))
        plain = _peer(folder / "plain", _PLAIN)
        (plain / "resources.json").write_text(json.dumps(resources))
        for peer in (identities, plain):
            _pulumi(peer, environment, "stack", "init", STACK)
        print(f"the prod profile has {len(resources)} resources of azure-native")
        _measure(runs, {"mlws": ours, "identities": identities, "plain": plain}, environment)
    finally:
        control.stop(home)
        shutil.rmtree(folder)


def _measure(runs: int, projects: Mapping[str, Path], environment: Mapping[str, str]) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in projects}
    for project in projects.values():
        _pulumi(project, environment, "preview", "--stack", STACK)
    for number in range(runs):
        for name, project in projects.items():
            began = time.monotonic()
            _pulumi(project, environment, "preview", "--stack", STACK)
            seconds[name].append(time.monotonic() - began)
        told = ", ".join(f"{name} {taken[-1]:.1f} s" for name, taken in seconds.items())
        print(f"run {number + 1}: {told}", flush=True)
    for name, taken in seconds.items():
        ratios = [mine / peer for mine, peer in zip(seconds["mlws"], taken, strict=True)]
        print(f"{name:<10} median {statistics.median(taken):.2f} s, mlws against it {statistics.median(ratios):.2f}")


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


def _peer(folder: Path, program: str) -> Path:
    folder.mkdir()
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    (folder / "Pulumi.yaml").write_text(
        f"name: {folder.name}\nruntime: {{name: python, options: {{virtualenv: .venv}}}}\n"
    )
    (folder / "__main__.py").write_text(program)
    (folder / f"Pulumi.{STACK}.yaml").write_text("config:\n  azure-native:location: northeurope\n")
    return folder


def _resources(project: Path, environment: Mapping[str, str]) -> list[tuple[str, str, Any]]:
    """The resources of azure-native in the plan: type, name and inputs."""
    plan = json.loads(_pulumi(project, environment, "preview", "--stack", STACK, "--json"))
    states = [step["newState"] for step in plan["steps"]]
    return [
        (state["type"], state["urn"].rpartition("::")[2], state["inputs"])
        for state in states
        if state["type"].startswith("azure-native:")
    ]


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


def _environment(home: Home) -> dict[str, str]:
    """This process's variables and the embedded Azure's; bytecode is kept, as it is on a machine of one's own."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, **control.environment(home), "PATH": _path(), "PULUMI_SKIP_UPDATE_CHECK": "1"}


def _path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), str(PROJECT / ".tools" / "bin"), os.environ["PATH"]])


if __name__ == "__main__":
    main()

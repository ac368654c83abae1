"""The command `.venv/bin/pulumi`: the real one, with the project's Python first on PATH.

In an embedded Azure it also keeps the encryption salt out of the committed stack file: see `launcher.py`.
This file is copied with a line in front, so it imports nothing but the standard library.
"""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

STACK_OF_THE_EMBEDDED_AZURE = "local"


def main() -> None:
    """Become the real `pulumi`."""
    scripts = Path(sys.argv[0]).parent.absolute()
    tools = scripts.parent.parent / ".tools" / "bin"
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join([str(scripts), str(tools), environment.get("PATH", os.defpath)])
    environment.update(settings(sys.argv[1:], environment, Path.cwd()))
    pulumi = tools / "pulumi"
    if not pulumi.exists():
        sys.exit(f"error: {pulumi} is missing; run `make up` to get the Pulumi CLI")
    os.execve(pulumi, [str(pulumi), *sys.argv[1:]], environment)  # noqa: S606 - the point is to need no shell


def settings(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What `pulumi ARGUMENTS` in `folder` needs in its environment; nothing outside an embedded Azure."""
    home = environment.get("PULUMI_HOME")
    project = next((place for place in (folder, *folder.parents) if (place / "Pulumi.yaml").is_file()), None)
    if home is None or project is None or not _is_embedded(Path(home), environment):
        return {}
    copies = Path(home) / "stack-files"
    copies.mkdir(mode=0o700, exist_ok=True)
    if list(arguments[:2]) in (["stack", "init"], ["stack", "new"]):
        _copy(project / "Pulumi.yaml", copies)
        return {"PULUMI_OPTION_CWD": str(copies)}
    if arguments[:1] == ["config"]:
        return {}
    stack_file = project / f"Pulumi.{_stack(arguments, environment)}.yaml"
    if not stack_file.is_file():
        return {}
    copy = _copy(stack_file, copies)
    return {"PULUMI_OPTION_CONFIG_FILE": str(copy), "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true"}


def _is_embedded(home: Path, environment: Mapping[str, str]) -> bool:
    """`mlws local exec` names the embedded Azure's folder, and keeps Pulumi's home in it."""
    embedded = environment.get("MLWS_HOME")
    return embedded is not None and Path(embedded) == home.parent


def _stack(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    for position, argument in enumerate(arguments):
        if argument.startswith("--stack="):
            return argument.removeprefix("--stack=")
        if argument in ("--stack", "-s") and position + 1 < len(arguments):
            return arguments[position + 1]
    return environment.get("PULUMI_STACK", STACK_OF_THE_EMBEDDED_AZURE)


def _copy(file: Path, folder: Path) -> Path:
    temporary = folder / f".{file.name}.{os.getpid()}"
    shutil.copyfile(file, temporary)
    return temporary.replace(folder / file.name)


if __name__ == "__main__":
    main()

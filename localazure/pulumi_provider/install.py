"""Puts the provider where a Pulumi engine looks for plugins: `PULUMI_HOME/plugins`.

A PULUMI_HOME of its own keeps every other stack on the official provider.
"""

import os
import shlex
from functools import cache
from importlib import metadata
from pathlib import Path
from tempfile import NamedTemporaryFile

DEFAULT_VERSION = "3.29.0"
_EXECUTABLE = "pulumi-resource-azure-native"


def install(pulumi_home: Path, python: Path, version: str | None = None) -> Path:
    """Write the plugin's executable, which runs this package with `python`, and return its path.

    `version` is the SDK's; the engine asks for exactly that one, so the default is that of the installed SDK.
    Nothing is written when it is there already, and another process never sees half a file.
    """
    folder = pulumi_home / "plugins" / f"resource-azure-native-v{version or sdk_version()}"
    folder.mkdir(parents=True, exist_ok=True)
    # The engine takes a plugin with this marker for one whose download broke off.
    folder.with_name(f"{folder.name}.partial").unlink(missing_ok=True)
    executable = folder / _EXECUTABLE
    script = _script(python)
    if not (
        executable.exists() and executable.read_text(encoding="utf-8") == script and os.access(executable, os.X_OK)
    ):
        _write_atomically(executable, script)
    return executable


@cache
def sdk_version() -> str:
    """The version of pulumi_azure_native in this environment."""
    try:
        return metadata.version("pulumi-azure-native")
    except metadata.PackageNotFoundError:
        return DEFAULT_VERSION


def _script(python: Path) -> str:
    # -P: the engine starts plugins in the program's folder, whose modules must not hide others.
    return f'#!/bin/sh\nexec {shlex.quote(str(python))} -P -m localazure.pulumi_provider "$@"\n'


def _write_atomically(target: Path, text: str) -> None:
    with NamedTemporaryFile("w", dir=target.parent, prefix=".", delete=False, encoding="utf-8") as draft:
        draft.write(text)
    draft_path = Path(draft.name)
    draft_path.chmod(0o755)
    draft_path.replace(target)

"""Knows whether a thing that set-up made is the one that today's pinned inputs ask for.

A stamp is a file inside the thing itself, written last: what was made by half has none, and removing the
thing removes its stamp.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

STAMP = ".mlws-stamp.json"


def digest(files: Iterable[Path], *words: str) -> str:
    """SHA-256 of the files' contents, in order, and of `words`."""
    total = hashlib.sha256()
    for part in (*(file.read_bytes() for file in files), *(word.encode() for word in words)):
        total.update(len(part).to_bytes(8))
        total.update(part)
    return total.hexdigest()


def read_stamp(folder: Path) -> dict[str, str]:
    """What was noted when `folder` was made; empty where it was not made, or not to the end."""
    try:
        noted = json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def is_current(folder: Path, wanted: str) -> bool:
    """Whether `folder` was made from the inputs whose digest is `wanted`."""
    return read_stamp(folder).get("digest") == wanted


def write_stamp(folder: Path, wanted: str, notes: Mapping[str, str] | None = None) -> None:
    """Say that `folder` is complete."""
    temporary = folder / f"{STAMP}.{os.getpid()}"
    temporary.write_text(json.dumps({"digest": wanted, **(notes or {})}, indent=2) + "\n")
    temporary.replace(folder / STAMP)


def make_folder(folder: Path, wanted: str, make: Callable[[Path], Mapping[str, str] | None]) -> None:
    """Have `make` fill a temporary folder, stamp it, and put it in the place of `folder` in one step.

    An interrupted or failed `make` leaves what was there before.
    """
    temporary = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        write_stamp(temporary, wanted, make(temporary))
        shutil.rmtree(folder, ignore_errors=True)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def link(name: Path, target: Path) -> None:
    """Make `name` a symbolic link to `target`, replacing whatever `name` was, in one step."""
    name.parent.mkdir(parents=True, exist_ok=True)
    temporary = name.with_name(f".{name.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(name)

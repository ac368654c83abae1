"""Writes a file so that it is either the old one or the new one, whatever happens in between."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from naming.errors import NamingError


def replace_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, with the permissions that it has.

    Raises:
        NamingError: the file can't be written; it is as it was.
    """
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as new:
                new.write(text)
            Path(name).chmod(target.stat().st_mode if target.exists() else _usual_mode())
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise NamingError(f"{path} can't be written: {error.strerror}.") from error


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

"""Versions as tools print them, and which of them will do."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ANSWER_WITHIN_SECONDS = 20
_NUMBERS = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


class Version(NamedTuple):
    """A version's three numbers; what follows them never decides here."""

    major: int
    minor: int
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def parse_version(text: str) -> Version | None:
    """The first version in `text` ("go version go1.26.3 linux/amd64", "v20.1"), or None."""
    found = _NUMBERS.search(text)
    if found is None:
        return None
    major, minor, patch = found.groups(default="0")
    return Version(int(major), int(minor), int(patch))


def version_of(executable: Path, *arguments: str) -> Version | None:
    """What `executable` says its version is, or None where it does not run or says nothing of the kind."""
    try:
        answer = subprocess.run(
            [executable, *arguments],
            capture_output=True,
            text=True,
            timeout=ANSWER_WITHIN_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_version(answer.stdout)

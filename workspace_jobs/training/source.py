"""Which commit a job's code is of, and what of that code is not committed, asked of git where there is one."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from workspace_jobs.training.launch.spec import Source

_TIMEOUT_SECONDS = 20
_NO_FILE = "/dev/null"


def source_of(root: Path) -> Source:
    """The commit, branch and repository of the folder; all empty outside a repository."""
    commit = _git(root, "rev-parse", "HEAD").strip()
    if not commit:
        return Source()
    branch = _git(root, "rev-parse", "--abbrev-ref", "HEAD").strip()
    return Source(commit, branch, _without_credentials(_git(root, "config", "--get", "remote.origin.url").strip()))


def diff_of(root: Path, files: Sequence[str]) -> str:
    """The uncommitted changes of these files and no others; files that git does not know are new in it."""
    if not _git(root, "rev-parse", "HEAD"):
        return ""
    unknown = _git(root, "ls-files", "--others", "-z", "--", *files).split("\0")
    new = [_git(root, "diff", "--no-index", "--", _NO_FILE, file) for file in unknown if file]
    return "".join([_git(root, "diff", "HEAD", "--relative", "--", *files), *new])


def _git(root: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails or is not installed."""
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if parts.scheme else url

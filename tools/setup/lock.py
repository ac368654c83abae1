"""Lets one set-up at a time work in a clone: `make up` and `make test` may be started together."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.setup.progress import Reporter


@contextmanager
def only_one(lock: Path, reporter: Reporter) -> Iterator[None]:
    """Hold `lock`, waiting for whoever holds it. The system lets go of it however this process ends."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            reporter.say("  another set-up is at work in this folder; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield

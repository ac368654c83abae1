"""Operations on disk until they are in the store: files of lines that outlive the process that wrote them.

A process has its own files and holds a lock on them, which ends with the process, so that anybody can tell what was
left behind. A file is one batch: it is cut off when the batch is about to be written, and removed when it is.
"""

import contextlib
import fcntl
import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workspace_jobs.tracking.operations import Operation, from_lines, to_lines

# The kind of the line that says which store a journal is for.
HEADER = "store"
_SUFFIX = ".jsonl"
_numbers = itertools.count()


class Segment:
    """One file of a journal, locked by this process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._size = 0

    @property
    def is_there(self) -> bool:
        """Whether nobody took the file, before it was locked, for one that a dead process has left."""
        return os.fstat(self._file).st_nlink > 0

    def write(self, content: bytes) -> None:
        """Append whole lines, or nothing. Raises OSError, for example when the disk is full."""
        try:
            written = os.write(self._file, content)
            while written < len(content):
                written += os.write(self._file, content[written:])
        except OSError:
            os.ftruncate(self._file, self._size)
            raise
        self._size += len(content)

    def remove(self) -> None:
        """What it holds is in the store."""
        self.path.unlink(missing_ok=True)
        self.leave()

    def leave(self) -> None:
        """Close it, in a forked child or for somebody else to write."""
        os.close(self._file)


class Journal:
    """The files of one process, in `folder`, for the store at `uri`, which each file says first."""

    def __init__(self, folder: Path, uri: str) -> None:
        self.folder = folder
        self._header = to_lines([(HEADER, uri)])
        self._current: Segment | None = None

    def append(self, operations: Iterable[Operation]) -> None:
        """Put operations on disk. Raises OSError when they can't be, and then none of them is."""
        content = to_lines(operations)
        if self._current is None:
            self._current = self._open()
        self._current.write(content)

    def cut(self) -> Segment | None:
        """Return the file with what was appended since the last cut; the next operation begins another."""
        segment, self._current = self._current, None
        return segment

    def forget(self) -> None:
        """In a forked child: the files are the parent's."""
        if (segment := self.cut()) is not None:
            segment.leave()

    def _open(self) -> Segment:
        self.folder.mkdir(parents=True, exist_ok=True)
        # Sorted by name, the files of one process are in the order in which they were begun.
        segment = Segment(self.folder / f"{os.getpid()}-{next(_numbers):06}-{os.urandom(3).hex()}{_SUFFIX}")
        if not segment.is_there:
            segment.leave()
            return self._open()
        try:
            segment.write(self._header)
        except OSError:
            segment.remove()
            raise
        return segment


@contextmanager
def orphans(folder: Path) -> Iterator[list[tuple[Path, list[Operation]]]]:
    """Give what processes that are no more left in `folder`, to be written now; files removed inside are done with."""
    held = [(path, file) for path in _oldest_first(folder) if (file := _lock(path)) is not None]
    try:
        yield [(path, _without_header(path)) for path, _ in held]
    finally:
        for _, file in held:
            os.close(file)


def store_of(folder: Path) -> str | None:
    """Return the URI of the store that the journal in `folder` is for; None where there is no journal."""
    for path in _oldest_first(folder):
        with path.open("rb") as file:
            for kind, uri in from_lines(file.readline()):
                return str(uri) if kind == HEADER else None
    return None


def clear(folder: Path) -> None:
    """Remove the folder of a journal unless something is in it."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def _without_header(path: Path) -> list[Operation]:
    return [operation for operation in from_lines(path.read_bytes()) if operation[0] != HEADER]


def _oldest_first(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            found = [(entry.stat().st_mtime_ns, entry.path) for entry in entries if entry.name.endswith(_SUFFIX)]
    except FileNotFoundError:
        return []
    return [Path(path) for _, path in sorted(found)]


def _lock(path: Path) -> int | None:
    """Return the file, locked; None where its process lives, or somebody else has just finished it."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file).st_nlink:
            return file
    except BlockingIOError:
        pass
    os.close(file)
    return None

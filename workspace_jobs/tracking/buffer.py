"""Holds operations, in order and on disk, until a thread has written them to the store.

The one place with threads. What `add` has taken survives the process; `flush` returns when the store has it, or has
been told to be away.
"""

import atexit
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from multiprocessing.util import Finalize
from typing import Protocol

from workspace_jobs.tracking.errors import StoreAwayError
from workspace_jobs.tracking.journal import Journal, Segment, clear, orphans
from workspace_jobs.tracking.operations import Operation

log = logging.getLogger("mlws.tracking")

_FIRST_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 30.0
_buffers: "weakref.WeakSet[Buffer]" = weakref.WeakSet()


class Writer(Protocol):
    """Puts operations into a store."""

    def write(self, operations: list[Operation], *, again: bool) -> None:
        """Write them all; `again` when some may be there already. Raises StoreAwayError when it can't be now."""


class Buffer:
    """Operations on their way to one store; `delay` seconds at most, unless the store is away."""

    def __init__(self, writer: Writer, journal: Journal, delay: float) -> None:
        self._writer = writer
        self._journal = journal
        self._delay = delay
        self._segments: list[Segment] = []
        self._pending: list[Operation] = []
        self._failures = 0
        self._retry_at = 0.0
        # Whether what is pending may be in the store, because nobody saw its writing end, as when Ctrl-C stopped it.
        self._unsure = False
        self._closing = False
        self._written: Callable[[], None] = lambda: None
        self._reset()
        _buffers.add(self)

    def _reset(self) -> None:
        """What a process has of its own: locks and the thread."""
        # Held while a call is checked and taken, so that what is checked is what is taken.
        self.lock = threading.RLock()
        self._writing = threading.Lock()
        self._wake = threading.Condition(self.lock)
        self._due: float | None = None
        self._thread: threading.Thread | None = None

    def when_written(self, call: Callable[[], None]) -> None:
        """Have `call` called, with the lock held, each time that nothing is left to write."""
        self._written = call

    def start(self) -> None:
        """Have the thread write what dead processes left."""
        with self.lock:
            self._due = time.monotonic()
            self._start_thread()
            self._wake.notify()

    def hurry(self) -> None:
        """Have what is pending written now, by the thread."""
        with self.lock:
            if self._due is not None and not self.away:
                self._due = time.monotonic()
                self._wake.notify()

    def add(self, *operations: Operation) -> None:
        """Take operations: on return they are on disk. They are written soon.

        Raises OSError where there is no room on the disk, and UnicodeEncodeError; then nothing is taken.
        """
        with self.lock:
            self._journal.append(operations)
            self._pending += operations
            if self._due is None:
                self._due = time.monotonic() + self._delay
                self._start_thread()
                self._wake.notify()
        # The caller may hold the lock that a thread needs which is writing: waiting for that one would be for ever.
        if self._closing and self._writing.acquire(blocking=False):
            try:
                self._flush()
            finally:
                self._writing.release()

    def flush(self, *, final: bool = False) -> None:
        """Write what is pending, and what dead processes left. Says so, once, where the store is away.

        A store that was away is tried again after a while only, unless this is `final`.
        """
        with self._writing:
            self._flush(final=final)

    def _flush(self, *, final: bool = False) -> None:
        if time.monotonic() < self._retry_at and not final:
            return
        try:
            self._write_pending()
            self._adopt()
        except StoreAwayError as error:
            self.postpone(error)
        else:
            self._failures = 0

    def close(self) -> None:
        """Flush at the end of the process; from now on `add` does so itself."""
        self._closing = True
        self.flush(final=True)
        clear(self._journal.folder)

    @property
    def away(self) -> bool:
        """Whether the store could not be written when this was last tried."""
        return self._failures > 0

    def postpone(self, error: StoreAwayError) -> None:
        """Say, once, that the store is away, and try again later: soon at first, then more and more seldom."""
        if self._failures == 0:
            log.warning("%s What is logged is kept in %s until it can be written.", error, self._journal.folder)
        wait = min(_FIRST_RETRY_SECONDS * 2**self._failures, _LONGEST_RETRY_SECONDS)
        self._failures += 1
        self._retry_at = time.monotonic() + wait
        with self.lock:
            self._due = self._retry_at

    def _write_pending(self) -> None:
        with self.lock:
            if (segment := self._journal.cut()) is not None:
                self._segments.append(segment)
            segments, operations = list(self._segments), list(self._pending)
            self._due = None
        if operations:
            again, self._unsure = self._unsure, True
            try:
                self._writer.write(operations, again=again)
            except StoreAwayError as error:
                if error.left is not None:
                    with self.lock:
                        self._pending[: len(operations)] = error.left
                raise
        with self.lock:
            del self._pending[: len(operations)], self._segments[: len(segments)]
            self._unsure = False
            if not self._pending:
                self._written()
        for segment in segments:
            segment.remove()

    def _adopt(self) -> None:
        with orphans(self._journal.folder) as found:
            for path, operations in found:
                self._writer.write(operations, again=True)
                path.unlink()

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_when_due, name="mlws-tracking", daemon=True)
            self._thread.start()
            # Processes of multiprocessing end without atexit.
            Finalize(None, self.close, exitpriority=1)

    def _write_when_due(self) -> None:
        wake = self._wake
        while True:
            with wake:
                while self._due is None or (left := self._due - time.monotonic()) > 0:
                    wake.wait(None if self._due is None else left)
                self._due = None
            try:
                self.flush()
            except Exception as error:
                # The thread goes on: what is pending may be written next time, and is on disk.
                log.exception("What was logged could not be written.")
                self.postpone(StoreAwayError(f"Writing failed: {error!r}."))

    def before_fork(self) -> None:
        """Let the child find everything in the store, and no lock held by a thread that it does not have."""
        try:
            self.flush()
        finally:
            self._writing.acquire()
            self.lock.acquire()

    def after_fork(self) -> None:
        """In the parent, go on."""
        self.lock.release()
        self._writing.release()

    def after_fork_in_child(self) -> None:
        """In the child, begin anew; what could not be written is the parent's to write."""
        self._journal.forget()
        for segment in self._segments:
            segment.leave()
        self._segments, self._pending, self._failures, self._closing = [], [], 0, False
        self._retry_at, self._unsure = 0.0, False
        self._reset()
        self._written()


def flush_all() -> None:
    """Flush every buffer."""
    for buffer in list(_buffers):
        buffer.flush()


def close_all() -> None:
    """Flush every buffer, at the end of the process."""
    for buffer in list(_buffers):
        buffer.close()


def _before_fork() -> None:
    for buffer in list(_buffers):
        buffer.before_fork()


def _after_fork() -> None:
    for buffer in list(_buffers):
        buffer.after_fork()


def _after_fork_in_child() -> None:
    for buffer in list(_buffers):
        buffer.after_fork_in_child()


atexit.register(close_all)
os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork_in_child)

"""Brings a growing log file to blob storage while it grows, so that `jobs stream` shows it as it is written.

A block blob is put together from blocks. A block that is full is sent once; only the last, partial one is
sent again. So a log of n bytes costs n bytes and, each time, at most one block more, not the whole log.
"""

import base64
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from azure.core.exceptions import AzureError
from azure.storage.blob import BlobBlock, BlobClient, ContentSettings

PUSH_SECONDS = 0.5
# A server that was killed is usually started again within this time.
PATIENCE_SECONDS = 300.0
# At most 50,000 of these make a blob, which allows a log of 25 GB.
BLOCK_BYTES = 512 * 1024
_TEXT = ContentSettings(content_type="text/plain; charset=utf-8")
_LOGGER = logging.getLogger(__name__)


class Blob(Protocol):
    """What is needed of a blob: full blocks staged once, then named in order."""

    def stage(self, block_id: str, data: bytes) -> None:
        """Send one block."""

    def commit(self, block_ids: list[str]) -> None:
        """Make the blob of these blocks."""


class AzureBlob:
    """A blob in Azure storage."""

    def __init__(self, client: BlobClient) -> None:
        self._client = client

    def stage(self, block_id: str, data: bytes) -> None:
        """Send one block."""
        self._client.stage_block(block_id, data)

    def commit(self, block_ids: list[str]) -> None:
        """Make the blob of these blocks."""
        self._client.commit_block_list([BlobBlock(name) for name in block_ids], content_settings=_TEXT)


class LogTail:
    """Sends what a file has gained since the last time."""

    def __init__(self, path: Path, blob: Blob, block_bytes: int = BLOCK_BYTES) -> None:
        self._path = path
        self._blob = blob
        self._block_bytes = block_bytes
        self._full: list[str] = []
        self._sent = -1

    def push(self) -> None:
        """Bring the blob up to the file, if the file has grown."""
        size = self._path.stat().st_size
        if size == self._sent:
            return
        with self._path.open("rb") as file:
            file.seek(len(self._full) * self._block_bytes)
            blocks = list(self._full)
            while data := file.read(self._block_bytes):
                name = _block_id(len(blocks))
                self._blob.stage(name, data)
                blocks.append(name)
                if len(data) == self._block_bytes:
                    self._full.append(name)
        self._blob.commit(blocks)
        self._sent = size


class LiveLog:
    """Pushes a log in a thread of its own, from `with` to its end, and what is left at the end.

    Storage that fails for a while delays the log; it never fails the job. At the end it is given
    `PATIENCE_SECONDS` to come back, unless the job was asked to stop.
    """

    def __init__(self, tail: LogTail, stopped: Callable[[], bool]) -> None:
        self._tail = tail
        self._stopped = stopped
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live log", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(PUSH_SECONDS):
            self._push()
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._push() and not self._stopped() and time.monotonic() < until:
            time.sleep(PUSH_SECONDS)

    def _push(self) -> bool:
        try:
            self._tail.push()
        except AzureError:
            _LOGGER.warning("The log could not be stored; it is tried again", exc_info=True)
            return False
        return True


def _block_id(number: int) -> str:
    # All block ids of a blob must have the same length.
    return base64.b64encode(f"{number:06d}".encode()).decode()

"""Delivers what killed processes and unreachable servers left in journals."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from workspace_jobs.tracking import location
from workspace_jobs.tracking.buffer import Writer
from workspace_jobs.tracking.errors import StoreAwayError
from workspace_jobs.tracking.journal import clear, orphans, store_of
from workspace_jobs.tracking.refused import put_aside
from workspace_jobs.tracking.sqlite_writer import SqliteWriter


@dataclass(frozen=True)
class Delivery:
    """What became of the journals of one store."""

    uri: str
    delivered: int
    """Operations that are in the store now."""
    waiting: int
    """Operations that stay on disk, because the store could not be reached."""
    reason: str | None = None
    """Why it could not be reached."""


def sync(tracking_uri: str | None = None) -> list[Delivery]:
    """Write every journal of dead processes to its store; nothing twice. One Delivery for each store with a journal.

    That is the store at `tracking_uri`, by default the one that `location.tracking_uri` names, and each server that
    has something in the outbox. Journals of processes that are running are theirs.
    """
    return [_deliver(uri, folder) for uri, folder in _journals(location.tracking_uri(tracking_uri))]


def _journals(uri: str) -> Iterator[tuple[str, Path]]:
    path = location.sqlite_path(uri)
    own = location.journal_folder(uri)
    if store_of(own) is not None and (path is None or path.exists()):
        yield uri, own
    for folder in sorted(location.outbox().glob("*/")):
        if folder != own and (found := store_of(folder)) is not None:
            yield found, folder


def _deliver(uri: str, folder: Path) -> Delivery:
    delivered = waiting = 0
    reason = None
    with orphans(folder) as left:
        writer = _writer(uri, folder)
        for path, operations in left:
            if reason is not None:
                # What was logged later is not for a store that lacks what came before.
                waiting += len(operations)
                continue
            try:
                writer.write(operations, again=True)
            except StoreAwayError as error:
                waiting += len(operations)
                reason = str(error)
            else:
                path.unlink()
                delivered += len(operations)
    clear(folder)
    return Delivery(uri, delivered, waiting, reason)


def _writer(uri: str, folder: Path) -> Writer:
    if (path := location.sqlite_path(uri)) is not None:
        return SqliteWriter(path, folder)
    from workspace_jobs.tracking.activation import plain_store
    from workspace_jobs.tracking.server_writer import ServerWriter

    return ServerWriter(cache(lambda: plain_store(uri)), partial(put_aside, folder))

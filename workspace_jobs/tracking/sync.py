"""Delivers what killed processes and unreachable servers left in journals."""

from dataclasses import dataclass
from pathlib import Path


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


def sync(tracking_uri: str | None = None, folder: Path | None = None) -> list[Delivery]:
    """Write every journal of dead processes to its store; nothing twice. One Delivery for each store with a journal.

    For a sqlite `tracking_uri` that is the database's; then those of all servers in the outbox `folder`.
    """
    raise NotImplementedError

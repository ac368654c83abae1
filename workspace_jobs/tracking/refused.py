"""What a store refused for good is kept beside the journal, so that nothing that was logged is lost without a trace."""

import logging
from collections.abc import Sequence
from pathlib import Path

from workspace_jobs.tracking.operations import Operation, to_lines

log = logging.getLogger("mlws.tracking")
_FILE = "refused.txt"


def put_aside(folder: Path, operations: Sequence[Operation], reason: str) -> None:
    """Keep what the store refused, and say so."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / _FILE
    with aside.open("ab") as file:
        file.write(to_lines(operations))
    log.warning("The store refused %d logged values (%s): they are kept in %s.", len(operations), reason, aside)

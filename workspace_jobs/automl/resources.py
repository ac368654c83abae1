"""What the machine has, and how trials share it: so many at a time, each with so many threads and so much memory."""

from dataclasses import dataclass

import joblib
import psutil

# The part of free memory that trials may use together; the rest is for the rows, and for everyone else.
_MEMORY_SHARE = 0.8
# Above this many cells a single trial keeps every core busy, and two would share memory for nothing.
_MANY_CELLS = 50_000_000


@dataclass(frozen=True)
class Share:
    """`workers` trials at a time, each with `threads` threads and `memory_bytes` on top of the rows."""

    workers: int
    threads: int
    memory_bytes: int


def share(cells: int, parallel: int | None, memory: int | None) -> Share:
    """Divide the machine for a table of so many cells. `parallel` and `memory` (bytes) are wishes."""
    cores = joblib.cpu_count()
    workers = parallel or (1 if cells > _MANY_CELLS else cores)
    available = memory if memory is not None else int(psutil.virtual_memory().available * _MEMORY_SHARE)
    return Share(workers, max(1, cores // workers), max(1, available // workers))

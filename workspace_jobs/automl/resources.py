"""What the machine has, and how trials share it: so many at a time, each with so many threads and so much memory."""

from dataclasses import dataclass

import joblib
import psutil

# The part of free memory that trials may use together; the rest is for the rows, and for everyone else.
_MEMORY_SHARE = 0.8
# Above this many cells a single trial keeps every core busy, and two would share memory for nothing.
MANY_CELLS = 50_000_000
# More are not learned from: 400 MB of numbers.
_MOST_CELLS = 50_000_000
# What a cell takes at the worst: text of it and its number while it is read; then with the rows here, in the process
# of the trials and in the folder, and two copies in a trial, of which each is prepared.
_BYTES_OF_CELL = 160
# In so many cells a second of all the run, several candidates are fitted by two cores; few cells are always few.
_CELLS_A_SECOND, _FEW_CELLS = 50_000, 10_000_000


@dataclass(frozen=True)
class Share:
    """`workers` trials at a time, each with `threads` threads and `memory_bytes` on top of the rows."""

    workers: int
    threads: int
    memory_bytes: int


def most_cells(memory: int | None, seconds: float | None) -> int:
    """How many cells of a table are learned from in so much memory (bytes, None for what is free) and time."""
    of_time = _MOST_CELLS if seconds is None else max(_FEW_CELLS, int(seconds * _CELLS_A_SECOND))
    return min(_MOST_CELLS, of_time, _available(memory) // _BYTES_OF_CELL)


def share(cells: int, parallel: int | None, memory: int | None) -> Share:
    """Divide the machine for a table of so many cells. `parallel` and `memory` (bytes) are wishes."""
    cores = joblib.cpu_count()
    workers = parallel or (1 if cells > MANY_CELLS else cores)
    return Share(workers, max(1, cores // workers), max(1, _available(memory) // workers))


def _available(memory: int | None) -> int:
    return memory if memory is not None else int(psutil.virtual_memory().available * _MEMORY_SHARE)

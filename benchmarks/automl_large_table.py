"""What a run on a table larger than it may keep takes of memory and time.

    python -m benchmarks.automl_large_table [ROWS] [COLUMNS] [SECONDS] [csv|parquet]

Generates the table by parts, runs `mlws automl run` on it, and prints how much the command and all processes that it
started had in memory at a time, what they share counted once.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
from pyarrow import csv, parquet

_PART_ROWS = 250_000
_WORDS, _RARE_SHARE = 20, 0.0001
_MIB = 2**20
_POLL_SECONDS = 0.3


def main() -> None:
    """Generate, run, print."""
    rows, columns, seconds = (int(sys.argv[n]) if len(sys.argv) > n else d for n, d in ((1, 10**7), (2, 50), (3, 120)))
    ending = sys.argv[4] if len(sys.argv) > 4 else "parquet"  # noqa: PLR2004 - the fourth argument
    with tempfile.TemporaryDirectory(prefix="mlws-large-") as scratch:
        file = Path(scratch) / f"table.{ending}"
        generate(file, rows, columns)
        print(f"{rows:,} rows of {columns} columns: {file.stat().st_size / 2**30:.2f} GiB of {ending}")
        measure(file, seconds, Path(scratch) / "run")


def generate(file: Path, rows: int, columns: int) -> None:
    """Numbers, a column of words in ten, and a target with a rare class that some of them tell of."""
    generator = np.random.default_rng(0)
    writer = None
    for begin in range(0, rows, _PART_ROWS):
        part = _part(generator, min(_PART_ROWS, rows - begin), columns)
        if writer is None:
            make = csv.CSVWriter if file.suffix == ".csv" else parquet.ParquetWriter
            writer = make(file, part.schema)
        writer.write_table(part)
    assert writer is not None
    writer.close()


def measure(file: Path, seconds: int, out: Path) -> None:
    """Run the command, and watch it."""
    command = [
        sys.executable,
        "-m",
        "mlws",
        "automl",
        "run",
        str(file),
        "--target",
        "target",
        "--no-tracking",
        "--json",
    ]
    began = time.monotonic()
    process = subprocess.Popen([*command, "--timeout", str(seconds), "--out", str(out)], stdout=subprocess.PIPE)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(_POLL_SECONDS)
    elapsed = time.monotonic() - began
    assert process.stdout is not None
    print(f"in memory at a time, all processes together: {peak / _MIB:,.0f} MiB")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"the largest single process (ru_maxrss): {largest / 1024:,.0f} MiB")
    if process.returncode:
        sys.exit(process.returncode)
    told = json.loads(process.stdout.read())
    for line in told["explanations"][:2]:
        print(line)
    finished = sum(trial["status"] == "finished" for trial in told["trials"])
    print(f"{elapsed:.1f} s of {seconds} s; {finished} of {len(told['trials'])} trials finished; {told['reason']}")
    print(f"{told['metric']} {told['score']:.4f}")


def _part(generator: np.random.Generator, rows: int, columns: int) -> pa.Table:
    content: dict[str, object] = {}
    for number in range(columns - 1):
        if number % 10 == 9:  # noqa: PLR2004 - one in ten
            words = pa.array([f"word {each}" for each in range(_WORDS)])
            content[f"c{number}"] = words.take(pa.array(generator.integers(0, _WORDS, rows)))
        else:
            content[f"c{number}"] = generator.normal(size=rows).astype(np.float64)
    told = np.asarray(content["c0"]) + np.asarray(content["c1"]) + generator.normal(size=rows)
    target = np.where(told > 0, "yes", "no").astype(object)
    target[generator.random(rows) < _RARE_SHARE] = "rare"
    content["target"] = pa.array(target)
    return pa.table(content)


def _memory(pid: int) -> int:
    """Bytes of a process and its descendants; a page that several have is divided among them."""
    total = 0
    try:
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            total += int(process.memory_full_info().pss)
        except psutil.Error:
            continue
    return total


if __name__ == "__main__":
    main()

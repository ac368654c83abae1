"""How long a command line keeps one waiting for its help: `mlws --help` beside `mlflow --help` and bare Python.

    python -m benchmarks.cli_start [RUNS]

Whole processes, in turn; prints medians and the ratio of medians.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

_BIN = Path(sys.executable).parent
COMMANDS = {
    "mlws --help": [str(_BIN / "mlws"), "--help"],
    "mlws lint (one name)": [str(_BIN / "mlws"), "lint", "kv=kv-churn-dev"],
    "mlflow --help": [str(_BIN / "mlflow"), "--help"],
    "python -c pass": [sys.executable, "-c", "pass"],
}


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, command in COMMANDS.items():
            seconds[name].append(_timed(command))
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    for name, median in medians.items():
        print(f"{name:<21} median {1000 * median:6.0f} ms")
    print(f"ratio mlws --help / mlflow --help: {medians['mlws --help'] / medians['mlflow --help']:.3f}")


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

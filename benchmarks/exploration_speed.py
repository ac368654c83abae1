"""How fast a table is explored, beside what people use instead: the report alone, imports left out, in turn.

    python -m benchmarks.exploration_speed 3

Each peer is installed by this script into an environment of its own, below --environments, and skipped with the reason
where that fails. A run that takes longer than --limit seconds is ended and said to.
"""

import argparse
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

ROOT: Final = Path(__file__).resolve().parents[1]
# What every run does: read, import, and then measure from the frame in memory to the page on disk.
_RUN: Final = """
import json, os, pathlib, re, sys, time
import pandas as pd
{imports}
frame = pd.read_csv(sys.argv[1], low_memory=False)
wall, core = time.perf_counter(), time.process_time()
{work}
wall, core = time.perf_counter() - wall, time.process_time() - core
memory = int(re.search("VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024
print("\\n" + json.dumps([wall, core, memory, os.path.getsize(sys.argv[2]) / 1e6]))
"""


@dataclass(frozen=True)
class Tool:
    """A tool: what is installed for it (nothing for ours), imported, and run to write a page to sys.argv[2]."""

    name: str
    packages: tuple[str, ...]
    imports: str
    work: str


# pkg_resources, which two of them import and do not ask for, left setuptools with release 81.
_YDATA: Final = ("ydata-profiling==4.18.4", "setuptools<81")
_OURS: Final = Tool(
    "mlws",
    (),
    "from workspace_jobs.automl.profile import html, profile\n"
    "from workspace_jobs.automl.profile.checks.catalogue import IDS, module\n[module(one) for one in IDS]",
    "open(sys.argv[2], 'w').write(html(profile(frame, 'target')))",
)
PEERS: Final = (
    Tool(
        "ydata-profiling, minimal",
        _YDATA,
        "from ydata_profiling import ProfileReport",
        "ProfileReport(frame, minimal=True, progress_bar=False).to_file(sys.argv[2], silent=True)",
    ),
    Tool(
        "ydata-profiling",
        _YDATA,
        "from ydata_profiling import ProfileReport",
        "ProfileReport(frame, progress_bar=False).to_file(sys.argv[2], silent=True)",
    ),
    Tool(
        "sweetviz",
        ("sweetviz==2.3.3", "setuptools<81"),
        "import sweetviz",
        "sweetviz.analyze(frame, pairwise_analysis='on').show_html(sys.argv[2], open_browser=False)",
    ),
    Tool(
        "skrub",
        ("skrub==0.11.0", "matplotlib"),
        "from skrub import TableReport",
        "TableReport(frame, verbose=0).write_html(sys.argv[2])",
    ),
)


def main() -> None:
    """Measure, and print one line for each tool and table."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        environments = options.environments or Path(folder) / "environments"
        tools = {_OURS: sys.executable, **_installed(environments, () if options.alone else PEERS)}
        for title, frame in _tables():
            table = Path(folder) / "table.csv"
            frame.to_csv(table, index=False)
            print(f"\n{title}", flush=True)
            # What only ours is measured on would take the others minutes.
            chosen = tools if frame.shape[1] < 100 else {_OURS: sys.executable}  # noqa: PLR2004
            _measure(chosen, table, Path(folder) / "page.html", options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--environments", type=Path, help="where the peers are, or are to be; else they are not kept")
    parser.add_argument("--limit", type=float, default=150, help="seconds after which a run is ended")
    parser.add_argument("--alone", action="store_true", help="without peers")
    return parser.parse_args()


def _tables() -> list[tuple[str, pd.DataFrame]]:
    """Tables of half numbers, a quarter labels, gaps and dates, with a target that some columns have to do with."""
    return [
        ("1,000 rows, 20 columns", _table(1_000, 20)),
        ("1,000 rows, 64 columns", _table(1_000, 64)),
        ("100,000 rows, 20 columns", _table(100_000, 20)),
        ("1,000 rows, 5,000 columns", _table(1_000, 5_000)),
        ("200,000 rows, 100,000 labels in a column", _labels(200_000, 100_000)),
    ]


def _table(rows: int, columns: int) -> pd.DataFrame:
    random = np.random.default_rng(0)
    made: dict[str, object] = {}
    for place in range(columns - 1):
        kind = place % 8
        if kind < 4:  # noqa: PLR2004
            made[f"number {place}"] = random.normal(size=rows)
        elif kind == 4:  # noqa: PLR2004
            amounts = random.lognormal(3, 1, rows).round(2)
            made[f"amount {place}"] = np.where(random.integers(0, 10, rows) == 0, np.nan, amounts)
        elif kind < 7:  # noqa: PLR2004
            made[f"label {place}"] = random.choice([f"label {one}" for one in range(2 + place % 20)], rows)
        else:
            days = pd.to_timedelta(random.integers(0, 2_000, rows), "D")
            made[f"date {place}"] = (pd.Timestamp("2020-01-01") + days).strftime("%Y-%m-%d")
    frame = pd.DataFrame(made)
    return frame.assign(target=(frame["number 0"] + random.normal(size=rows) > 0).astype(int))


def _labels(rows: int, labels: int) -> pd.DataFrame:
    random = np.random.default_rng(0)
    shop = np.char.add("shop ", random.integers(0, labels, rows).astype(str))
    return pd.DataFrame({"shop": shop, "amount": random.normal(size=rows), "target": random.integers(0, 2, rows)})


def _installed(folder: Path, tools: tuple[Tool, ...]) -> dict[Tool, str]:
    """The Python of each tool, those left out that can't be installed."""
    found = {}
    for tool in tools:
        environment = folder / tool.packages[0].partition("==")[0]
        python = environment / "bin" / "python"
        if not python.exists():
            uv = [sys.executable, "-m", "uv"]
            venv = [*uv, "venv", "--quiet", "--python", sys.executable, str(environment)]
            install = [*uv, "pip", "install", "--quiet", "--python", str(python), *tool.packages]
            made = subprocess.run(venv, capture_output=True, text=True, check=False)
            if made.returncode == 0:
                made = subprocess.run(install, capture_output=True, text=True, check=False)
            if made.returncode != 0:
                shutil.rmtree(environment, ignore_errors=True)
                print(f"{tool.name} is skipped, it can't be installed: {made.stderr.strip().rpartition(chr(10))[2]}")
                continue
        found[tool] = str(python)
    return found


def _measure(tools: Mapping[Tool, str], table: Path, page: Path, options: argparse.Namespace) -> None:
    taken: dict[Tool, list[list[float]]] = {tool: [] for tool in tools}
    failed: dict[Tool, str] = {}
    for _ in range(options.rounds):
        for tool, python in tools.items():
            if tool not in failed:
                page.unlink(missing_ok=True)
                told = _run(tool, python, table, page, options.limit)
                if isinstance(told, str):
                    failed[tool] = told
                else:
                    taken[tool].append(told)
    first = statistics.median([one[0] for one in taken[_OURS]] or [math.nan])
    for tool, measured in taken.items():
        if tool in failed:
            print(f"  {tool.name:<26} {failed[tool]}", flush=True)
            continue
        wall, core, memory, size = (statistics.median(figures) for figures in zip(*measured, strict=True))
        print(
            f"  {tool.name:<26} {wall:>7.2f} s, {core:>7.2f} s of a core, {memory:>5.0f} MB, page {size:>5.2f} MB, "
            f"{wall / first:>6.1f} times ours",
            flush=True,
        )


def _run(tool: Tool, python: str, table: Path, page: Path, limit: float) -> list[float] | str:
    """Seconds, seconds of a core, memory and size of the page in MB; or why there are none."""
    code = _RUN.format(imports=tool.imports, work=tool.work)
    environment = {"PATH": "/usr/bin:/bin", "MPLBACKEND": "agg", "PYTHONPATH": "" if tool.packages else str(ROOT)}
    command = [python, "-W", "ignore", "-c", code, str(table), str(page)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, cwd=table.parent, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return f"over {limit:.0f} s, with imports: ended"
    if done.returncode != 0:
        return f"fails: {done.stderr.strip().rpartition(chr(10))[2]}"
    figures = json.loads(done.stdout.strip().rpartition("\n")[2])
    assert isinstance(figures, list)
    return figures


if __name__ == "__main__":
    main()

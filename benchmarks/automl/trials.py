"""How long a search of many trials takes: 250 of ours beside 150 of FLAML's, on digits.

    python -m benchmarks.automl.trials [--rounds 3]

In turns, the same rows and cores, each trial judged by five folds, without a time limit that either would reach; FLAML
in an environment of its own, as in benchmarks.automl.run.
"""

import argparse
from statistics import median

from benchmarks.automl.benchmark_tables import benchmark_tables, splits
from benchmarks.automl.run import ENVIRONMENTS, run_engine

_TRIALS = {"mlws": 250, "flaml": 150}
_SECONDS = 3600.0


def main() -> None:
    """Measure, and print the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    table = next(table for table in benchmark_tables() if table.name == "digits")
    frame = table.load()
    learn, test = next(splits(table, frame, 1))
    task = {"target": table.target, "problem": table.problem, "seconds": _SECONDS, "validation": "5"}
    taken: dict[str, list[float]] = {engine: [] for engine in _TRIALS}
    for _ in range(asked.rounds):
        for engine, trials in _TRIALS.items():
            asked_for = {**task, "trials": trials}
            _, seconds = run_engine(engine, asked_for, frame.iloc[learn], frame.iloc[test], ENVIRONMENTS, _SECONDS)
            taken[engine].append(seconds)
            print(f"{engine}: {trials} trials in {seconds:.1f} s", flush=True)
    ours, theirs = (median(taken[engine]) for engine in _TRIALS)
    print(f"{_TRIALS['mlws']} trials of ours take {ours / theirs:.2f} times as long as {_TRIALS['flaml']} of FLAML's")


if __name__ == "__main__":
    main()

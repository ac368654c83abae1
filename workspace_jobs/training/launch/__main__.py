"""`python -m workspace_jobs.training.launch SPEC [--data NAME=PATH]... [--param NAME=VALUE]...`, on a compute.

What only the compute knows is added to the spec there: where its inputs are, and the trial's values of a sweep.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from workspace_jobs.training.launch.spec import LaunchSpec
from workspace_jobs.training.launch.supervisor import LaunchError, supervise


def main(arguments: list[str]) -> int:
    """Launch, and return the job's exit code."""
    parser = argparse.ArgumentParser(prog="workspace_jobs.training.launch")
    parser.add_argument("spec", type=Path)
    parser.add_argument("--data", action="append", default=[], type=_pair)
    parser.add_argument("--param", action="append", default=[], type=_pair)
    given = parser.parse_args(arguments)
    spec = LaunchSpec.read(given.spec)
    spec = replace(spec, data={**spec.data, **dict(given.data)}, parameters={**spec.parameters, **dict(given.param)})
    try:
        outcome = supervise(spec, os.environ, sys.stdout.buffer, sys.stderr.buffer)
    except LaunchError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return 0 if outcome.status == "FINISHED" else 1


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

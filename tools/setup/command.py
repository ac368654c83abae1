"""The command line of set-up."""

import argparse
import sys
from pathlib import Path

from tools.setup.errors import SetupError
from tools.setup.progress import Reporter
from tools.setup.project import Project
from tools.setup.steps import prepare


def main() -> int:
    """Exit code 0, or 1 after one sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.setup", description="Get everything mlws needs.")
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    parser.add_argument("--only", choices=["python"], help="leave Azurite and Pulumi out: enough for `make check`")
    parser.add_argument("--tests", action="store_true", help="get what the tests need, too")
    asked = parser.parse_args()
    project = Project(Path(__file__).resolve().parents[2])
    try:
        prepare(project, Reporter(quiet=asked.quiet), python_only=asked.only == "python", tests=asked.tests)
    except SetupError as problem:
        return _fail(str(problem))
    except KeyboardInterrupt:
        return _fail("set-up was interrupted; run it again to go on where it was.")
    return 0


def _fail(sentence: str) -> int:
    print(f"error: {sentence}", file=sys.stderr)
    return 1

"""`.venv/bin/python -m tools.up`: the first journey, then a short summary."""

import sys
from pathlib import Path

from tools.setup.project import Project
from tools.up.commands import Shell
from tools.up.errors import StepError
from tools.up.journey import travel


def main() -> int:
    """Exit code 0, or 1 after one sentence on standard error."""
    try:
        summary = travel(Shell(Project(Path(__file__).resolve().parents[2])))
    except StepError as problem:
        print(f"\nerror: {problem}", file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("\nerror: `make up` was interrupted; run it again to go on where it was.", file=sys.stderr)
        return 130
    print("\n".join(summary.lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

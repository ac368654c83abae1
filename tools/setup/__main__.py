"""`python3 -m tools.setup [--quiet] [--only python] [--tests]`: get what is needed, or say in a sentence what to do."""

import sys

OLDEST_PYTHON = (3, 11)

if __name__ == "__main__":
    if sys.version_info[:2] < OLDEST_PYTHON:
        sys.exit(
            "error: Python {}.{} is too old; install Python 3.11 or newer and run it again.".format(*sys.version_info)
        )
    # Only now: the modules behind this import need the Python that was just checked for.
    from tools.setup.command import main

    sys.exit(main())

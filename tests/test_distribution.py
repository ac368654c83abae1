"""Tests of one `xdist_group` run on one worker: those that share a server or a stack are slow, or wrong, without it.

pytest-xdist 3.8 writes a group into an attribute that pytest 9.2 does not read, and then groups nothing, silently
(https://github.com/pytest-dev/pytest-xdist/issues/1386); requirements-dev.in asks for a pair that works.
"""

import re
import subprocess
import sys
from pathlib import Path

GROUPED = """
import pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_grouped(number): ...
"""


def test_a_group_of_tests_runs_on_one_worker(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "test_grouped.py").write_text(GROUPED)
    options = ("-v", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    workers = re.findall(r"^\[(gw\d)\].* PASSED ", done.stdout, re.MULTILINE)
    assert len(workers) == 8, done.stdout + done.stderr
    assert len(set(workers)) == 1, done.stdout

from pathlib import Path

import pytest

from tests.tools.fakes import executable, listening
from tools.setup import system
from tools.setup.project import Project

NOWHERE = system.Package("no-such-package", ("no-such-command",))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is PATH of a machine whose user is root and on which one package is missing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(system, "PACKAGES", (system.Package("shell", ("sh",)), NOWHERE))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return folder


def test_only_what_is_missing_is_installed(machine: Path, tmp_path: Path) -> None:
    apt = executable(machine, "apt-get")
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n')
    reporter, _ = listening()
    system.prepare(Project(tmp_path), reporter)
    update, install = (tmp_path / "calls").read_text().splitlines()
    assert update.startswith("update")
    assert install.endswith("no-such-package")
    assert "shell" not in install


def test_without_root_nothing_is_run_and_the_reader_is_told(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(machine, "apt-get", status=1)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    reporter, said = listening()
    system.prepare(Project(tmp_path), reporter)
    assert said.getvalue().startswith("no no-such-package here")
    assert not (tmp_path / ".tools").exists()


def test_an_archive_that_fails_does_not_fail_set_up(machine: Path, tmp_path: Path) -> None:
    executable(machine, "apt-get", "E: no network", status=100)
    reporter, said = listening()
    system.prepare(Project(tmp_path), reporter)
    assert "E: no network" in said.getvalue()
    assert said.getvalue().rstrip().endswith("skip.")


def test_a_program_in_a_folder_of_its_version_is_found(tmp_path: Path) -> None:
    executable(tmp_path / "usr/lib/postgresql/15/bin", "postgres")
    assert system.Package("postgresql", ("no-such-command",), "usr/lib/postgresql/*/bin/postgres").is_there(tmp_path)

from pathlib import Path

import pytest

from tests.tools.fakes import executable, listening, project_like
from tools.setup import pulumi, pulumi_build
from tools.setup.errors import SetupError
from tools.setup.progress import Reporter
from tools.setup.project import Project

REAL = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project on a machine with an empty PATH and no network."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(pulumi, "_INSTALLER", "http://127.0.0.1:9/install.sh")
    return project_like(REAL, tmp_path / "project")


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each build that is asked for; it makes executables at once."""
    asked: list[Path] = []

    def build(_project: Project, target: Path, _reporter: Reporter) -> None:
        asked.append(target)
        for name in pulumi.EXECUTABLES:
            executable(target, name, "v3.250.0")

    monkeypatch.setattr(pulumi_build, "build", build)
    return asked


def on_path(tmp_path: Path, version: str, *names: str) -> None:
    for name in names:
        executable(tmp_path / "path", name, version)


def test_a_suitable_pulumi_on_path_is_taken(tmp_path: Path, project: Project, built: list[Path]) -> None:
    on_path(tmp_path, "v3.251.2", *pulumi.EXECUTABLES)
    pulumi.prepare(project, listening()[0])
    assert (project.bin / "pulumi").resolve() == tmp_path / "path" / "pulumi"
    assert not built


@pytest.mark.parametrize("version", ["v3.249.9", "v4.0.0", "v2.0.0", "nothing"])
def test_an_unsuitable_version_is_not_taken(tmp_path: Path, project: Project, built: list[Path], version: str) -> None:
    on_path(tmp_path, version, *pulumi.EXECUTABLES)
    pulumi.prepare(project, listening()[0])
    assert built


def test_a_pulumi_without_its_language_host_is_not_taken(tmp_path: Path, project: Project, built: list[Path]) -> None:
    on_path(tmp_path, "v3.250.0", "pulumi")
    pulumi.prepare(project, listening()[0])
    assert built


def test_the_official_installer_comes_before_a_build(
    project: Project, built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def official(_project: Project, target: Path, _reporter: Reporter) -> bool:
        for name in pulumi.EXECUTABLES:
            executable(target, name, "v3.250.0")
        return True

    monkeypatch.setattr(pulumi, "_official", official)
    pulumi.prepare(project, listening()[0])
    assert not built
    assert pulumi.describe(project) == "Pulumi v3.250.0 (from the official installer)"


def test_a_second_run_builds_nothing_and_repairs_a_missing_link(project: Project, built: list[Path]) -> None:
    reporter, said = listening()
    pulumi.prepare(project, reporter)
    (project.bin / "pulumi").unlink()
    before = said.getvalue()
    pulumi.prepare(project, reporter)
    assert len(built) == 1
    assert said.getvalue() == before
    assert (project.bin / "pulumi").exists()


def test_a_pulumi_that_left_the_path_is_replaced(tmp_path: Path, project: Project, built: list[Path]) -> None:
    on_path(tmp_path, "v3.250.0", *pulumi.EXECUTABLES)
    pulumi.prepare(project, listening()[0])
    (tmp_path / "path" / "pulumi").unlink()
    pulumi.prepare(project, listening()[0])
    assert len(built) == 1


def test_a_failed_build_leaves_nothing_that_looks_complete(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_project: Project, target: Path, _reporter: Reporter) -> None:
        executable(target, "pulumi", "v3.250.0")
        raise SetupError("no")

    monkeypatch.setattr(pulumi_build, "build", build)
    with pytest.raises(SetupError):
        pulumi.prepare(project, listening()[0])
    assert not (project.tools / "pulumi").exists()
    assert not (project.bin / "pulumi").exists()

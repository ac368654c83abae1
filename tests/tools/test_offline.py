"""Each registry refused in turn: one sentence that says what to do, and no trace of a half-made tool."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.tools.fakes import executable, listening, project_like
from tools.setup import command, npm, pulumi_build, python_environment, scanners, steps
from tools.setup.errors import SetupError
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project

REAL = Path(__file__).resolve().parents[2]
NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_like(REAL, tmp_path / "project")


def sentence(problem: pytest.ExceptionInfo[SetupError]) -> str:
    text = str(problem.value)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


@pytest.mark.skipif(shutil.which("go") is None, reason="needs Go, to see it refused")
def test_a_refused_module_proxy_is_a_sentence(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOPROXY", "off")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "empty"))
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(SetupError) as problem:
        pulumi_build.build(project, target, listening()[0])
    assert "GOPROXY names another" in sentence(problem)
    assert not list(target.iterdir())


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm, to see it refused")
def test_an_unreachable_npm_registry_is_a_sentence(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", NOBODY_LISTENS)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "empty"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(SetupError) as problem:
        npm.prepare(project, "azurite", listening()[0])
    assert "npm registry" in sentence(problem)
    assert str(project.logs / "azurite.log") in str(problem.value)
    assert not (project.tools / "azurite").exists()


def test_an_unreachable_package_index_is_a_sentence_and_leaves_no_stamp(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", NOBODY_LISTENS)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(SetupError) as problem:
        python_environment.prepare(project, listening()[0])
    assert "PIP_INDEX_URL names another" in sentence(problem)
    assert not (project.environment / ".mlws-stamp.json").exists()


def test_what_pip_was_told_is_passed_on_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", NOBODY_LISTENS)
    assert python_environment.index_settings()["UV_DEFAULT_INDEX"] == NOBODY_LISTENS
    monkeypatch.setenv("UV_INDEX_URL", "http://127.0.0.1:10")
    assert python_environment.index_settings() == {}


def test_a_failed_step_ends_the_command_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise SetupError("installing uv failed: do this")

    monkeypatch.setattr(command, "prepare", refused)
    monkeypatch.setattr(sys, "argv", ["setup", "--quiet"])
    assert command.main() == 1
    assert capsys.readouterr().err == "error: installing uv failed: do this\n"


def test_a_failed_command_is_quoted_by_the_line_that_says_why(tmp_path: Path) -> None:
    program = executable(tmp_path, "npm", "npm warn old\nnpm error code ECONNREFUSED\nnpm error a log is there", 3)
    with pytest.raises(SetupError, match=r"ECONNREFUSED.*do this; the full log is"):
        run(Command("installing", [program], "do this", tmp_path), tmp_path / "log", listening()[0])


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    slow = Command("waiting", ["sleep", "60"], "do this", tmp_path, timeout_seconds=0)
    with pytest.raises(SetupError, match="took more than"):
        run(slow, tmp_path / "log", listening()[0])


def test_a_program_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"installing failed .*: do this"):
        run(Command("installing", [tmp_path / "none"], "do this", tmp_path), tmp_path / "log", listening()[0])


def test_the_python_part_alone_leaves_the_other_tools_alone(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def note(name: str) -> None:
        module = getattr(steps, name)
        monkeypatch.setattr(module, "prepare", lambda *_: done.append(name))

    for name in ("python_environment", "npm", "pulumi", "launcher", "scanners"):
        note(name)
    steps.prepare(project, Reporter(quiet=True), python_only=True)
    assert done == ["python_environment"]
    done.clear()
    steps.prepare(project, Reporter(quiet=True))
    assert done == ["python_environment", "npm", "pulumi", "launcher"]


def test_what_only_tests_need_is_got_when_asked_for(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("python_environment", "npm", "pulumi", "launcher"):
        monkeypatch.setattr(getattr(steps, name), "prepare", lambda *_: None)
    monkeypatch.setattr(scanners, "prepare", lambda *_: done.append("scanners"))
    steps.prepare(project, Reporter(quiet=True), tests=True)
    assert done == ["scanners"]

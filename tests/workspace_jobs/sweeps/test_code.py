"""How a trial's parameters reach the code, and what of the code's answer counts."""

from pathlib import Path

import pytest

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.code import ONLY_METRIC, code_of, command_line
from workspace_jobs.sweeps.messages import Assignment


def assignment(file: Path, function: str, names: tuple[str, ...], metric: str = "") -> Assignment:
    return Assignment(str(file), function, str(file.parent), (), names, metric, {}, "parent", 1, "log")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / f"code_of_{tmp_path.name}.py"
    path.write_text(
        "def number(a, b=1):\n    return a + b\ndef several(**p):\n    return p\ndef nothing(a):\n    pass\n"
    )
    return path


def test_a_function_gets_keyword_arguments_and_returns_what_it_measured(file: Path) -> None:
    assert code_of(assignment(file, "number", ("a",)))({"a": 2}) == {ONLY_METRIC: 3.0}
    assert code_of(assignment(file, "number", ("a",), "mse"))({"a": 2, "b": 5}) == {"mse": 7.0}
    assert code_of(assignment(file, "several", ()))({"x": 1, "y": 2.5}) == {"x": 1.0, "y": 2.5}
    assert code_of(assignment(file, "nothing", ("a",)))({"a": 1}) == {}


def test_a_function_that_is_not_there_or_takes_something_else_is_said(file: Path) -> None:
    with pytest.raises(JobsError, match="did you mean `number`"):
        code_of(assignment(file, "nuber", ("a",)))
    with pytest.raises(JobsError, match="cannot be called with c"):
        code_of(assignment(file, "number", ("c",)))


def test_a_script_gets_arguments_by_name_or_where_its_command_has_them() -> None:
    assert command_line((), {"l1-ratio": 0.5, "fast": True}) == ["--l1-ratio", "0.5", "--fast", "True"]
    assert command_line(("--lr=${{search_space.lr}}", "x"), {"lr": 0.1}) == ["--lr=0.1", "x"]

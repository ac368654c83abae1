"""The arrows of the design: an import may only follow one."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Who may import whom, besides itself. `mlws.py` mounts the rooms by name and imports none.
ARROWS: dict[str, set[str]] = {
    "naming": set(),
    "infra": {"naming"},
    "workspace_jobs": {"naming"},
    "localazure": {"naming"},
    "mlws": set(),
    # A script that makes the rules' data files needs what reads them; set-up itself imports nothing.
    "tools": {"naming"},
    "benchmarks": {"naming", "infra", "workspace_jobs", "localazure", "mlws"},
}
OURS = {*ARROWS, "tests"}
# `mlws lint` must install and start in seconds.
LIGHT = {"click", "rich", "yaml"}
HEAVY = {
    "aiohttp",
    "azure",
    "grpc",
    "lightgbm",
    "matplotlib",
    "mlflow",
    "numpy",
    "optuna",
    "pandas",
    "plotly",
    "pyarrow",
    "pulumi",
    "pulumi_azure_native",
    "pydantic",
    "scipy",
    "shap",
    "sklearn",
    "sqlalchemy",
}


def sources(room: str) -> list[Path]:
    """The Python files of a room; `mlws` is a single file."""
    if room == "mlws":
        return [ROOT / "mlws.py"]
    return sorted(file for file in (ROOT / room).rglob("*.py") if "__pycache__" not in file.parts)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, top-level package) of each absolute import in `tree`, `import_module("literal")` included."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield node.lineno, module.split(".")[0]
            case ast.Call(func=function, args=[ast.Constant(value=str(module)), *_]) if called(function):
                yield node.lineno, module.split(".")[0]


def called(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in ("import_module", "__import__")
    return False


def broken(code: str, room: str) -> list[str]:
    """The packages of ours that `code`, a file of `room`, imports against the arrows."""
    return [
        f"{line}: {package}" for line, package in imports(ast.parse(code)) if package in OURS - ARROWS[room] - {room}
    ]


@pytest.mark.parametrize("room", ARROWS)
def test_imports_follow_the_arrows(room: str) -> None:
    found = [f"{file.relative_to(ROOT)}:{one}" for file in sources(room) for one in broken(file.read_text(), room)]
    assert not found, f"{room} may import {sorted(ARROWS[room]) or 'nothing of ours'}"


def test_naming_imports_light_libraries_only() -> None:
    allowed = LIGHT | {"naming"} | sys.stdlib_module_names
    found = {p for file in sources("naming") for _, p in imports(ast.parse(file.read_text())) if p not in allowed}
    # A live subscription is asked with Azure's own libraries, an extra, imported in the functions that do it.
    live = ast.parse((ROOT / "naming" / "lint" / "live.py").read_text())
    assert found <= {"azure", "requests"}
    assert not [package for node in live.body for package in eager(node) if package in found]


def test_tools_need_nothing_but_the_standard_library() -> None:
    allowed = {"tools"} | sys.stdlib_module_names
    set_up = [file for file in sources("tools") if "naming_rules" not in file.parts]
    found = {p for file in set_up for _, p in imports(ast.parse(file.read_text())) if p not in allowed}
    assert not found


def command_lines() -> list[str]:
    return sorted(str(file.relative_to(ROOT)) for room in ARROWS for file in sources(room) if file.name == "cli.py")


@pytest.mark.parametrize("file", command_lines())
def test_command_lines_import_nothing_heavy_before_they_are_called(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text())
    assert not {package for node in tree.body for package in eager(node)} & HEAVY


def eager(node: ast.stmt) -> list[str]:
    """What a statement of a module imports when the module is; `if TYPE_CHECKING:` blocks never run."""
    return [] if isinstance(node, ast.If) else at_import(node)


def at_import(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return []
    return [package for _, package in imports(node)]


def test_job_code_imports_nothing_of_ours() -> None:
    scripts = (ROOT / "workspace_jobs" / "training").glob("*/src/*.py")
    found = [f"{file.name}: {p}" for file in scripts for _, p in imports(ast.parse(file.read_text())) if p in OURS]
    assert not found


@pytest.mark.parametrize(
    ("code", "room"),
    [
        ("import infra.settings", "workspace_jobs"),
        ("from localazure import home", "infra"),
        ("def f():\n    from infra import names", "localazure"),
        ("import importlib\nimportlib.import_module('workspace_jobs.cli')", "naming"),
        ("import tests.conftest", "infra"),
    ],
)
def test_a_broken_arrow_is_found(code: str, room: str) -> None:
    assert broken(code, room)


@pytest.mark.parametrize("code", ["import naming", "from . import names", "import infra", "import importlib"])
def test_an_allowed_import_is_no_finding(code: str) -> None:
    assert not broken(code, "infra")

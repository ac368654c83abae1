from pathlib import Path

import pytest

from tests.tools.fakes import executable
from tools.setup import go, node
from tools.setup.versions import Version

REAL = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("version", "taken"), [("v18.0.0", True), ("v24.1.0", True), ("v16.20.2", False)])
def test_node_on_path_is_taken_when_it_is_new_enough(path: Path, version: str, *, taken: bool) -> None:
    executable(path, "node", version)
    executable(path, "npm")
    assert (node.on_path() is not None) is taken


def test_node_without_npm_is_not_taken(path: Path) -> None:
    executable(path, "node", "v24.1.0")
    assert node.on_path() is None


def test_go_on_path_is_taken_when_the_module_accepts_it(path: Path) -> None:
    oldest = go.oldest_for(REAL / "tools" / "pulumi" / "engine" / "go.mod")
    executable(path, "go", "go version go1.24.9 linux/amd64")
    assert oldest > Version(1, 24, 9)
    assert go.on_path(oldest) is None
    executable(path, "go", f"go version go{oldest} linux/amd64")
    assert go.on_path(oldest) == path / "go"

"""A snapshot has what the code consists of, and nothing that is secret."""

import json
import subprocess
from pathlib import Path

import pytest

from workspace_jobs.errors import JobsError
from workspace_jobs.training.job import Asked, launch_spec
from workspace_jobs.training.remote import SPEC_FILE, write_code
from workspace_jobs.training.snapshot import snapshot

SECRET = "S3cret-value-of-nobody"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with code, and with what no job should take along."""
    files = {
        "src/train.py": "import helper\nfrom pack.deep import thing\nfrom . import sibling\nimport os, numpy\n",
        "src/helper.py": "import second\n",
        "second.py": "",
        "src/pack/__init__.py": "",
        "src/pack/deep.py": "from .near import x\nthing = 1\n",
        "src/pack/near.py": "x = 1\n",
        "src/pack/unused.py": SECRET,
        "src/sibling.py": "",
        ".env": SECRET,
        "src/.env.local": SECRET,
        "config.json": json.dumps({"key": SECRET}),
        "src/server.key": SECRET,
        "src/data/rows.csv": "a,b\n1,2\n",
        "src/data/id_rsa": SECRET,
        "src/data/.git/config": SECRET,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", SECRET)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_it_has_the_modules_that_are_imported_however_deep() -> None:
    assert set(snapshot("src/train.py").files) == {
        *("src/train.py", "src/helper.py", "second.py", "src/sibling.py"),
        *("src/pack/__init__.py", "src/pack/deep.py", "src/pack/near.py"),
    }


@pytest.mark.usefixtures("project")
def test_a_module_is_found_by_its_name() -> None:
    taken = snapshot("src.helper")
    assert (taken.target.is_module, set(taken.files)) == (True, {"src/helper.py", "second.py"})


def test_what_is_uploaded_holds_no_secret_and_no_path_of_this_machine(project: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "-f", "."], check=True)
    author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *author, "commit", "-qm", "first"], check=True)
    url = f"https://user:{SECRET}@example.org/repository.git"
    subprocess.run(["git", "remote", "add", "origin", url], check=True)
    (project / "src/helper.py").write_text("import second  # changed\n")
    (project / ".env").write_text(f"{SECRET} changed")
    spec = launch_spec(Asked("src/train.py", include=[Path("src/data")]))
    assert "# changed" in spec.diff
    assert spec.source.repository == "https://example.org/repository.git"
    assert len(spec.source.commit) == 40

    uploaded = tmp_path.parent / f"{tmp_path.name}-uploaded"
    write_code(spec, uploaded)

    files = [path for path in uploaded.rglob("*") if path.is_file()]
    assert uploaded / "src/data/rows.csv" in files
    assert uploaded / SPEC_FILE in files
    leaking = [path for path in files if SECRET in path.read_text() or str(project) in path.read_text()]
    assert leaking == []


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("named", ["src/server.key", ".env", "config.json", "../elsewhere", "missing"])
def test_what_may_not_go_along_is_refused_by_name(named: str) -> None:
    with pytest.raises(JobsError, match="--include"):
        snapshot("src/train.py", [Path(named)])


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("target", ["gone.py", "no.such.module", "src/data/rows.csv"])
def test_a_target_that_is_not_there_is_said(target: str) -> None:
    with pytest.raises(JobsError, match=r"script\.py|Python script"):
        snapshot(target)


def test_code_that_is_not_python_is_said(project: Path) -> None:
    (project / "bad.py").write_text("def (:\n")
    with pytest.raises(JobsError, match="mend it"):
        snapshot("bad.py")

"""What the CI templates run, run here: the scripts of each, in their order, against the embedded Azure.

GitHub's are run; Azure DevOps' are the same commands, which is tested too.
"""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.project_copy import ProjectCopy
from tests.conftest import PROJECT

pytestmark = [pytest.mark.xdist_group("pipelines"), pytest.mark.timeout(600)]

GITHUB = PROJECT / ".github" / "workflows"
AZURE = PROJECT / "azure-pipelines"
# The embedded Azure takes stacks whose name begins so; all else is as in dev.
STACK = "local-ci"
PREVIEW, DEPLOY, DRIFT = "preview.yml", "deploy-stack.yml", "drift.yml"


def scripts(workflow: str) -> list[str]:
    """The shell scripts of a workflow of GitHub's, but those that set the machine up or belong to GitHub."""
    (job,) = yaml.safe_load((GITHUB / workflow).read_text())["jobs"].values()
    own = ("make setup", "GITHUB_STEP_SUMMARY")
    return [step["run"] for step in job["steps"] if "run" in step and not any(one in step["run"] for one in own)]


def azure_scripts(pipeline: str) -> list[str]:
    """The shell scripts in a pipeline of Azure DevOps', those given to its templates included."""
    found: list[str] = []

    def collect(value: Any) -> None:
        match value:
            case {"bash": str(script)} | {"script": str(script)}:
                found.append(script)
            case dict():
                for inner in value.values():
                    collect(inner)
            case list():
                for inner in value:
                    collect(inner)

    collect(yaml.safe_load((AZURE / pipeline).read_text()))
    return found


def commands(found: list[str]) -> list[str]:
    """The commands of ours in scripts."""
    return re.findall(r"^(?:mlws|pulumi) [^|\n]*[^|\n ]", "\n".join(found), re.MULTILINE)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectCopy]:
    copy = ProjectCopy.at(tmp_path_factory.mktemp("pipelines"))
    settings = (copy.root / "Pulumi.dev.yaml").read_text()
    (copy.root / f"Pulumi.{STACK}.yaml").write_text(f"{settings.rstrip()}\n  mlws:environment: dev\n")
    started = copy.run("mlws", "local", "start")
    assert started.returncode == 0, started.stdout
    made = copy.inside("pulumi", "stack", "init", STACK)
    assert made.returncode == 0, made.stdout
    yield copy
    copy.run("mlws", "local", "stop")


def run(project: ProjectCopy, workflow: str) -> list[str]:
    """Run the scripts of a workflow as its runner does, and return what each printed."""
    printed = []
    for script in scripts(workflow):
        done = project.inside("bash", "-e", "-c", script, STACK=STACK)
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        printed.append(done.stdout)
    return printed


def test_a_pull_request_is_told_what_would_be_made_named_and_paid(project: ProjectCopy) -> None:
    run(project, PREVIEW)
    comment = (project.root / "review.md").read_text()
    assert comment.startswith(f"<!-- mlws infra review {STACK} -->\n")
    assert "to create\n" in comment
    assert "Names and tags: nothing is wrong" in comment
    assert "Standard_D4s_v3" in comment


def test_after_a_deployment_a_review_has_no_change_and_the_night_no_drift(project: ProjectCopy) -> None:
    run(project, DEPLOY)
    assert (project.root / "config.json").is_file()
    run(project, PREVIEW)
    comment = (project.root / "review.md").read_text()
    assert f"Stack `{STACK}`: no change" in comment
    assert "as today" in comment
    assert run(project, DRIFT) == [f"stack {STACK}: Azure has what the stack says\n"]


@pytest.mark.parametrize(("github", "azure"), [(PREVIEW, PREVIEW), (DEPLOY, "steps/deploy.yml"), (DRIFT, DRIFT)])
def test_azure_devops_runs_the_commands_that_github_runs(github: str, azure: str) -> None:
    assert commands(azure_scripts(azure)) == commands(scripts(github)) != []


@pytest.mark.parametrize("file", sorted(AZURE.rglob("*.yml")), ids=lambda file: file.name)
def test_a_pipeline_names_templates_that_exist_and_stores_no_secret(file: Path) -> None:
    text = file.read_text()
    assert yaml.safe_load(text)
    for template in re.findall(r"template: (\S+)", text):
        assert (file.parent / template).is_file(), template
    assert not re.search(r"(?i)client.?secret|ARM_CLIENT_SECRET|password", text)


def test_environments_follow_each_other() -> None:
    stages = yaml.safe_load((AZURE / "deploy.yml").read_text())["stages"]
    order = [(stage["parameters"]["stack"], stage["parameters"].get("after", [])) for stage in stages]
    assert order == [("dev", []), ("qa", ["dev"]), ("prod", ["qa"])]


class _Threads(BaseHTTPRequestHandler):
    """The threads of one pull request, as far as the comment script uses them."""

    threads: list[dict[str, Any]]

    def _answer(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _sent(self) -> Any:
        assert self.headers["Authorization"] == "Bearer the-token"
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        self._answer({"value": self.threads})

    def do_POST(self) -> None:
        thread = self._sent()
        self.threads.append({"id": 7, "comments": [{"id": 1, **thread["comments"][0]}]})
        self._answer({})

    def do_PATCH(self) -> None:
        assert "/threads/7/comments/1?" in self.path
        self.threads[-1]["comments"][0].update(self._sent())
        self._answer({})

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def threads() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    kept: list[dict[str, Any]] = [{"id": 3, "comments": [{"id": 1, "content": "a person's"}, {"id": 2}]}]
    handler = type("Threads", (_Threads,), {"threads": kept})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", kept
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("curl")), reason="jq or curl is not installed")
def test_azure_devops_comment_is_written_once_and_then_over(
    threads: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    address, kept = threads
    (script,) = azure_scripts("steps/comment.yml")
    variables = {
        "TOKEN": "the-token",
        "COLLECTION": address,
        "PROJECT": "project",
        "REPOSITORY": "repository",
        "PULL_REQUEST": "12",
        "PATH": "/usr/bin:/bin:/usr/local/bin",
    }
    for text in ("first `text`", 'second "text"\nof two lines'):
        (tmp_path / "review.md").write_text(f"<!-- mlws infra review dev -->\n{text}\n")
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert len(kept) == 2
        assert kept[-1]["comments"][0]["content"] == f"<!-- mlws infra review dev -->\n{text}\n"

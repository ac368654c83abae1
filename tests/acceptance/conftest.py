"""One embedded Azure, and one copy of the project, for the stacks of several files; each has stacks of its own."""

from collections.abc import Iterator

import pytest

from tests.acceptance.project_copy import ProjectCopy


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectCopy]:
    copy = ProjectCopy.at(tmp_path_factory.mktemp("stacks"))
    started = copy.run("mlws", "local", "start")
    assert started.returncode == 0, started.stdout
    yield copy
    copy.run("mlws", "local", "stop")

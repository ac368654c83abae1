from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from azure.ai.ml._artifacts import _artifact_utilities

from tests.workspace_jobs.conftest import FakeWorkspace
from tests.workspace_jobs.fake_jobs import FakeJobs
from workspace_jobs.errors import JobsError
from workspace_jobs.jobs.downloading import download

OUTPUTS = {
    "default": SimpleNamespace(path="azureml://datastores/d/paths/x"),
    "model": SimpleNamespace(path="azureml://datastores/d/paths/model/"),
    "unaddressed": SimpleNamespace(path=None),
}


def with_jobs(workspace: FakeWorkspace, jobs: FakeJobs) -> FakeWorkspace:
    workspace.ml_client.__dict__["jobs"] = jobs
    return workspace


def test_everything_is_the_log_and_each_output_by_its_address(
    workspace: FakeWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download_uri(uri: str, destination: str, datastore_operation: Any) -> None:
        assert datastore_operation is workspace.datastores
        Path(destination).mkdir(parents=True)
        (Path(destination) / "MLmodel").write_text(uri)

    monkeypatch.setattr(_artifact_utilities, "download_artifact_from_aml_uri", download_uri)
    jobs = FakeJobs(status="Completed", outputs=OUTPUTS)
    files = download(with_jobs(workspace, jobs), "job-1", tmp_path / "to", everything=True)
    assert [str(file.relative_to(tmp_path / "to")) for file in files] == [
        "artifacts/user_logs/std_log.txt",
        "named-outputs/model/MLmodel",
        "named-outputs/unaddressed/std_log.txt",
    ]


def test_only_new_files_are_named(workspace: FakeWorkspace, tmp_path: Path) -> None:
    folder = tmp_path / "to"
    folder.mkdir()
    (folder / "old.txt").touch()
    files = download(with_jobs(workspace, FakeJobs(status="Completed")), "job-1", folder)
    assert files == (folder / "artifacts" / "user_logs" / "std_log.txt",)


def test_an_output_that_the_job_does_not_have_gets_its_nearest_spelling(
    workspace: FakeWorkspace, tmp_path: Path
) -> None:
    jobs = FakeJobs(status="Completed", outputs={"model": SimpleNamespace(path=None)})
    with pytest.raises(JobsError, match="no output `modle`: did you mean `model`"):
        download(with_jobs(workspace, jobs), "job-1", tmp_path / "to", output="modle")
    assert not (tmp_path / "to").exists()


def test_a_running_job_is_not_downloaded(workspace: FakeWorkspace, tmp_path: Path) -> None:
    with pytest.raises(JobsError, match="is Running: wait for it"):
        download(with_jobs(workspace, FakeJobs()), "job-1", tmp_path / "to")


@pytest.mark.parametrize("to", ["file", "file/below"])
def test_a_place_that_cannot_be_a_folder_is_a_sentence(workspace: FakeWorkspace, tmp_path: Path, to: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JobsError, match=r"cannot be made a folder .*--to") as raised:
        download(with_jobs(workspace, FakeJobs(status="Completed")), "job-1", tmp_path / to)
    assert raised.value.exit_code == 2

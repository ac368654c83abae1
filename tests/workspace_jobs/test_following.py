import io
import sys
from types import SimpleNamespace

import pytest
from azure.ai.ml.operations._job_ops_helper import _incremental_print

from tests.workspace_jobs.conftest import FakeWorkspace
from tests.workspace_jobs.fake_jobs import FakeJobs
from workspace_jobs.errors import JobFailedError, JobsError
from workspace_jobs.jobs import following
from workspace_jobs.jobs.following import Followed, cancel, log_tail, stream


def with_jobs(workspace: FakeWorkspace, jobs: FakeJobs) -> FakeWorkspace:
    workspace.ml_client.__dict__["jobs"] = jobs
    return workspace


def test_the_log_goes_where_it_is_sent_and_not_to_stdout(
    workspace: FakeWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    to = io.StringIO()
    assert stream(with_jobs(workspace, FakeJobs()), "job-1", to=to) is Followed.COMPLETED
    assert to.getvalue() == "Streaming std_log.txt\none\ntwo\n"
    assert capsys.readouterr().out == ""


def test_a_failed_job_is_an_error_in_the_services_words(workspace: FakeWorkspace) -> None:
    with pytest.raises(JobFailedError, match="job `job-1` failed: Exit code 3: größer: see `mlws jobs") as raised:
        stream(with_jobs(workspace, FakeJobs(ending="Failed")), "job-1", to=sys.stderr)
    assert raised.value.exit_code == 1


def test_a_job_that_had_failed_before_is_an_error_too(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = FakeJobs(status="Failed")
    # The SDK streams nothing of a job that has ended, and raises nothing.
    monkeypatch.setattr(jobs, "stream", lambda _: None)
    with pytest.raises(JobFailedError, match="job `job-1` failed: see"):
        stream(with_jobs(workspace, jobs), "job-1", to=sys.stderr)


def test_the_log_of_a_job_that_ended_before_streaming_began_is_shown(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = FakeJobs(status="Completed")
    # Of a job that has ended the SDK writes where it is, and none of its log.
    monkeypatch.setattr(jobs, "stream", lambda name: sys.stdout.write(f"RunId: {name}\nExecution Summary\n"))
    to = io.StringIO()
    assert stream(with_jobs(workspace, jobs), "job-1", to=to) is Followed.COMPLETED
    assert to.getvalue().startswith("RunId: job-1\nExecution Summary\nStreaming std_log.txt\n\nline 0\nline 1\n")
    assert to.getvalue().endswith("line 49\n\n")


def test_the_heading_by_which_a_streamed_log_is_known_is_the_sdks() -> None:
    out = following._Streamed(io.StringIO())
    _incremental_print("one\n", {}, "user_logs/std_log.txt", out)
    assert out.any_log


def test_a_cancelled_job_is_an_error(workspace: FakeWorkspace) -> None:
    with pytest.raises(JobFailedError, match="ended as Canceled"):
        stream(with_jobs(workspace, FakeJobs(ending="Canceled")), "job-1", to=sys.stderr)


def test_an_interruption_leaves_the_job_running(workspace: FakeWorkspace) -> None:
    jobs = FakeJobs(ending="interrupted")
    assert stream(with_jobs(workspace, jobs), "job-1", to=io.StringIO()) is Followed.INTERRUPTED
    assert (jobs.status, jobs.cancelled) == ("Running", 0)


def test_a_job_that_settles_after_its_log_is_waited_for(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = FakeJobs(ending="Finalizing")
    monkeypatch.setattr(following, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=lambda _: settle()))

    def settle() -> None:
        jobs.status = "Completed"

    assert stream(with_jobs(workspace, jobs), "job-1", to=io.StringIO()) is Followed.COMPLETED


def test_the_tail_is_the_end_of_the_log(workspace: FakeWorkspace) -> None:
    tail = log_tail(with_jobs(workspace, FakeJobs(status="Failed")), "job-1")
    assert tail is not None
    assert (tail.file, len(tail.lines), tail.lines[-1]) == ("std_log.txt", 20, "line 49")


def test_a_job_that_is_not_there_is_a_sentence(workspace: FakeWorkspace) -> None:
    with pytest.raises(JobsError, match="no job `job-2`") as raised:
        stream(with_jobs(workspace, FakeJobs()), "job-2", to=sys.stderr)
    assert raised.value.exit_code == 2


def test_cancelling_waits_for_azure_and_may_be_repeated(workspace: FakeWorkspace) -> None:
    jobs = FakeJobs()
    with_jobs(workspace, jobs)
    assert (cancel(workspace, "job-1"), cancel(workspace, "job-1"), jobs.cancelled) == (
        "Canceled",
        "Canceled",
        1,
    )


def test_a_job_that_has_ended_cannot_be_cancelled(workspace: FakeWorkspace) -> None:
    with pytest.raises(JobsError, match="Completed already"):
        cancel(with_jobs(workspace, FakeJobs(status="Completed")), "job-1")

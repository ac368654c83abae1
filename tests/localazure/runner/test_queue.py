"""The queue and its supervisors, with real processes and no server around them."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from localazure.runner.errors import RunnerError
from localazure.runner.folder import JobFolder
from localazure.runner.queue import JobQueue
from localazure.runner.spec import BlobFolder, BlobOutput, EnvironmentSpec, JobSpec, LiteralInput
from localazure.runner.state import JobState, JobStatus

pytestmark = pytest.mark.timeout(60)
PATIENCE = 20.0


class Watched:
    """A queue, and what it reported."""

    def __init__(self, root: Path, slots: int = 2) -> None:
        self.root = root
        self.seen: list[tuple[str, JobStatus]] = []
        self.states: dict[str, JobState] = {}
        self.queue = JobQueue(root, slots, self._changed)

    def _changed(self, name: str, state: JobState) -> None:
        if (name, state.status) not in self.seen:
            self.seen.append((name, state.status))
        self.states[name] = state

    def folder(self, name: str) -> JobFolder:
        return JobFolder(self.root / "jobs" / name)

    def log(self, name: str) -> str:
        return self.folder(name).log_file.read_text()

    async def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, (self.states, [p.name for p in self.root.rglob("*.log")])
            await asyncio.sleep(0.05)

    async def until_status(self, name: str, status: JobStatus) -> None:
        await self.until(lambda: self.states[name].status is status)

    async def until_ended(self, name: str) -> JobState:
        await self.until(lambda: self.states[name].status.is_final)
        return self.states[name]


async def run_one(root: Path, spec: JobSpec) -> tuple[JobState, str, Watched]:
    watched = Watched(root)
    await watched.queue.start()
    watched.queue.submit(spec)
    state = await watched.until_ended(spec.name)
    await watched.queue.stop()
    return state, watched.log(spec.name), watched


def pids_written_to(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


# A process, its child in a session of its own, and a grandchild nobody waits for; all of them deaf to SIGTERM.
FAMILY = (
    "trap '' TERM; echo $$ >> pids; (trap '' TERM; setsid bash -c 'trap \"\" TERM; echo $$ >> pids; sleep 600 & "
    "echo $! >> pids; wait; sleep 600') & sleep 600 & echo $! >> pids; wait; sleep 600"
)


def test_a_job_runs_and_says_what_differs_from_azure(tmp_path: Path) -> None:
    spec = JobSpec(
        name="hello",
        command="echo got ${{inputs.x}}; echo $AZUREML_RUN_ID $MINE",
        inputs={"x": LiteralInput("a  'b")},
        environment_variables={"MINE": "own"},
        environment=EnvironmentSpec("sklearn", "3", image="mcr.example/sklearn:1"),
    )
    state, log, watched = asyncio.run(run_one(tmp_path, spec))
    assert (state.status, state.exit_code, state.error) == (JobStatus.COMPLETED, 0, None)
    assert "got a  'b\n" in log
    assert "hello own\n" in log
    assert "image mcr.example/sklearn:1 of environment sklearn:3 is not used" in log
    assert "has no conda file: the job runs in the embedded Azure's own Python" in log
    assert watched.seen[0] == ("hello", JobStatus.QUEUED)
    assert watched.folder("hello").path.stat().st_mode & 0o077 == 0


def test_the_servers_own_variables_do_not_reach_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SECRET", "x")
    monkeypatch.setenv("https_proxy", "http://elsewhere.invalid:1")
    spec = JobSpec(name="env", command="env", identity={"HTTPS_PROXY": "http://127.0.0.1:1"})
    _, log, _ = asyncio.run(run_one(tmp_path, spec))
    assert "HTTPS_PROXY=http://127.0.0.1:1\n" in log
    assert "SERVER_SECRET" not in log
    assert "elsewhere" not in log


@pytest.mark.parametrize(
    ("command", "code", "sentence"),
    [
        ("echo last words; exit 3", 3, "The job's command ended with exit code 3; the end of its log says why."),
        ("exec kill -KILL $$", -9, "The job's command ended by signal SIGKILL; the end of its log says why."),
        ("echo ${{inputs.lerning_rate}}", None, "write 'learning_rate'"),
    ],
)
def test_a_failed_job_says_how_in_a_sentence(tmp_path: Path, command: str, code: int | None, sentence: str) -> None:
    spec = JobSpec(name="bad", command=command, inputs={"learning_rate": LiteralInput("1")})
    state, log, _ = asyncio.run(run_one(tmp_path, spec))
    assert (state.status, state.exit_code) == (JobStatus.FAILED, code)
    assert state.error is not None
    assert sentence in state.error
    assert state.error in log


def test_a_job_that_exceeds_its_limit_is_canceled_with_a_sentence(tmp_path: Path) -> None:
    state, log, _ = asyncio.run(run_one(tmp_path, JobSpec(name="slow", command="sleep 60", timeout_seconds=0.5)))
    assert state.status is JobStatus.CANCELED
    assert state.error == "The job was canceled because it ran longer than its limit of 0.5 s."
    assert state.error in log


def test_a_server_that_is_not_there_fails_the_job_with_a_sentence(tmp_path: Path) -> None:
    spec = JobSpec(name="untracked", command="true", tracking_uri="http://127.0.0.1:9")
    state, _, _ = asyncio.run(run_one(tmp_path, spec))
    assert state.status is JobStatus.FAILED
    assert "MLflow server at http://127.0.0.1:9 could not be reached" in str(state.error)


def test_nothing_of_a_job_is_left_running_when_its_command_ended(tmp_path: Path) -> None:
    spec = JobSpec(name="litter", command="setsid sleep 600 & echo $! >> pids")
    state, _, watched = asyncio.run(run_one(tmp_path, spec))
    pids = pids_written_to(watched.folder("litter").work / "pids")
    assert state.status is JobStatus.COMPLETED
    assert pids
    assert not any(runs(pid) for pid in pids)


def test_cancel_ends_the_whole_tree_even_where_it_ignores_being_asked(tmp_path: Path) -> None:
    async def scenario() -> tuple[JobState, list[int]]:
        watched = Watched(tmp_path)
        await watched.queue.start()
        watched.queue.submit(JobSpec(name="deaf", command=FAMILY))
        pid_file = watched.folder("deaf").work / "pids"
        await watched.until(lambda: len(pids_written_to(pid_file)) == 4)
        watched.queue.cancel("deaf")
        watched.queue.cancel("deaf")
        state = await watched.until_ended("deaf")
        await watched.queue.stop()
        return state, pids_written_to(pid_file)

    state, pids = asyncio.run(scenario())
    assert (state.status, state.error) == (JobStatus.CANCELED, None)
    assert [pid for pid in pids if runs(pid)] == []


def test_a_queued_job_waits_for_its_turn_and_can_be_canceled_before_it(tmp_path: Path) -> None:
    async def scenario() -> Watched:
        watched = Watched(tmp_path, slots=1)
        await watched.queue.start()
        for name in ("one", "two", "three"):
            watched.queue.submit(JobSpec(name=name, command=f"echo {name} >> {tmp_path}/order; sleep 0.3"))
        watched.queue.cancel("two")
        await watched.until_ended("three")
        await watched.queue.stop()
        return watched

    watched = asyncio.run(scenario())
    assert (tmp_path / "order").read_text().split() == ["one", "three"]
    assert watched.states["two"].status is JobStatus.CANCELED
    ended, began = watched.states["one"].ended, watched.states["three"].started
    assert ended is not None
    assert began is not None
    assert ended <= began


def test_a_name_is_taken_once_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path)
        await watched.queue.start()
        watched.queue.submit(JobSpec(name="a", command="true"))
        with pytest.raises(RunnerError, match="exists already"):
            watched.queue.submit(JobSpec(name="a", command="true"))
        with pytest.raises(RunnerError, match="no job named 'b'"):
            watched.queue.cancel("b")
        await watched.until_ended("a")
        watched.queue.cancel("a")
        assert watched.states["a"].status is JobStatus.COMPLETED
        await watched.queue.stop()

    asyncio.run(scenario())


def test_stop_ends_what_runs_with_a_sentence_and_keeps_what_waits(tmp_path: Path) -> None:
    async def first() -> Watched:
        watched = Watched(tmp_path, slots=1)
        await watched.queue.start()
        watched.queue.submit(JobSpec(name="runs", command="sleep 600"))
        watched.queue.submit(JobSpec(name="waits", command="true"))
        await watched.until_status("runs", JobStatus.RUNNING)
        await watched.queue.stop()
        return watched

    async def second() -> JobState:
        watched = Watched(tmp_path)
        await watched.queue.start()
        state = await watched.until_ended("waits")
        await watched.queue.stop()
        return state

    watched = asyncio.run(first())
    assert watched.states["runs"].status is JobStatus.FAILED
    assert "embedded Azure was stopped" in str(watched.states["runs"].error)
    assert watched.states["waits"].status is JobStatus.QUEUED
    assert asyncio.run(second()).status is JobStatus.COMPLETED


SERVER = """
import asyncio, sys
from pathlib import Path
from localazure.runner.queue import JobQueue
from localazure.runner.spec import JobSpec

async def serve():
    queue = JobQueue(Path(sys.argv[1]), 1, lambda name, state: None)
    await queue.start()
    queue.submit(JobSpec(name="runs", command="echo $$ >> pids; until [ -e go ]; do sleep 0.05; done"))
    queue.submit(JobSpec(name="waits", command="true"))
    await asyncio.sleep(600)

asyncio.run(serve())
"""


def kill_a_server_with_a_running_job(root: Path) -> tuple[JobFolder, int]:
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(root)], cwd=Path(__file__).parents[3])
    folder = JobFolder(root / "jobs" / "runs")
    deadline = time.monotonic() + PATIENCE
    while not pids_written_to(folder.work / "pids"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    server.send_signal(signal.SIGKILL)
    server.wait()
    return folder, pids_written_to(folder.work / "pids")[0]


def test_a_killed_server_loses_no_job(tmp_path: Path) -> None:
    folder, pid = kill_a_server_with_a_running_job(tmp_path)
    assert runs(pid)

    async def scenario() -> Watched:
        watched = Watched(tmp_path, slots=1)
        await watched.queue.start()
        assert watched.states["runs"].status is JobStatus.RUNNING
        assert watched.states["waits"].status is JobStatus.QUEUED
        (folder.work / "go").touch()
        await watched.until_ended("waits")
        await watched.queue.stop()
        return watched

    watched = asyncio.run(scenario())
    assert {state.status for state in watched.states.values()} == {JobStatus.COMPLETED}


def test_a_job_whose_supervisor_was_killed_too_fails_and_leaves_nothing_running(tmp_path: Path) -> None:
    folder, pid = kill_a_server_with_a_running_job(tmp_path)
    supervisor = folder.state().supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)

    async def scenario() -> Watched:
        watched = Watched(tmp_path, slots=1)
        await watched.queue.start()
        await watched.until_ended("waits")
        await watched.queue.stop()
        return watched

    watched = asyncio.run(scenario())
    assert watched.states["runs"].status is JobStatus.FAILED
    assert "supervisor ended without saying" in str(watched.states["runs"].error)
    assert watched.states["waits"].status is JobStatus.COMPLETED
    deadline = time.monotonic() + PATIENCE
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not runs(pid)


def test_a_running_job_has_one_supervisor_only(tmp_path: Path) -> None:
    folder, pid = kill_a_server_with_a_running_job(tmp_path)
    second = subprocess.run(
        [sys.executable, "-m", "localazure.runner.job_process", str(folder.path)],
        cwd=Path(__file__).parents[3],
        check=False,
        timeout=PATIENCE,
    )
    assert second.returncode == 75
    assert folder.state().status is JobStatus.RUNNING
    assert runs(pid)
    (folder.work / "go").touch()


def test_what_a_job_was_given_survives_on_disk_before_it_runs(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path, slots=0)
        await watched.queue.start()
        spec = JobSpec(name="kept", command="true", outputs={"o": BlobOutput(BlobFolder("a", "c", "p"), "uri_folder")})
        watched.queue.submit(spec)
        assert watched.folder("kept").spec() == spec
        await watched.queue.stop()

    asyncio.run(scenario())

"""The process that looks after one job: `python -m localazure.runner.job_process JOBDIR`.

It runs in a session of its own, so a server that is killed takes no job with it; the next server finds the
job's state in its folder. Prepares, runs, uploads, and writes down how it went.
"""

import dataclasses
import fcntl
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from localazure.runner import command, environments
from localazure.runner.errors import JobStoppedError, RunnerError, UnreachableError
from localazure.runner.folder import JobFolder
from localazure.runner.processes import adopt_orphans, end_descendants, reference, spawn, wait
from localazure.runner.spec import BlobFolder, BlobInput, BlobOutput
from localazure.runner.state import JobStatus, write_state
from localazure.runner.supervision import ALREADY_SUPERVISED, stop_request
from localazure.runner.tracking import Run, start_run

if TYPE_CHECKING:
    from localazure.runner.blobs import BlobStore

# How long an upload waits for a server that was killed to be started again.
PATIENCE_SECONDS = 300.0
_RETRY_SECONDS = 1.0
_MODEL = "mlflow-model"
_LOGGER = logging.getLogger(__name__)

Ending = tuple[JobStatus, str | None]


def main(folder: JobFolder) -> int:
    """Run the job of `folder` from beginning to end; the exit code for the operating system."""
    with folder.lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return ALREADY_SUPERVISED
        if folder.state().status is not JobStatus.QUEUED:
            return ALREADY_SUPERVISED
        Supervisor(folder).run()
    return 0


class Supervisor:
    """Takes one job through its stations; what it knows of the job's state is what is on disk."""

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self._spec = folder.spec()
        self._state = folder.state()
        self._stop = threading.Event()
        self._run: Run | None = None
        self._machine: dict[str, str] = {}

    def run(self) -> None:
        """Run the job. Returns when its last state is on disk."""
        adopt_orphans()
        signal.signal(signal.SIGTERM, lambda *_: self._stop.set())
        if stop_request(self._folder) is not None:
            self._stop.set()
        self._machine = command.take_identity(self._spec.identity)
        self._update(status=JobStatus.PREPARING, started=time.time(), supervisor=reference(os.getpid()))
        with self._folder.log_file.open("ab", buffering=0) as log, self._live_log():
            status, error = self._ending(log)
            if error:
                _say(log, error)
        self._end_run(status)
        self._update(status=status, error=error, ended=time.time())

    def _ending(self, log: BinaryIO) -> Ending:
        try:
            return self._work(log)
        except JobStoppedError:
            return stop_request(self._folder) or (JobStatus.CANCELED, None)
        except RunnerError as error:
            return JobStatus.FAILED, str(error)
        except Exception:
            _LOGGER.exception("A defect of the runner, not of the job")
            return (
                JobStatus.FAILED,
                f"The embedded Azure has a defect; {self._folder.supervisor_log} shows it.",
            )

    def _work(self, log: BinaryIO) -> Ending:
        _say(log, f"Job {self._spec.name} runs as a process of this machine, not in a container on a cluster.")
        line, interpreter = self._prepare(log)
        code = self._execute(line, interpreter, log)
        self._update(status=JobStatus.FINALIZING, exit_code=code)
        ending = self._judge(code)
        try:
            self._upload(is_good=ending[0] is JobStatus.COMPLETED)
        except RunnerError as error:
            if ending[0] is JobStatus.COMPLETED:
                raise
            # How the command ended matters more.
            _say(log, str(error))
        return ending

    def _prepare(self, log: BinaryIO) -> tuple[Sequence[str], Path]:
        """The program to run and the interpreter it finds first, once everything it needs is on disk."""
        self._go_on()
        if self._spec.tracking_uri is not None:
            self._run = start_run(self._spec, self._spec.tracking_uri)
            self._update(run_id=self._run.run_id)
        if self._spec.code is not None:
            self._blobs.download(self._spec.code, self._folder.work, "uri_folder", "The job's code")
        inputs = {name: self._fetch(name) for name in self._spec.inputs}
        if self._spec.kind != "command":
            return self._own_line(), Path(sys.executable)
        line = command.command_line(self._spec, inputs, self._output_paths())
        wanted = environments.plan(self._spec.environment)
        for notice in wanted.notices:
            _say(log, notice)
        folder = self._folder.environments
        return line, environments.provide(wanted, folder, self._machine, log, self._stop.is_set)

    def _fetch(self, name: str) -> str:
        """The value of the input `name` for the command line, downloaded where it is a blob."""
        given = self._spec.inputs[name]
        if isinstance(given, BlobInput):
            target = self._folder.inputs / name
            return str(self._blobs.download(given.folder, target, given.type, f"Input {name!r}"))
        return given.value

    def _output_paths(self) -> dict[str, str]:
        paths = {name: self._folder.outputs / name for name in self._spec.outputs}
        for name, path in paths.items():
            if self._spec.outputs[name].type != "uri_file":
                path.mkdir(exist_ok=True)
        return {name: str(path) for name, path in paths.items()}

    def _own_line(self) -> Sequence[str]:
        """The program of a job whose code is the embedded Azure's own."""
        task = self._folder.path / "task.json"
        task.write_text(json.dumps(self._spec.task), encoding="utf-8")
        if self._spec.kind == "sweep":
            return command.sweep_line(task, self._own_out)
        return command.automl_line(task, self._folder.inputs, self._own_out)

    @property
    def _own_out(self) -> Path:
        return self._folder.outputs / self._spec.kind

    def _execute(self, line: Sequence[str], interpreter: Path, log: BinaryIO) -> int | None:
        """The exit code of the job's process, None when it ran out of time. Nothing of it is left running."""
        self._go_on()
        limit = self._spec.timeout_seconds
        deadline = time.monotonic() + limit if limit is not None else float("inf")
        environment = command.variables(self._spec, self._folder, interpreter, self._run)
        process = spawn(line, cwd=self._folder.work, environment=environment, output=log)
        try:
            self._update(status=JobStatus.RUNNING, command=reference(process.pid))
            return wait(process, self._stop.is_set, deadline)
        finally:
            end_descendants()

    def _judge(self, code: int | None) -> Ending:
        if code == 0:
            return JobStatus.COMPLETED, None
        if code is None:
            # "after which the job will be cancelled", as Azure's REST documentation has it.
            limit = self._spec.timeout_seconds
            return (
                JobStatus.CANCELED,
                f"The job was canceled because it ran longer than its limit of {limit:g} s.",
            )
        said = self._own_out / "error.txt"
        if said.exists():
            return JobStatus.FAILED, said.read_text(encoding="utf-8").strip()
        how = f"with exit code {code}" if code > 0 else f"by signal {signal.Signals(-code).name}"
        return JobStatus.FAILED, f"The job's command ended {how}; the end of its log says why."

    def _upload(self, *, is_good: bool) -> None:
        for name, output in self._spec.outputs.items():
            self._keep(name, self._folder.outputs / name, output)
        if self._spec.logs is None:
            return
        # What Azure ML also takes along without being asked.
        for name in ("outputs", "logs"):
            self._send(self._folder.work / name, self._spec.logs.child(name), f"The job's {name} folder")
        if self._spec.kind == "automl" and is_good:
            model = BlobOutput(self._spec.logs.child(f"outputs/{_MODEL}"), "mlflow_model")
            self._keep("best_model", self._own_out / _MODEL, model)
        if self._spec.kind != "command" and is_good:
            summary = json.loads((self._own_out / "summary.json").read_text(encoding="utf-8"))
            self._update(properties={key: str(value) for key, value in summary.items()})

    def _keep(self, name: str, source: Path, output: BlobOutput) -> None:
        self._send(source, output.folder, f"Output {name!r}")
        self._update(outputs={**self._state.outputs, name: output})

    def _send(self, source: Path, target: BlobFolder, what: str) -> None:
        if source.is_file() or (source.is_dir() and any(source.iterdir())):
            self._patiently(lambda: self._blobs.upload(source, target, what))

    def _end_run(self, status: JobStatus) -> None:
        run = self._run
        if run is None:
            return
        try:
            self._patiently(lambda: run.end(status))
        except (RunnerError, JobStoppedError):
            _LOGGER.warning("The MLflow server was not told how the run ended", exc_info=True)

    def _patiently(self, action: Callable[[], object]) -> None:
        """Do `action`; while the server is away, again and again, for PATIENCE_SECONDS or until a stop."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                action()
            except UnreachableError:
                if self._stop.is_set() or time.monotonic() > until:
                    raise
                time.sleep(_RETRY_SECONDS)
            else:
                return

    def _live_log(self) -> AbstractContextManager[object]:
        if self._spec.logs is None:
            return nullcontext()
        from localazure.runner.live_log import AzureBlob, LiveLog, LogTail

        place = self._spec.logs.child("user_logs/std_log.txt")
        blob = AzureBlob(self._blobs.container(place).get_blob_client(place.prefix))
        return LiveLog(LogTail(self._folder.log_file, blob), self._stop.is_set)

    @cached_property
    def _blobs(self) -> "BlobStore":
        from localazure.runner.blobs import BlobStore

        return BlobStore(self._stop.is_set)

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise JobStoppedError

    # The fields of JobState; a wrong one is a TypeError at once.
    def _update(self, **changes: Any) -> None:  # noqa: ANN401 - as dataclasses.replace
        self._state = dataclasses.replace(self._state, **changes)
        write_state(self._folder.state_file, self._state)


def _say(log: BinaryIO, line: str) -> None:
    log.write(f"[embedded Azure] {line}\n".encode())


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sys.exit(main(JobFolder(Path(sys.argv[1]))))

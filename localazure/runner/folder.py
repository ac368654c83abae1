"""Where the parts of a job lie on disk."""

from dataclasses import dataclass
from pathlib import Path

from localazure.home import write_atomically
from localazure.runner.spec import JobSpec
from localazure.runner.state import JobState, read_state, write_state


@dataclass(frozen=True)
class JobFolder:
    """The folder of one job, readable by its owner only, because the spec holds the job's identity."""

    path: Path

    @classmethod
    def create(cls, jobs: Path, spec: JobSpec, state: JobState) -> "JobFolder":
        """Make the folder of a new job below `jobs`, complete when it appears.

        Raises FileExistsError when there is a job of that name.
        """
        final = cls(jobs / spec.name)
        if final.path.exists():
            raise FileExistsError(final.path)
        draft = cls(jobs / f".new-{spec.name}"[:200])
        draft.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (draft.work, draft.inputs, draft.outputs):
            folder.mkdir(exist_ok=True)
        write_atomically(draft.spec_file, spec.to_json())
        write_state(draft.state_file, state)
        return cls(draft.path.rename(final.path))

    @property
    def spec_file(self) -> Path:
        """The JobSpec as JSON."""
        return self.path / "job.json"

    @property
    def state_file(self) -> Path:
        """The JobState as JSON."""
        return self.path / "state.json"

    @property
    def stop_file(self) -> Path:
        """Its existence asks the supervisor to stop the job; see `stop_request`."""
        return self.path / "stop.json"

    @property
    def lock_file(self) -> Path:
        """Locked for as long as a supervisor has the job."""
        return self.path / "supervisor.lock"

    @property
    def log_file(self) -> Path:
        """What the job printed, and what the runner had to say about it."""
        return self.path / "std_log.txt"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor itself printed: a traceback, when it has a defect."""
        return self.path / "supervisor.log"

    @property
    def work(self) -> Path:
        """The job's code, and the folder it runs in."""
        return self.path / "work"

    @property
    def inputs(self) -> Path:
        """Downloaded inputs, one folder each."""
        return self.path / "inputs"

    @property
    def outputs(self) -> Path:
        """Outputs to upload, one folder or file each."""
        return self.path / "outputs"

    @property
    def environments(self) -> Path:
        """The environments that all jobs of this home share."""
        return self.path.parent.parent / "environments"

    def spec(self) -> JobSpec:
        """The job's spec."""
        return JobSpec.from_json(self.spec_file.read_text(encoding="utf-8"))

    def state(self) -> JobState:
        """The job's state."""
        return read_state(self.state_file)

"""Azure ML's jobs as far as following one needs them, with a log that comes to its end."""

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import ResourceNotFoundError

FAILURE = """Exception :
 {
    "error": {
        "code": "UserError",
        "message": "Exit code 3: größer"
    }
} """


class JobStatus(Enum):
    RUNNING = "Running"
    QUEUED = "Queued"
    FINALIZING = "Finalizing"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"


@dataclass
class FakeJobs:
    """One job, `name`, whose stream ends as `ending` says."""

    name: str = "job-1"
    status: str = "Running"
    ending: str = "Completed"
    log: str = "Streaming std_log.txt\none\ntwo\n"
    outputs: dict[str, Any] = field(default_factory=dict)
    cancelled: int = 0

    def get(self, name: str) -> Any:
        if name != self.name:
            raise ResourceNotFoundError("not found")
        return SimpleNamespace(
            name=name,
            type="command",
            # As the SDK gives it for command jobs: an enum whose str() is not the word.
            status=JobStatus(self.status),
            experiment_name="tries",
            display_name="a job",
            compute="/subscriptions/s/computes/cpu",
            outputs=self.outputs,
            creation_context=SimpleNamespace(created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
            studio_url="https://ml.azure.com/runs/job-1",
        )

    def list(self) -> list[Any]:
        return [self.get(self.name), None, self.get(self.name)]

    def stream(self, name: str) -> None:
        assert name == self.name
        sys.stdout.write(self.log)
        if self.ending == "interrupted":
            raise JobException("interrupted", no_personal_data_message="") from KeyboardInterrupt()
        self.status = self.ending
        if self.ending == "Failed":
            raise JobException(FAILURE, no_personal_data_message="")

    def download(self, name: str, *, download_path: str | Path, output_name: str | None = None, **_: Any) -> None:
        assert name == self.name
        where = Path(download_path) / "artifacts" / "user_logs"
        if output_name:
            where = Path(download_path) / "named-outputs" / output_name
        where.mkdir(parents=True)
        (where / "std_log.txt").write_text("".join(f"line {n}\n" for n in range(50)))

    def begin_cancel(self, name: str) -> Any:
        assert name == self.name
        self.cancelled += 1
        self.status = "Canceled"
        return SimpleNamespace(result=lambda: None)

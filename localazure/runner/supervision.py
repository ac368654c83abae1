"""What the queue and a job's supervisor have agreed upon."""

import json

from localazure.home import write_atomically
from localazure.runner.folder import JobFolder
from localazure.runner.state import JobStatus

# A second supervisor of the same job ends with this and touches nothing (sysexits.h EX_TEMPFAIL).
ALREADY_SUPERVISED = 75


def request_stop(folder: JobFolder, status: JobStatus, error: str | None) -> None:
    """Ask for the end of a job, with the status and sentence it is to end with. The first request counts."""
    if not folder.stop_file.exists():
        write_atomically(folder.stop_file, json.dumps({"status": status, "error": error}))


def stop_request(folder: JobFolder) -> tuple[JobStatus, str | None] | None:
    """The status and sentence the job is asked to end with; None when nobody asked."""
    if not folder.stop_file.exists():
        return None
    raw = json.loads(folder.stop_file.read_text(encoding="utf-8"))
    return JobStatus(raw["status"]), raw["error"]

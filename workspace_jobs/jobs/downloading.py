"""Downloads what a job left: its log and artifacts, and its named outputs.

Named outputs are fetched by the address that the job has for them. The SDK's own way fails in azure-ai-ml 1.35 for
every output that is a model (`BatchGetResolvedUrisDto.__init__() got an unexpected keyword argument 'values'`).
"""

import contextlib
import io
import os
from pathlib import Path
from typing import Any

from workspace_jobs.connection import Workspace
from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.jobs.records import TERMINAL, get_job, outputs_of, status_of

# The output that the SDK downloads when none is named.
LOG_AND_ARTIFACTS = "default"
# Where the SDK puts named outputs.
OUTPUTS_FOLDER = "named-outputs"


def download(
    workspace: Workspace, name: str, folder: Path, *, output: str | None = None, everything: bool = False
) -> tuple[Path, ...]:
    """Download the job's log and artifacts, one named output, or everything; return the files that are new.

    Raises JobsError for an output that the job does not have, and for a job that has not ended.
    """
    job = get_job(workspace, name)
    outputs = outputs_of(job)
    if status_of(job) not in TERMINAL:
        raise JobsError(f"job `{name}` is {status_of(job)}: wait for it with `mlws jobs stream {name}`")
    if output is not None and output not in outputs:
        raise JobsError(f"job `{name}` has no output `{output}`: {nearest(output, outputs)}")
    _make_folder(folder)
    present = set(folder.rglob("*"))
    wanted = [output or LOG_AND_ARTIFACTS, *(sorted(outputs) if everything else ())]
    # The SDK prints as it downloads; stdout belongs to the result.
    with workspace.errors(f"download the files of job `{name}`"), contextlib.redirect_stdout(io.StringIO()):
        for each in dict.fromkeys(wanted):
            _download(workspace, name, folder, each, outputs.get(each))
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file() and path not in present))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError as error:
        raise JobsError(f"{folder} cannot be made a folder ({error.strerror}): name another with --to") from error
    if not writable:
        raise JobsError(f"{folder} cannot be written to: name another folder with --to")


def _download(workspace: Workspace, name: str, folder: Path, output: str, described: Any) -> None:  # noqa: ANN401 - the SDK's outputs share no declared type
    client = workspace.ml_client
    if output == LOG_AND_ARTIFACTS:
        client.jobs.download(name, download_path=folder)
    elif described.path:
        from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

        destination = str(folder / OUTPUTS_FOLDER / output)
        download_artifact_from_aml_uri(described.path, destination, client.datastores)
    else:
        client.jobs.download(name, download_path=folder, output_name=output)

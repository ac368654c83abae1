"""Blobs to files and back, through the official SDK and the job's own managed identity, as on Azure.

Where a blob's name would lead out of the folder it is downloaded to, the download is refused.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient, ContainerClient, LinearRetry

from localazure.runner.errors import JobStoppedError, RunnerError, UnreachableError
from localazure.runner.spec import BlobFolder

# The identity endpoint is part of the server, so without it there is no token.
_UNREACHABLE = (ServiceRequestError, ServiceResponseError, ClientAuthenticationError)
_FOLDER_TYPES = frozenset({"uri_folder", "mltable", "mlflow_model"})


class BlobStore:
    """The storage accounts of the job, reached with the identity that this process's environment gives."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._credential = DefaultAzureCredential()
        self._accounts: dict[str, BlobServiceClient] = {}

    def container(self, folder: BlobFolder) -> ContainerClient:
        """The client of the container that `folder` lies in."""
        if folder.account not in self._accounts:
            url = f"https://{folder.account}.blob.core.windows.net"
            # The server is on this machine: it is there, or it is being started. The SDK's own wait is 15 s.
            retries = LinearRetry(backoff=1, retry_total=2, random_jitter_range=1)
            self._accounts[folder.account] = BlobServiceClient(url, credential=self._credential, retry_policy=retries)
        return self._accounts[folder.account].get_container_client(folder.container)

    def download(self, source: BlobFolder, target: Path, kind: str, what: str) -> Path:
        """Fetch `source` into the folder `target`; return what the job is to be given, a file or a folder.

        `kind` is Azure's type: a folder type never takes the blob named like the folder. `what` names the
        thing in errors. Raises RunnerError when nothing is there, when storage refuses, or when a name leads
        out of `target`.
        """
        container = self.container(source)
        prefix = source.prefix.strip("/")
        found: Path | None = None
        target.mkdir(parents=True, exist_ok=True)
        try:
            for name in container.list_blob_names(name_starts_with=prefix or None):
                path = local_path(name, prefix, kind, target)
                if path is None:
                    continue
                self._download_blob(container, name, path)
                found = path if name == prefix else target
        except AzureError as error:
            raise _refusal(f"{what} could not be read from {_place(source)}", error) from error
        if found is None:
            raise RunnerError(f"{what} is empty: there is nothing at {_place(source)}.")
        return found

    def upload(self, source: Path, target: BlobFolder, what: str) -> int:
        """Put the file `source` at `target`, or the files of the folder `source` below it; say how many.

        Raises RunnerError when storage refuses.
        """
        container = self.container(target)
        count = 0
        try:
            for path, name in _files(source, target.prefix.strip("/")):
                self._go_on()
                with path.open("rb") as data:
                    container.upload_blob(name, data, overwrite=True)
                count += 1
        except AzureError as error:
            raise _refusal(f"{what} could not be stored at {_place(target)}", error) from error
        return count

    def _download_blob(self, container: ContainerClient, name: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for chunk in container.download_blob(name).chunks():
                self._go_on()
                file.write(chunk)

    def _go_on(self) -> None:
        if self._stopped():
            raise JobStoppedError


def local_path(name: str, prefix: str, kind: str, target: Path) -> Path | None:
    """Where the blob `name`, listed for `prefix`, belongs below `target`; None when it is not part of it.

    The blob `train2/x` is listed for the prefix `train`, but is not below it. Raises RunnerError for a name
    that leads out of `target`.
    """
    if name == prefix:
        relative = "" if kind in _FOLDER_TYPES else name.rpartition("/")[2]
    elif not prefix:
        relative = name
    elif name.startswith(f"{prefix}/") and kind != "uri_file":
        relative = name.removeprefix(f"{prefix}/")
    else:
        relative = ""
    # An empty blob whose name ends in a slash is how some tools mark a folder.
    if not relative or relative.endswith("/"):
        return None
    parts = relative.split("/")
    if any(part in {"", ".", ".."} or "\\" in part or "\0" in part for part in parts):
        raise RunnerError(f"The blob {name!r} is refused: its name leads out of the folder it is downloaded to.")
    return target.joinpath(*parts)


def _files(source: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    if source.is_file():
        yield source, prefix
    for folder, _, names in os.walk(source):
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file():
                relative = path.relative_to(source).as_posix()
                yield path, f"{prefix}/{relative}" if prefix else relative


def _place(folder: BlobFolder) -> str:
    return f"{folder.container}/{folder.prefix} of storage account {folder.account}"


def _refusal(what: str, error: AzureError) -> RunnerError:
    kind = UnreachableError if isinstance(error, _UNREACHABLE) else RunnerError
    reason = str(error).partition("\n")[0].rstrip(".")
    return kind(f"{what}: {reason}.")

"""Tables that are data assets of a workspace: `azureml:NAME:VERSION`, or `azureml:NAME@latest`."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.errors import nearest, some

if TYPE_CHECKING:
    from azure.ai.ml.entities import Data

    from workspace_jobs.connection import Workspace

_PREFIX = "azureml:"
_REFERENCE = re.compile(r"azureml:(?P<name>[^:@/]+)(?::(?P<version>[^:@/]+)|@latest)")
_TYPES = ("uri_file", "uri_folder", "mltable")


@dataclass(frozen=True)
class DataAsset:
    """A version of a data asset; `path` is where its files are."""

    name: str
    version: str
    type: str
    path: str

    @property
    def reference(self) -> str:
        """What names it, with its version."""
        return f"{_PREFIX}{self.name}:{self.version}"


def is_data_asset(source: object) -> bool:
    """Whether `source` is written as a data asset is."""
    return isinstance(source, str | Path) and str(source).startswith(_PREFIX)


def find(workspace: "Workspace", reference: str) -> DataAsset:
    """The data asset that `reference` names. Raises AutoMLError where there is none that is a table, and JobsError."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise AutoMLError(f"{reference}: write a data asset as azureml:NAME:VERSION or azureml:NAME@latest")
    found = _found(workspace, match["name"], match["version"])
    asset = DataAsset(str(found.name), str(found.version), str(found.type), str(found.path))
    if asset.type not in _TYPES:
        raise AutoMLError(f"{asset.reference} is of type {asset.type}: name a data asset of type {', '.join(_TYPES)}")
    return asset


def resolved(reference: str, config: Path | None) -> str:
    """The same with the version that is the latest now, so that it is written down which data it was."""
    if not reference.endswith("@latest"):
        return reference
    from workspace_jobs.connection import connect

    return find(connect(config), reference).reference


@contextmanager
def downloaded(reference: str, config: Path | None) -> Iterator[Path]:
    """Yield the file or folder of a data asset of the workspace that `config`, else the nearest config.json, names."""
    from workspace_jobs.connection import connect

    workspace = connect(config)
    asset = find(workspace, reference)
    if not asset.path.startswith("azureml://"):
        raise AutoMLError(
            f"{asset.reference} lies at {asset.path}, in no datastore of workspace `{workspace.name}`: "
            "download it and name the file, or write --compute"
        )
    from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

    with tempfile.TemporaryDirectory(prefix="mlws-data-") as scratch:
        with workspace.errors(f"download {asset.reference}"):
            download_artifact_from_aml_uri(asset.path, scratch, workspace.ml_client.datastores)
        yield _table_in(Path(scratch), asset)


def _found(workspace: "Workspace", name: str, version: str | None) -> "Data":
    from azure.core.exceptions import ResourceNotFoundError

    data = workspace.ml_client.data
    with workspace.errors(f"read data asset `{name}`"):
        with suppress(ResourceNotFoundError):
            found: Data = data.get(name, version) if version else data.get(name, label="latest")
            return found
        versions = _listed(workspace, name)
        if versions and version:
            raise AutoMLError(
                f"workspace `{workspace.name}` has no version {version} of data asset `{name}`: "
                f"write one of {some(versions, 20)}, or @latest"
            )
        names = [str(asset.name) for asset in data.list()]
    raise AutoMLError(f"workspace `{workspace.name}` has no data asset `{name}`: {nearest(name, names)}")


def _listed(workspace: "Workspace", name: str) -> list[str]:
    from azure.core.exceptions import ResourceNotFoundError

    try:
        return [str(asset.version) for asset in workspace.ml_client.data.list(name=name)]
    except ResourceNotFoundError:
        return []


def _table_in(folder: Path, asset: DataAsset) -> Path:
    """What was downloaded: of a file that alone."""
    if asset.type != "uri_file":
        return folder
    files = [file for file in folder.rglob("*") if file.is_file()]
    if len(files) != 1:
        raise AutoMLError(f"{asset.reference} is no single file: register it as uri_folder")
    return files[0]

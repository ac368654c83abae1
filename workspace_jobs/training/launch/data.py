"""The digest of a job's data, which says whether two runs were trained on the same bytes."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

# The longest that MLflow keeps.
_DIGEST_LENGTH = 36


def digest(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files with their names, shortened to 36 hexadecimal digits."""
    if path.is_file():
        return _of_file(path)[:_DIGEST_LENGTH]
    whole = hashlib.sha256()
    for file in sorted(one for one in path.rglob("*") if one.is_file()):
        whole.update(f"{file.relative_to(path).as_posix()}\0{_of_file(file)}\n".encode())
    return whole.hexdigest()[:_DIGEST_LENGTH]


def dataset_input(name: str, path: Path) -> "DatasetInput":
    """The data as an input of a run in MLflow: name, digest, place and size."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    size = sum(file.stat().st_size for file in files)
    dataset = Dataset(
        name=name,
        digest=digest(path),
        source_type="local",
        source=json.dumps({"uri": str(path)}),
        profile=json.dumps({"files": len(files), "size_bytes": size}),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])


def _of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

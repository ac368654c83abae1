"""Writes the code that uses a model: the scripts in `templates/`, with what the model's signature asks for put in."""

import pprint
import shutil
import tempfile
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.models.registry import ModelVersion
from workspace_jobs.models.signature import Signature, read_signature
from workspace_jobs.runs.artifacts import local_folder
from workspace_jobs.runs.client import mlflow_client, store_errors
from workspace_jobs.runs.stores import RunStore

_TEMPLATES = Path(__file__).with_name("templates")
_SCRIPTS = ("predict.py", "score_batch.py")
_FROM = "# ---- written for this model\n"
_TO = "# ---- the same for every model\n"
# What the scripts import beyond what the model itself names.
_NEEDED = ("mlflow", "pandas", "pyarrow")


def write_code(store: RunStore, version: ModelVersion, folder: Path, *, with_model: bool) -> list[Path]:
    """Write predict.py, score_batch.py, requirements.txt and, `with_model`, the model into a new `folder`; the files.

    The folder is whole, or not there. Raises JobsError where it exists already, or the model has no signature.
    """
    if folder.exists():
        raise JobsError(f"{folder} exists already: remove it, or write elsewhere with --to")
    name = f"{version.name} version {version.version}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        model = _fetch(store, version, Path(scratch) / "model")
        signature = read_signature(model, name)
        made = Path(scratch) / "code"
        made.mkdir()
        block = _block(signature, store, version, with_model=with_model)
        for script in _SCRIPTS:
            (made / script).write_text(_filled(script, name, block), encoding="utf-8")
        (made / "requirements.txt").write_text(_requirements(model), encoding="utf-8")
        if with_model:
            model.rename(made / "model")
        made.rename(folder)
    return [folder / file for file in (*_SCRIPTS, "requirements.txt", *(["model"] if with_model else []))]


def _fetch(store: RunStore, version: ModelVersion, to: Path) -> Path:
    """The model's files, copied."""
    with store_errors(store.uri):
        place = mlflow_client(store.uri).get_model_version_download_uri(version.name, version.version)
        folder = local_folder(place)
        if folder is None:
            from mlflow.artifacts import download_artifacts

            to.mkdir()
            return Path(download_artifacts(artifact_uri=place, dst_path=str(to), tracking_uri=store.uri))
    if not (folder / "MLmodel").is_file():
        raise JobsError(
            f"the files of {version.name} version {version.version} are gone from {folder}: register it again"
        )
    shutil.copytree(folder, to)
    return to


def _block(signature: Signature, store: RunStore, version: ModelVersion, *, with_model: bool) -> str:
    """The lines of a script that differ from model to model."""
    columns = [(column.name, column.type, column.required) for column in signature.columns]
    parameters = {one.name: (one.type, one.default) for one in signature.parameters}
    model = "model" if with_model else f"models:/{version.name}/{version.version}"
    return "\n".join(
        [
            f"TRACKING_URI = {None if with_model else store.uri!r}",
            f"MODEL = {model!r}",
            "# Name, type in MLflow's words, and whether each row must have it.",
            f"COLUMNS = {pprint.pformat(columns, width=100)}",
            f"TENSOR_TYPE = {signature.tensor_type!r}",
            f"TENSOR_SHAPE = {signature.tensor_shape!r}",
            f"PARAMETERS = {pprint.pformat(parameters, width=100)}",
            "",
        ]
    )


def _filled(script: str, model: str, block: str) -> str:
    text = (_TEMPLATES / script).read_text(encoding="utf-8").replace("{{model}}", _in_docstring(model), 1)
    before, mark, rest = text.partition(_FROM)
    return before + mark + block + _TO + rest.partition(_TO)[2] if mark else text


def _in_docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _requirements(model: Path) -> str:
    """What the model needs, and what the scripts need besides."""
    file = model / "requirements.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    names = {_name(line) for line in lines}
    return "\n".join([*lines, *(name for name in _NEEDED if name not in names)]) + "\n"


def _name(requirement: str) -> str:
    name = requirement.strip().lower()
    for mark in "=<>!~[; @":
        name = name.partition(mark)[0]
    return "mlflow" if name == "mlflow-skinny" else name

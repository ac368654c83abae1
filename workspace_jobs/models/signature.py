"""What a model asks for and gives, read from the file `MLmodel` in its folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from workspace_jobs.errors import JobsError


@dataclass(frozen=True)
class Column:
    """An input column; `type` is MLflow's: double, long, string, boolean, datetime, binary, or one of JSON's shapes."""

    name: str
    type: str
    required: bool


@dataclass(frozen=True)
class Parameter:
    """A setting of a prediction, with its default."""

    name: str
    type: str
    default: object


@dataclass(frozen=True)
class Signature:
    """Either named columns, or one tensor of `tensor_type` whose first axis is rows."""

    columns: tuple[Column, ...]
    tensor_type: str | None
    tensor_shape: tuple[int, ...]
    parameters: tuple[Parameter, ...]


def read_signature(folder: Path, model: str) -> Signature:
    """Read the signature of the model in `folder`.

    Raises JobsError where it has none, or one whose input is neither columns nor a single tensor.
    """
    described = yaml.safe_load((folder / "MLmodel").read_text(encoding="utf-8"))
    signature = described.get("signature") or {}
    inputs = json.loads(signature.get("inputs") or "[]")
    if not inputs:
        raise JobsError(
            f"model {model} has no signature, so its input is not known: log it with signature=infer_signature(X, y) "
            "or input_example=X, and register it again"
        )
    columns, tensors = _split(inputs)
    if (columns and tensors) or len(tensors) > 1 or any(tensor.get("name") for tensor in tensors):
        raise JobsError(f"model {model} takes several tensors, which a table cannot hold: load it with mlflow.pyfunc")
    tensor = tensors[0]["tensor-spec"] if tensors else {}
    return Signature(
        columns=tuple(Column(c["name"], _type(c), bool(c.get("required", True))) for c in columns),
        tensor_type=tensor.get("dtype"),
        tensor_shape=tuple(tensor.get("shape", ())),
        parameters=tuple(
            Parameter(p["name"], str(p.get("type", p.get("dtype", "string"))), p.get("default"))
            for p in json.loads(signature.get("params") or "[]")
        ),
    )


def _split(inputs: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    tensors = [one for one in inputs if one["type"] == "tensor"]
    columns = [
        one if one.get("name") is not None else {**one, "name": "0"} for one in inputs if one["type"] != "tensor"
    ]
    return columns, tensors


def _type(column: Mapping[str, Any]) -> str:
    return str(column["type"])

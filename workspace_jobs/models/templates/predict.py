"""Predict with model {{model}}.

python predict.py rows.csv                      a prediction a row, as CSV
python predict.py rows.json --output out.csv    JSON: a list of objects, or what MLflow's server takes
"""

import argparse
import base64
import json
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd

# ---- written for this model
TRACKING_URI = None
MODEL = "model"
# Name, type in MLflow's words, and whether each row must have it.
COLUMNS = []
TENSOR_TYPE = None
TENSOR_SHAPE = ()
PARAMETERS = {}
# ---- the same for every model

NUMBERS = {"integer": "int32", "long": "int64", "float": "float32", "double": "float64"}
WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
OF_TEXT = {"integer": int, "long": int, "float": float, "double": float, "boolean": lambda text: WORDS[text.lower()]}


class InputError(ValueError):
    """Rows that the model cannot take, in one sentence."""


def main() -> None:
    """Read rows, predict, write."""
    parser = argument_parser(__doc__)
    parser.add_argument("rows", type=Path, help="a .csv, .json, .jsonl or .parquet file")
    parser.add_argument("--output", type=Path, help="write there instead of to the terminal")
    arguments = parser.parse_args()
    try:
        predictions = predict(load(arguments.model), read_rows(arguments.rows), parameters_of(arguments))
    except InputError as error:
        sys.exit(f"error: {error}")
    text = predictions.to_csv(index=False)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        arguments.output.write_text(text, encoding="utf-8")


def argument_parser(description: str) -> argparse.ArgumentParser:
    """What every script of this model can be told: another place of the model, and its parameters."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=shape)
    parser.add_argument("--model", default=None, help="another folder, or an address as models:/NAME/1")
    for name, (kind, default) in PARAMETERS.items():
        parser.add_argument(f"--{name}", type=OF_TEXT.get(kind, str), default=default, help=f"{kind}; {default}")
    return parser


def parameters_of(arguments: argparse.Namespace) -> dict:
    """The model's parameters, as they were given."""
    return {name: getattr(arguments, name.replace("-", "_")) for name in PARAMETERS}


def load(model: str | None) -> mlflow.pyfunc.PyFuncModel:
    """The model: the one beside this script unless another is named."""
    if TRACKING_URI is not None:
        mlflow.set_tracking_uri(TRACKING_URI)
    beside = Path(__file__).parent / MODEL
    return mlflow.pyfunc.load_model(model or (str(beside) if beside.exists() else MODEL))


def predict(model: mlflow.pyfunc.PyFuncModel, rows: pd.DataFrame, parameters: dict | None = None) -> pd.DataFrame:
    """Predictions, a row for each of `rows`; one column `prediction`, or as many as the model gives."""
    given = typed(rows)
    found = model.predict(given, params=parameters) if parameters else model.predict(given)
    if isinstance(found, pd.DataFrame):
        return found.reset_index(drop=True).rename(columns=lambda name: f"prediction_{name}" if name in rows else name)
    values = np.asarray(found)
    if values.ndim == 1:
        return pd.DataFrame({"prediction": values})
    return pd.DataFrame({f"prediction_{place}": column for place, column in enumerate(values.reshape(len(rows), -1).T)})


def read_rows(path: Path) -> pd.DataFrame:
    """The rows of a file. Raises InputError where it cannot be read."""
    try:
        if path.suffix == ".csv":
            return read_csv(path)
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        text = path.read_text(encoding="utf-8")
        return rows_of_json(
            [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)
        )
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def read_csv(path: Path, **options: object) -> pd.DataFrame:
    """A CSV file as text: what a column's text means, the model's signature says."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], **options)


def rows_of_json(content: object) -> pd.DataFrame:
    """Objects, or what MLflow's server takes: {"dataframe_split": ...}, {"dataframe_records": ...}, {"inputs": ...}."""
    if isinstance(content, dict):
        for key in ("dataframe_records", "inputs", "instances"):
            if key in content:
                return pd.DataFrame(content[key])
        split = content.get("dataframe_split", content)
        if "data" in split:
            return pd.DataFrame(split["data"], columns=split.get("columns"))
        content = [content]
    return pd.DataFrame(content)


def typed(rows: pd.DataFrame) -> pd.DataFrame | np.ndarray:
    """The model's input: its columns in order and of their types, or its tensor. Raises InputError."""
    if TENSOR_TYPE is not None:
        return tensor(rows)
    columns = {}
    for name, kind, required in COLUMNS:
        if name in rows.columns:
            columns[name] = column(rows[name], name, kind)
        elif name == "0" and len(COLUMNS) == 1:  # one column without a name
            columns[name] = column(rows.iloc[:, 0], name, kind)
        elif required:
            has = ", ".join(map(str, rows.columns))
            raise InputError(f"there is no column `{name}` ({kind}), which the model needs: the file has {has}")
    return pd.DataFrame(columns)


def tensor(rows: pd.DataFrame) -> np.ndarray:
    """All columns as one array, a row each."""
    try:
        values = rows.to_numpy().astype(TENSOR_TYPE)
        return values.reshape(len(rows), *TENSOR_SHAPE[1:])
    except ValueError as error:
        raise InputError(f"the rows are no {TENSOR_TYPE} tensor of shape {TENSOR_SHAPE}: {error}") from error


def column(values: pd.Series, name: str, kind: str) -> pd.Series:
    """The column in the type that the signature gives it."""
    try:
        if kind in NUMBERS:
            return number(values, kind)
        if kind == "boolean":
            return values.map(lambda value: value if isinstance(value, bool | np.bool_) else WORDS[str(value).lower()])
        if kind == "datetime":
            return pd.to_datetime(values)
        if kind == "binary":
            return values.map(lambda value: base64.b64decode(value) if isinstance(value, str) else value)
        if kind == "string":
            return values.map(lambda value: None if pd.isna(value) else str(value)).astype(object)
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"column `{name}` needs {kind} in every row: {error}") from error
    return values


def number(values: pd.Series, kind: str) -> pd.Series:
    """Numbers; a whole number may be written 3 or 3.0, and nothing else."""
    numbers = pd.to_numeric(values)
    if kind in ("integer", "long"):
        if numbers.isna().any():
            raise ValueError(f"row {int(numbers.isna().to_numpy().argmax()) + 1} is empty")
        if (numbers != np.floor(numbers)).any():
            raise ValueError("there is a fraction")
    return numbers.astype(NUMBERS[kind])


if __name__ == "__main__":
    main()

from pathlib import Path

import pandas as pd
import pytest

from localazure.automl.errors import AutoMLError
from localazure.automl.tables import read_table

TABLE = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})


def mltable(folder: Path, text: str) -> Path:
    (folder / "MLTable").write_text(text)
    return folder


def test_plain_files_are_read_by_their_suffix_and_put_together(tmp_path: Path) -> None:
    TABLE.to_csv(tmp_path / "1.csv", index=False)
    TABLE.to_parquet(tmp_path / "2.parquet")
    TABLE.to_json(tmp_path / "3.jsonl", orient="records", lines=True)
    TABLE.to_csv(tmp_path / "4.tsv", index=False, sep="\t")
    assert read_table(tmp_path).equals(pd.concat([TABLE] * 4, ignore_index=True))


@pytest.mark.parametrize("path", ["file: ./data/x.csv", "pattern: ./data/*.csv", "folder: ./data"])
def test_an_mltable_names_its_files(tmp_path: Path, path: str) -> None:
    (tmp_path / "data").mkdir()
    TABLE.to_csv(tmp_path / "data" / "x.csv", index=False, sep=";")
    definition = f"paths:\n- {path}\ntransformations:\n- read_delimited: {{delimiter: ';', encoding: utf8}}\n"
    assert read_table(mltable(tmp_path, definition)).equals(TABLE)


def test_columns_are_kept_and_dropped_in_order(tmp_path: Path) -> None:
    TABLE.to_parquet(tmp_path / "x.parquet")
    definition = "paths: [{file: x.parquet}]\ntransformations: [read_parquet, {drop_columns: a}, {take: 2}]\n"
    assert read_table(mltable(tmp_path, definition)).equals(TABLE[["b"]].head(2))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("paths: [{file: ../../secret.csv}]\ntransformations: [read_delimited]", "leads out of its folder"),
        ("paths: [{file: /etc/passwd}]\ntransformations: [read_delimited]", "leads out of its folder"),
        ("paths: [{file: 'azureml://x/y.csv'}]\ntransformations: [read_delimited]", "leads out of its folder"),
        ("paths: [{file: none.csv}]\ntransformations: [read_delimited]", "names no file"),
        ("paths: [{file: x.csv}]\ntransformations: []", "must have one of read_delimited"),
        ("paths: [{file: x.csv}]\ntransformations: [read_delimited, {filter: 'a > 1'}]", "does not know the MLTable"),
        (
            "paths: [{file: x.csv}]\ntransformations: [{read_delimited: {skip: 3}}]",
            "does not know read_delimited's skip",
        ),
        ("transformations: [read_delimited]", "has no `paths`"),
        ("paths: [", "could not be read"),
    ],
)
def test_an_mltable_that_can_not_be_read_is_refused_by_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    TABLE.to_csv(tmp_path / "x.csv", index=False)
    with pytest.raises(AutoMLError, match=sentence):
        read_table(mltable(tmp_path, text))


def test_a_folder_without_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(AutoMLError, match="no CSV, Parquet or JSON-lines file"):
        read_table(tmp_path)

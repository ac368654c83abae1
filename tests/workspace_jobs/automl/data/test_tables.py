"""Every kind of table that AutoML reads, and what it says of those it can't."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import yaml

from workspace_jobs.automl.data import tables
from workspace_jobs.automl.data.columns import infer_schema
from workspace_jobs.automl.errors import AutoMLError

FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})


def mltable(folder: Path, **content: object) -> Path:
    (folder / "MLTable").write_text(yaml.safe_dump(content))
    return folder


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl", "t.tsv"])
def test_a_file_is_read_by_its_ending(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    match file.suffix:
        case ".parquet":
            FRAME.to_parquet(file)
        case ".jsonl":
            FRAME.to_json(file, orient="records", lines=True)
        case _:
            FRAME.to_csv(file, index=False, sep="\t" if file.suffix == ".tsv" else ";")
    pd.testing.assert_frame_equal(tables.read(file), FRAME)


def test_decimals_are_numbers_and_lists_are_no_columns(tmp_path: Path) -> None:
    prices = [Decimal(number) / 4 for number in range(1, 61)]
    rows = {"price": [None, *prices], "many": [[1, 2]] * 61, "paid": [number % 2 for number in range(61)]}
    pd.DataFrame(rows).to_parquet(tmp_path / "t.parquet")
    read = tables.read(tmp_path / "t.parquet")
    assert read["price"].tolist()[1:] == [float(price) for price in prices]
    schema = infer_schema(read[["price", "many"]])
    assert schema.numeric == ("price",)
    assert schema.left_out == {"many": "its values are neither numbers, words nor dates"}


def test_delta_tables_are_read(tmp_path: Path) -> None:
    from deltalake import write_deltalake

    write_deltalake(str(tmp_path / "delta"), FRAME)
    pd.testing.assert_frame_equal(tables.read(tmp_path / "delta"), FRAME)


def test_what_the_folders_of_a_partitioned_table_are_called_is_a_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": range(6), "country": ["at", "de"] * 3, "year": [2025, 2026, 2025] * 2})
    frame.to_parquet(tmp_path / "t", partition_cols=["country", "year"])
    read = tables.read(tmp_path / "t").astype({"country": str, "year": int})
    pd.testing.assert_frame_equal(read.sort_values("a", ignore_index=True)[list(frame.columns)], frame)


def test_files_of_a_partitioned_table_may_differ_and_others_lie_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "year=2025", tmp_path / "year=2026"
    for folder in (old, new):
        folder.mkdir()
    # As some write it, the year is in the file as well; a number that was whole is no longer.
    pd.DataFrame({"a": [1, 2], "year": [2025, 2025]}).to_parquet(old / "1.parquet")
    pd.DataFrame({"a": [3.5], "b": ["new"]}).to_parquet(new / "1.parquet")
    (tmp_path / "NOTES.txt").write_text("what this is")
    monkeypatch.chdir(tmp_path)
    read = tables.read(".")
    assert read["a"].tolist() == [1, 2, 3.5]
    assert read["b"].isna().tolist() == [True, True, False]
    assert read["year"].tolist() == [2025, 2025, 2026]

    pd.DataFrame({"a": ["text"]}).to_parquet(new / "2.parquet")
    with pytest.raises(AutoMLError, match="is no table of one kind: Unable to merge: Field a has"):
        tables.read(tmp_path)


def test_data_sets_of_scikit_learn_have_names() -> None:
    assert tables.read("wine").shape == (178, 14)


def test_a_folder_is_all_of_its_files(tmp_path: Path) -> None:
    for number in range(2):
        FRAME.to_csv(tmp_path / f"{number}.csv", index=False)
    assert tables.read(tmp_path)["a"].tolist() == [1, 2, 1, 2]


def test_an_mltable_is_read_as_it_says(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "t.csv", index=False, sep="|")
    steps: list[object] = [{"read_delimited": {"delimiter": "|"}}, {"keep_columns": ["b"]}, {"take": 1}]
    folder = mltable(tmp_path, paths=[{"file": "./t.csv"}], transformations=steps)
    assert tables.read(folder).to_dict("list") == {"b": ["x"]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty: it needs a line of column names"),
        ("a,b\n", "has no rows"),
        ("a,b,a\n1,2,3\n", "more than one column named 'a'"),
        ("a,b\n1,2\n1,2,3\n", "can't be read"),
    ],
)
def test_what_is_no_table_is_told_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(AutoMLError, match=sentence):
        tables.read(tmp_path / "t.csv")


def test_a_name_that_is_nothing_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(AutoMLError, match="did you mean `digits`"):
        tables.read("digit")
    FRAME.to_csv(tmp_path / "credit.csv")
    with pytest.raises(AutoMLError, match=r"did you mean `.*credit\.csv`"):
        tables.read(tmp_path / "credt.csv")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "has no `paths`"),
        ({"paths": [{"file": "t.csv"}]}, "must have one of read_delimited"),
        ({"paths": [{"file": "../t.csv"}], "transformations": ["read_delimited"]}, "leads out of its folder"),
        ({"paths": [{"file": "no.csv"}], "transformations": ["read_delimited"]}, "names no file"),
        ({"paths": [{"file": "t.csv"}], "transformations": ["read_delimited", {"skip": 1}]}, "does not know"),
        ({"paths": [{"file": "t.csv"}], "transformations": [{"read_delimited": {"comment": "#"}}]}, "comment"),
    ],
)
def test_an_mltable_that_is_not_understood_is_told(tmp_path: Path, content: dict[str, object], sentence: str) -> None:
    FRAME.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(AutoMLError, match=sentence):
        tables.read(mltable(tmp_path, **content))

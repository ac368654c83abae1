"""Tables larger than memory allows: a part of the rows, the same however they are read, and that is said."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from workspace_jobs.automl.data import tables
from workspace_jobs.automl.data.sampling import Reservoir, sampled
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import prepare_run


def rows(count: int = 4000) -> pd.DataFrame:
    """Every kind of column, and a target with a class of one in a thousand."""
    generator = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "number": generator.normal(size=count),
            "gap": np.where(np.arange(count) % 7, np.arange(count), np.nan),
            "word": generator.choice(["plain", 'with "quotes"', "two\nlines", "a,b"], count),
            "code": [f"{number:05}" for number in range(count)],
            "target": np.where(np.arange(count) % 1000 == 3, "fraud", "fair"),
        }
    )


def csv(folder: Path) -> Path:
    rows().to_csv(folder / "t.csv", index=False)
    return folder / "t.csv"


def parquet_file(folder: Path) -> Path:
    parquet.write_table(pa.Table.from_pandas(rows()), folder / "t.parquet", row_group_size=300)
    return folder / "t.parquet"


def delta(folder: Path) -> Path:
    from deltalake import write_deltalake

    write_deltalake(str(folder / "delta"), rows())
    return folder / "delta"


def partitioned(folder: Path) -> Path:
    rows().to_parquet(folder / "parts", partition_cols=["word"])
    return folder / "parts"


def files(folder: Path) -> Path:
    (folder / "many").mkdir()
    rows()[:1500].to_parquet(folder / "many" / "1.parquet")
    rows()[1500:].to_csv(folder / "many" / "2.csv", index=False, sep="|")
    return folder / "many"


def mltable(folder: Path) -> Path:
    (folder / "ml").mkdir()
    rows().to_csv(folder / "ml" / "t.txt", index=False, sep=";")
    steps = [{"read_delimited": {"delimiter": ";"}}, {"keep_columns": list(rows().columns)}]
    (folder / "ml" / "MLTable").write_text(
        yaml.safe_dump({"paths": [{"file": "./t.txt"}], "transformations": steps}, sort_keys=False)
    )
    return folder / "ml"


@pytest.mark.parametrize("write", [csv, parquet_file, delta, partitioned, files, mltable])
def test_what_is_read_in_pieces_is_the_sample_of_the_whole(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    source = write(tmp_path)
    whole = sampled(tables.read(source), 2500, 7, "target")
    drawn = tables.read_sample(source, 2500, 7, "target")
    assert (len(drawn.frame), drawn.source_rows) == (500, 4000)
    pd.testing.assert_frame_equal(drawn.frame, whole.frame)
    assert drawn.sentences() == whole.sentences()
    assert not tables.read_sample(source, 20_000, 7, "target").sentences()
    other = tables.read_sample(source, 2500, 8, "target").frame
    assert not other["code"].equals(drawn.frame["code"])


def test_rare_classes_are_kept_and_that_is_said(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": range(100_000), "y": np.where(np.arange(100_000) % 2000 == 7, "fraud", "fair")})
    frame.to_parquet(tmp_path / "t.parquet", row_group_size=1000)
    drawn = tables.read_sample(tmp_path / "t.parquet", 20_000, 0, "y")
    assert drawn.frame["y"].value_counts().to_dict() == {"fair": 9950, "fraud": 50}
    assert drawn.frame["a"].is_monotonic_increasing
    assert drawn.sentences() == (
        "Learning from 10,000 of 100,000 rows, drawn at random with seed 0, so that trials fit into memory and time.",
        "Rare classes have more rows than their share, so that they can be learned: fraud (50 of 50).",
    )
    # Without classes, every row has the same chance.
    assert len(tables.read_sample(tmp_path / "t.parquet", 20_000, 0).sentences()) == 1


@settings(max_examples=60)
@given(
    labels=st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=300),
    most=st.integers(1, 40),
    cuts=st.lists(st.integers(1, 60), min_size=1, max_size=20),
)
def test_however_rows_come_the_same_are_kept(labels: list[str | None], most: int, cuts: list[int]) -> None:
    frame = pd.DataFrame({"row": range(len(labels)), "y": pd.Series(labels, dtype=object)})
    expected = sampled(frame, most * 2, 3, "y").frame["row"].tolist()
    batch, position, number = pa.RecordBatch.from_pandas(frame), 0, 0
    reservoir = Reservoir(most, 3, "y")
    while position < len(frame):
        size = cuts[number % len(cuts)]
        reservoir.show(0, batch.slice(position, size))
        position, number = position + size, number + 1
    kept = [row for _, part in reservoir.kept() for row in part.column("row").to_pylist()]
    assert kept == expected
    assert len(kept) == min(most, len(frame))


def test_memory_stays_within_what_is_kept(tmp_path: Path) -> None:
    part = pa.Table.from_pydict({f"c{number}": np.arange(50_000.0) % 100 for number in range(50)})
    file = tmp_path / "t.parquet"
    with parquet.ParquetWriter(file, part.schema) as writer:
        for _ in range(10):
            writer.write_table(part)
    script = (
        "import resource, sys; from workspace_jobs.automl.data import tables; import pyarrow.parquet, pyarrow.dataset;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "drawn = tables.read_sample(sys.argv[1], 500_000, 0);"
        "print(len(drawn.frame), drawn.source_rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True, timeout=300
    )
    kept, source, kilobytes = map(int, done.stdout.split())
    assert (kept, source) == (10_000, 500_000)
    # The table has 200 MB.
    assert kilobytes < 100_000, kilobytes


def test_a_run_with_little_memory_learns_from_a_part_and_says_so(tmp_path: Path) -> None:
    csv(tmp_path)
    options = Options(target="target", memory=160 * 5 * 1000, test=str(tmp_path / "t.csv"))
    prepared = prepare_run(str(tmp_path / "t.csv"), options)
    definition = prepared.definition(options, "t.csv")
    assert (definition.rows, definition.source_rows) == (1000, 4000)
    assert definition.explanations[:2] == (
        "Learning from 1,000 of 4,000 rows, drawn at random with seed 0, so that trials fit into memory and time.",
        "Rare classes have more rows than their share, so that they can be learned: fraud (4 of 4).",
    )
    assert definition.explanations[2].startswith("Judging by --test with 1,000 of 4,000 rows")
    # Though most of its numbers are gone.
    assert definition.schema.left_out["code"] == "it numbers the rows"


@pytest.mark.parametrize("text", ["a,b,a\n1,2,3\n", "a,b\n1,2\n1,2,3\n1,2\n"])
def test_what_is_no_table_is_told_as_when_it_is_read_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(AutoMLError):
        tables.read_sample(tmp_path / "t.csv", 1, 0)

"""Score a large file with model {{model}}, some rows at a time.

python score_batch.py rows.csv scored.csv
python score_batch.py rows.parquet scored.parquet --chunk-rows 100000

The output has the columns of the input and the predictions. It appears when it is complete, or not at all.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from predict import InputError, argument_parser, load, parameters_of, predict, read_csv


def main() -> None:
    """Read, predict and write chunk by chunk."""
    parser = argument_parser(__doc__)
    parser.add_argument("rows", type=Path, help="a .csv or .parquet file")
    parser.add_argument("output", type=Path, help="a .csv or .parquet file")
    parser.add_argument("--chunk-rows", type=int, default=10_000, help="rows at a time; 10000")
    arguments = parser.parse_args()
    for file in (arguments.rows, arguments.output):
        if file.suffix not in (".csv", ".parquet"):
            sys.exit(f"error: {file}: write a .csv or .parquet file")
    if arguments.chunk_rows < 1:
        sys.exit("error: --chunk-rows: write 1 or more")
    unfinished = arguments.output.with_name(f".{arguments.output.name}.{os.getpid()}")
    try:
        model = load(arguments.model)
        chunks = read(arguments.rows, arguments.chunk_rows)
        write = write_csv if arguments.output.suffix == ".csv" else write_parquet
        count = write(scored(model, chunks, parameters_of(arguments)), unfinished)
        unfinished.replace(arguments.output)
    except (InputError, OSError) as error:
        sys.exit(f"error: {error}")
    finally:
        unfinished.unlink(missing_ok=True)
    sys.stderr.write(f"scored {count} rows into {arguments.output}\n")


def read(path: Path, rows: int) -> Iterator[pd.DataFrame]:
    """The file in pieces of at most so many rows."""
    if path.suffix == ".csv":
        yield from read_csv(path, chunksize=rows)
        return
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=rows):
            yield batch.to_pandas()


def scored(model: object, chunks: Iterator[pd.DataFrame], parameters: dict) -> Iterator[pd.DataFrame]:
    """Each piece with its predictions beside it."""
    first = 1
    for chunk in chunks:
        rows = chunk.reset_index(drop=True)
        if rows.empty:
            yield rows
            continue
        try:
            yield pd.concat([rows, predict(model, rows, parameters)], axis=1)
        except InputError as error:
            raise InputError(f"rows {first} to {first + len(rows) - 1}: {error}") from error
        first += len(rows)


def write_csv(chunks: Iterator[pd.DataFrame], path: Path) -> int:
    """Write all pieces; how many rows."""
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        for place, chunk in enumerate(chunks):
            chunk.to_csv(file, index=False, header=place == 0)
            count += len(chunk)
    return count


def write_parquet(chunks: Iterator[pd.DataFrame], path: Path) -> int:
    """Write all pieces, in the types of the first; how many rows."""
    count, writer = 0, None
    try:
        for chunk in chunks:
            schema = None if writer is None else writer.schema
            table = pa.Table.from_pandas(chunk, schema=schema, preserve_index=False)
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
            count += len(chunk)
    finally:
        if writer is not None:
            writer.close()
    return count


if __name__ == "__main__":
    main()

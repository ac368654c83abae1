"""Tables too large to learn from whole: a random part of the rows, in which rare classes have enough to be learned.

Every row gets a random key, and those with the lowest keys are kept. So a table that is read in pieces needs no more
memory than what is kept of it, and its sample is the one that the whole table would have had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

# A target with more values than that is numbers, of which none is rare.
_MOST_CLASSES = 100
# So many rows of a class are enough to judge by, in every fold of a cross-validation.
_ROWS_OF_CLASS = 200
# What is waiting to be chosen from, compared with what is kept.
_SLACK = 1.3
Keys = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Rows of a table that has `source_rows`; `generous` are its classes with more rows than their share, in words."""

    frame: pd.DataFrame
    source_rows: int
    seed: int = 0
    generous: tuple[str, ...] = ()

    def sentences(self, doing: str = "Learning from") -> tuple[str, ...]:
        """What is done with so many of the rows; nothing where it is all of them."""
        if len(self.frame) == self.source_rows:
            return ()
        part = f"{len(self.frame):,} of {self.source_rows:,} rows"
        why = "so that trials fit into memory and time"
        more = f"Rare classes have more rows than their share, so that they can be learned: {', '.join(self.generous)}."
        told = f"{doing} {part}, drawn at random with seed {self.seed}, {why}."
        return (told, *([more] if self.generous else []))


def sampled(frame: pd.DataFrame, most_cells: int, seed: int, target: str | None = None) -> Sample:
    """So many rows of `frame` that they have no more than `most_cells` cells, in their order."""
    most = rows_for(most_cells, frame.shape[1])
    if len(frame) <= most:
        return Sample(frame, len(frame))
    labels = frame.get(target)
    classes = _Classes.none(len(frame)) if labels is None else _Classes.of(labels)
    kept = _chosen(np.random.default_rng(seed).random(len(frame)), classes, most)
    part = frame[kept].reset_index(drop=True)
    totals = None if labels is None else _counted(labels)
    return Sample(part, len(frame), seed, _generous(part, target, totals))


def rows_for(most_cells: int, columns: int) -> int:
    """How many rows of so many columns have no more than `most_cells` cells; one at least."""
    return max(1, most_cells // max(1, columns))


class Reservoir:
    """Keeps `most` of the rows that it is shown, batch by batch; `target` is the column of their classes."""

    def __init__(self, most: int, seed: int, target: str | None = None) -> None:
        self._most, self._seed, self._target = most, seed, target
        self._generator = np.random.default_rng(seed)
        self._pieces: list[_Piece] = []
        self._limit = 1.0
        self._limits: Mapping[Any, float] = {}
        self._totals: pd.Series | None = pd.Series(dtype=int)
        self.rows = 0

    def show(self, source: int, batch: "pa.RecordBatch") -> None:
        """Take what may be kept of the next rows of `source`."""
        self.rows += batch.num_rows
        keys = self._generator.random(batch.num_rows)
        labels = None
        if self._target in batch.schema.names:
            labels = batch.column(self._target).to_pandas().astype(object)
        self._count(labels)
        candidates = keys < self._limits_of(labels)
        self._pieces.append(_Piece.of(source, batch, keys, labels).where(candidates))
        if sum(len(piece.keys) for piece in self._pieces) > _SLACK * self._most:
            self._choose()

    def kept(self) -> "Iterator[tuple[int, pa.Table]]":
        """The rows that are kept of each source, in their order. Nothing can be shown afterwards."""
        import pyarrow as pa

        self._choose()
        while self._pieces:
            source = self._pieces[0].source
            of_source = [piece.rows for piece in self._pieces if piece.source == source]
            self._pieces = [piece for piece in self._pieces if piece.source != source]
            yield source, pa.concat_tables(of_source)

    def sample(self, frame: pd.DataFrame) -> Sample:
        """The sample, of which `frame` has the rows kept."""
        return Sample(frame, self.rows, self._seed, _generous(frame, self._target, self._totals))

    def _count(self, labels: pd.Series | None) -> None:
        if self._totals is None:
            return
        counted = None if labels is None else _counted(labels)
        total = None if counted is None else self._totals.add(counted, fill_value=0)
        self._totals = total if total is not None and len(total) <= _MOST_CLASSES else None

    def _limits_of(self, labels: pd.Series | None) -> Keys | float:
        """Below which key a row may still be kept: of a class with few rows so far, whatever its key."""
        if labels is None or not self._limits:
            return self._limit
        own = labels.map(self._limits).astype(float).fillna(1.0)
        return np.where(labels.isna(), self._limit, own)

    def _choose(self) -> None:
        if not self._pieces:
            return
        keys = np.concatenate([piece.keys for piece in self._pieces])
        classes = _Classes.none(len(keys))
        if self._totals is not None:
            classes = _Classes.of(pd.concat([pd.Series(piece.labels) for piece in self._pieces], ignore_index=True))
        kept = _chosen(keys, classes, self._most)
        ends = np.cumsum([len(piece.keys) for piece in self._pieces])[:-1]
        self._pieces = [piece.where(part) for piece, part in zip(self._pieces, np.split(kept, ends), strict=True)]
        self._pieces = [piece for piece in self._pieces if len(piece.keys)]
        if len(kept) >= self._most:
            self._limit, self._limits = _limits(keys[kept], classes.where(kept), self._most)


@dataclass(frozen=True)
class _Piece:
    """Rows of a source, with what decides about each."""

    source: int
    rows: "pa.Table"
    keys: Keys
    labels: NDArray[Any] | None

    @classmethod
    def of(cls, source: int, batch: "pa.RecordBatch", keys: Keys, labels: pd.Series | None) -> "_Piece":
        import pyarrow as pa

        return cls(source, pa.Table.from_batches([batch]), keys, None if labels is None else labels.to_numpy())

    def where(self, mask: NDArray[np.bool_]) -> "_Piece":
        if mask.all():
            return self
        labels = None if self.labels is None else self.labels[mask]
        return _Piece(self.source, self.rows.filter(mask).combine_chunks(), self.keys[mask], labels)


@dataclass(frozen=True)
class _Classes:
    """The class of each row, as a position in `values`; -1 for none."""

    codes: NDArray[np.intp]
    values: Sequence[Any]

    @classmethod
    def of(cls, labels: pd.Series) -> "_Classes":
        """No classes where there are too many values."""
        codes, values = pd.factorize(labels)
        return cls(codes, list(values)) if len(values) <= _MOST_CLASSES else cls.none(len(labels))

    @classmethod
    def none(cls, rows: int) -> "_Classes":
        return cls(np.full(rows, -1), ())

    def where(self, mask: NDArray[np.bool_]) -> "_Classes":
        return _Classes(self.codes[mask], self.values)


def _chosen(keys: Keys, classes: _Classes, most: int) -> NDArray[np.bool_]:
    """Which rows are kept: of each class its first ones by key, then any by key."""
    first = _first(keys, classes, most)
    if first.sum() >= most:
        return _lowest(keys, first, most)
    return first | _lowest(keys, ~first, most - int(first.sum()))


def _first(keys: Keys, classes: _Classes, most: int) -> NDArray[np.bool_]:
    """Which rows are among those of their class that are kept in any case."""
    first = np.zeros(len(keys), dtype=bool)
    for code in range(len(classes.values)):
        first |= _lowest(keys, classes.codes == code, _floor(most))
    return first


def _lowest(keys: Keys, among: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """The `count` rows with the lowest keys of those in `among`, or all of them."""
    rows = np.flatnonzero(among)
    if len(rows) > count:
        rows = rows[np.argpartition(keys[rows], count)[:count]]
    found = np.zeros(len(keys), dtype=bool)
    found[rows] = True
    return found


def _limits(keys: Keys, classes: _Classes, most: int) -> tuple[float, Mapping[Any, float]]:
    """The key below which any row may be kept, and that of each class; 1 for a class that is short of rows."""
    beyond = keys[~_first(keys, classes, most)]
    general = float(beyond.max()) if len(beyond) else 0.0
    limits = {}
    for code, value in enumerate(classes.values):
        own = keys[classes.codes == code]
        limits[value] = 1.0 if len(own) < _floor(most) else max(general, float(own.max()))
    return general, limits


def _floor(most: int) -> int:
    return min(_ROWS_OF_CLASS, max(1, most // (2 * _MOST_CLASSES)))


def _counted(labels: pd.Series) -> pd.Series | None:
    counted = labels.value_counts()
    return counted if len(counted) <= _MOST_CLASSES else None


def _generous(frame: pd.DataFrame, target: str | None, totals: pd.Series | None) -> tuple[str, ...]:
    """Classes with clearly more than their share of `frame`, as "NAME (KEPT of ALL)"."""
    if totals is None or target not in frame:
        return ()
    share = len(frame) / max(1, totals.sum())
    # By their text, for values may be of another type in the source than in the table.
    kept = frame[target].astype(str).value_counts()
    found = []
    for name, total in totals.items():
        count = int(kept.get(str(name), 0))
        if count > _SLACK * share * total and share * total < _floor(len(frame)):
            found.append(f"{name} ({count:,} of {int(total):,})")
    return tuple(found)

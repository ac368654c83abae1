"""Judges tables of millions of names: a good row costs a match and a hash, and never becomes an object.

Rows are read in batches and grouped by all that they say but their names. Of each name only a hash of 64 bits is kept,
8 bytes; names whose hash occurs twice are read again afterwards, and the checks themselves decide whether they are
alike.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import accumulate, islice

from naming.errors import NamingError
from naming.lint.checks.judgement import Judgement
from naming.lint.model import Finding
from naming.lint.seen_names import SeenNames
from naming.lint.sources.csv_table import Kind, Rows, Table, Types, resource
from naming.lint.sources.notes import Notes
from naming.lint.sources.recognition import Source

_BATCH = 20_000
_BREAK = re.compile(r"\r\n|\r|\n")
_Accepts = Callable[[str], bool]
# All that a row says but its name.
_Key = Kind | tuple[str, ...]
# Where every row says something else, groups are of no use, and are forgotten.
_MOST_GROUPS = 65_536


class TableEngine:
    """Judges one table: first its rows and, at the end, those whose names are alike."""

    def __init__(self, source: Source, header: Table, judgement: Judgement, seen: SeenNames, notes: Notes) -> None:
        self._source = source
        self._header = header
        self._judgement = judgement
        self._seen = seen
        self._notes = notes
        self._types = Types(header.file, notes)
        self._name, self._width, self._full_width = header.columns["name"], header.width, header.full_width
        self._group_of = header.but_name_of
        # What tells a good name in a group, and what goes into its hash; None where no rule knows the type.
        self._groups: dict[_Key, tuple[_Accepts, int] | None] = {}

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with single rows, and remember all names."""
        with self._source.text() as text:
            rows = Rows(self._header, text)
            line = rows.line
            while batch := rows.batch(_BATCH):
                yield from self._batch(batch, line, rows)
                line = rows.line

    def repetitions(self, repeated: frozenset[int]) -> Iterator[Finding]:
        """Yield what is wrong with rows whose names are alike, reading the table once more."""
        with self._source.text() as text:
            rows = Rows(self._header, text)
            for row in rows:
                group = self._group(row) if len(row) >= self._full_width else None
                if group is None:
                    continue
                accepts, salt = group
                # The others were judged in `findings`.
                if salt ^ hash(row[self._name].lower()) in repeated and accepts(row[self._name]):
                    yield from self._judged(row, rows.line)

    def _batch(self, batch: list[list[str]], before: int, rows: Rows) -> Iterator[Finding]:
        name, width, group_of = self._name, self._full_width, self._group_of
        grouped: dict[_Key, list[list[str]]] = defaultdict(list)
        for row in batch:
            if len(row) >= width:
                grouped[group_of(row)].append(row)
        doubtful: dict[_Key, Container[str]] = {}
        for key, alike in grouped.items():
            names, group = [row[name] for row in alike], self._group(alike[0])
            if group is None:
                doubtful[key] = set(names)
                continue
            accepts, salt = group
            self._notes.count(len(names))
            self._seen.add_all([salt ^ hash(name) for name in map(str.lower, names)])
            if not all(map(accepts, names)):
                doubtful[key] = {name for name in names if not accepts(name)}
        if doubtful or sum(map(len, grouped.values())) < len(batch):
            yield from self._one_by_one(batch, _lines(batch, before, rows.line), rows, doubtful)

    def _one_by_one(
        self, batch: list[list[str]], lines: Iterable[int], rows: Rows, doubtful: Mapping[_Key, Container[str]]
    ) -> Iterator[Finding]:
        for row, line in zip(batch, lines, strict=True):
            if len(row) < self._width:
                rows.check_empty(row, line)
            elif len(row) < self._full_width:
                yield from self._cut_short(row, line)
            elif row[self._name] in doubtful.get(self._group_of(row), ()):
                yield from self._judged(row, line)

    def _group(self, row: list[str]) -> tuple[_Accepts, int] | None:
        key = self._group_of(row)
        if key not in self._groups:
            if len(self._groups) >= _MOST_GROUPS:
                self._groups.clear()
            self._groups[key] = self._new_group(row)
        return self._groups[key]

    def _new_group(self, row: list[str]) -> tuple[_Accepts, int] | None:
        try:
            if self._types.look_up(self._header.kind_of(row)) is None:
                return None
            first = resource(self._header, self._types, row, 0)
        except NamingError:
            # Said with its line, when the row is judged.
            return None
        if first is None:
            return None
        salt = SeenNames.salt(first)
        if self._judgement.dislikes_tags(first):
            return _nothing, salt
        return self._judgement.accepts(first.type, first.variant), salt

    def _cut_short(self, row: list[str], line: int) -> Iterator[Finding]:
        """Judge a row that ends before the table does: the cells that it lacks are empty."""
        found = resource(self._header, self._types, row, line)
        if found is not None:
            self._notes.count(1)
            self._seen.add(found)
            yield from self._judgement(found)

    def _judged(self, row: list[str], line: int) -> Iterator[Finding]:
        found = resource(self._header, self._types, row, line)
        if found is not None:
            yield from self._judgement(found)


def _nothing(_name: str) -> bool:
    return False


def _lines(batch: list[list[str]], before: int, after: int) -> Iterable[int]:
    """Return the line that each row ends on; cells may have line breaks in them."""
    if after - before == len(batch):
        return range(before + 1, after + 1)
    return islice(accumulate((1 + sum(map(_breaks, row)) for row in batch), initial=before), 1, None)


def _breaks(cell: str) -> int:
    return len(_BREAK.findall(cell))

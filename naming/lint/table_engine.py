"""Judges tables of millions of names: a good row costs a match and a hash, and never becomes an object.

Rows are read in batches and grouped by type. Of each name only a hash of 64 bits is kept, 8 bytes; names whose hash
occurs twice are read again afterwards, and the checks themselves decide whether they are alike.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import accumulate, islice

from naming.errors import NamingError
from naming.lint.checks.judgement import Judgement
from naming.lint.model import Finding, rule_of
from naming.lint.seen_names import SeenNames
from naming.lint.sources.csv_table import Kind, Rows, Table, Types, resource
from naming.lint.sources.notes import Notes
from naming.lint.sources.recognition import Source

_BATCH = 20_000
_BREAK = re.compile(r"\r\n|\r|\n")
_Accepts = Callable[[str], bool]


class TableEngine:
    """Judges one table with nothing but types and names, first its rows and, at the end, those that are alike."""

    def __init__(self, source: Source, header: Table, judgement: Judgement, seen: SeenNames, notes: Notes) -> None:
        self._source = source
        self._header = header
        self._judgement = judgement
        self._seen = seen
        self._notes = notes
        self._types = Types(header.file, notes)
        # What tells a good name of a cell's type, and what goes into its hash; None where no rule knows the type.
        self._kinds: dict[Kind, tuple[_Accepts, int] | None] = {}

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
        name_of, kind_of = self._header.columns["name"], self._header.kind_of
        with self._source.text() as text:
            rows = Rows(self._header, text)
            for row in rows:
                kind = self._kinds[kind_of(row)]
                if kind is None:
                    continue
                accepts, salt = kind
                # The others were judged in `findings`.
                if salt ^ hash(row[name_of].lower()) in repeated and accepts(row[name_of]):
                    yield from self._judged(row, rows.line)

    def _batch(self, batch: list[list[str]], before: int, rows: Rows) -> Iterator[Finding]:
        groups, is_regular = self._groups(batch)
        doubtful: dict[Kind, Container[str]] = {}
        for key, names in groups.items():
            kind = self._kinds[key] if key in self._kinds else self._new_kind(key)
            if kind is None:
                doubtful[key] = set(names)
                continue
            accepts, salt = kind
            self._notes.count(len(names))
            self._seen.add_all([salt ^ hash(name) for name in map(str.lower, names)])
            if not all(map(accepts, names)):
                doubtful[key] = {name for name in names if not accepts(name)}
        if doubtful or not is_regular:
            yield from self._one_by_one(batch, _lines(batch, before, rows.line), rows, doubtful)

    def _groups(self, batch: list[list[str]]) -> tuple[dict[Kind, list[str]], bool]:
        """Return the names of each kind, and whether every row is long enough to have both."""
        kind_of, name, width = self._header.kind_of, self._header.columns["name"], self._header.width
        regular = [row for row in batch if len(row) >= width]
        groups: dict[Kind, list[str]] = defaultdict(list)
        for row in regular:
            groups[kind_of(row)].append(row[name])
        return groups, len(regular) == len(batch)

    def _one_by_one(
        self, batch: list[list[str]], lines: Iterable[int], rows: Rows, doubtful: Mapping[Kind, Container[str]]
    ) -> Iterator[Finding]:
        kind_of, name, width = self._header.kind_of, self._header.columns["name"], self._header.width
        for row, line in zip(batch, lines, strict=True):
            if len(row) < width:
                rows.check_empty(row, line)
            elif row[name] in doubtful.get(kind_of(row), ()):
                yield from self._judged(row, line)

    def _new_kind(self, key: Kind) -> tuple[_Accepts, int] | None:
        try:
            meant = self._types.look_up(key)
        except NamingError:
            # Said with its line, when the row is judged.
            meant = None
        if meant is None:
            self._kinds[key] = None
        else:
            scope = rule_of(*meant).scope
            self._kinds[key] = self._judgement.accepts(*meant), SeenNames.salt(meant[0], self._header.file, scope)
        return self._kinds[key]

    def _judged(self, row: list[str], line: int) -> Iterator[Finding]:
        found = resource(self._header, self._types, row, line)
        if found is not None:
            yield from self._judgement(found)


def _lines(batch: list[list[str]], before: int, after: int) -> Iterable[int]:
    """Return the line that each row ends on; cells may have line breaks in them."""
    if after - before == len(batch):
        return range(before + 1, after + 1)
    return islice(accumulate((1 + sum(map(_breaks, row)) for row in batch), initial=before), 1, None)


def _breaks(cell: str) -> int:
    return len(_BREAK.findall(cell))

"""Tables with a header: a column of types, one of names, and columns that say more about each.

Read a row at a time, since a table may have millions. `read` makes a resource of each row; who can judge rows as
they are takes them from `Rows`.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import TextIO

from naming.errors import NamingError
from naming.lint.model import NamedResource
from naming.lint.sources.notes import Notes
from naming.lint.sources.places import is_extension, known_variant, place_of_id
from naming.rulebook import rule_for_key

# What the columns are called; the portal's and Azure Resource Graph's exports are among them.
_COLUMNS = {
    "type": ("type", "resource type", "resource_type", "resourcetype"),
    "name": ("name", "resource name", "resource_name", "resourcename"),
    "variant": ("variant", "kind"),
    "tags": ("tags",),
    "scope": ("scope", "scope path", "scope_path", "parent", "container"),
    "group": ("resource group", "resource_group", "resourcegroup"),
    "subscription": ("subscription id", "subscription_id", "subscriptionid", "subscription"),
    "id": ("id", "resource id", "resource_id", "resourceid"),
    "environment": ("environment", "stack"),
    "location": ("location", "region"),
}
_DELIMITERS = ",;\t|"
# How Excel is told what stands between cells; it may come before the header.
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=.\"?\s*", re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\r|\n")
_TAG_PREFIXES = ("tag:", "tags.", "tag.")


# The cells of a row that say what kind of resource it is: its type, or its type and its variant.
Kind = str | tuple[str, str]


@dataclass(frozen=True)
class Table:
    """The header of a table: where its columns are, what stands between them, and how many lines are above it.

    `others` are the columns that are not read.
    """

    file: str
    delimiter: str
    columns: dict[str, int]
    tag_columns: dict[str, int]
    above: int = 0
    others: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many cells a row needs at least."""
        return 1 + max(self.columns[column] for column in ("type", "name", "variant") if column in self.columns)

    @property
    def kind_of(self) -> Callable[[list[str]], Kind]:
        """What gives the kind of a row."""
        columns = [self.columns[column] for column in ("type", "variant") if column in self.columns]
        return itemgetter(*columns)

    @property
    def but_name_of(self) -> Callable[[list[str]], "Kind | tuple[str, ...]"]:
        """What gives all that is known of a row as wide as `full_width`, but for its name."""
        return itemgetter(*(position for name, position in self.columns.items() if name != "name"), *self._tags)

    @property
    def full_width(self) -> int:
        """How many cells a row has when it has all that is known of it."""
        return 1 + max(*self.columns.values(), *self._tags)

    @property
    def is_grouped(self) -> bool:
        """Whether many rows may be alike but for their names: it has no ids, and no environments."""
        return self.columns.keys().isdisjoint({"id", "environment"})

    @property
    def _tags(self) -> list[int]:
        return list(self.tag_columns.values())


class Rows(Iterator[list[str]]):
    """The rows below a header, each long enough to have a type and a name.

    Raises, while it is iterated:
        NamingError: a row is no CSV or no UTF-8, or is too short.
    """

    def __init__(self, header: Table, text: TextIO) -> None:
        self._file = header.file
        self._width = header.width
        self._reader = csv.reader(text, delimiter=header.delimiter)
        self.batch(header.above + 1)

    @property
    def line(self) -> int:
        """The line that the last row ended on."""
        return self._reader.line_num

    def __next__(self) -> list[str]:
        while batch := self.batch(1):
            row = batch[0]
            if len(row) >= self._width:
                return row
            self.check_empty(row, self.line)
        raise StopIteration

    def batch(self, size: int) -> list[list[str]]:
        """Return up to `size` rows as they are, empty and too short ones among them; none at the end."""
        try:
            return list(islice(self._reader, size))
        except UnicodeDecodeError as error:
            where = f"{self._file}:{self.line + 1}"
            raise NamingError(f"{where}: the table is not UTF-8 from about here on: save it as UTF-8.") from error
        except csv.Error as error:
            raise NamingError(f"{self._file}:{self.line + 1}: the row is no CSV: {error}.") from error

    def check_empty(self, row: list[str], line: int) -> None:
        """Pass over a row that is too short and empty.

        Raises:
            NamingError: it is not empty.
        """
        if any(row):
            raise NamingError(
                f"{self._file}:{line}: the row has {_columns(len(row))}, and the header asks for {self._width}."
            )


def table(start: str, file: str) -> Table | None:
    """Return the table that a text is the start of, None when it is none.

    Raises:
        NamingError: a column that counts is there twice.
    """
    line, above = _header_line(start.removeprefix("\ufeff"))
    if "=" in line or "name" not in line.lower():
        return None
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        names = [cell.strip().lower() for cell in cells]
        columns = {
            column: next(names.index(name) for name in known if name in names)
            for column, known in _COLUMNS.items()
            if not set(known).isdisjoint(names)
        }
        if "type" in columns and "name" in columns:
            for position in columns.values():
                if names.count(names[position]) > 1:
                    raise NamingError(f"{file}:{above + 1}: the header has {cells[position]!r} twice: leave one out.")
            tag_columns = _tag_columns(cells)
            read = {*columns.values(), *tag_columns.values()}
            others = tuple(name for position, name in enumerate(names) if position not in read)
            return Table(file, delimiter, columns, tag_columns, above, others)
    return None


def _header_line(start: str) -> tuple[str, int]:
    """Return the first line that says something, and how many are above it."""
    lines = _BREAK.split(start)
    for above, line in enumerate(lines):
        if line.strip() and not _SEPARATOR_LINE.fullmatch(line):
            return line, above
    return "", 0


def read(header: Table, text: TextIO, notes: Notes) -> Iterator[NamedResource]:
    """Yield the resource of each row.

    Raises:
        NamingError: a row lacks its name, has a type that nobody can mean, or is no text.
    """
    types = Types(header.file, notes)
    rows = Rows(header, text)
    for row in rows:
        found = resource(header, types, row, rows.line)
        if found is not None:
            yield found


class Types:
    """What the cells of a table mean as types: each is looked up once."""

    def __init__(self, file: str, notes: Notes) -> None:
        self._file = file
        self._notes = notes
        self._known: dict[Kind, tuple[str, str | None] | None] = {}

    def meant(self, kind: Kind, line: int) -> tuple[str, str | None] | None:
        """Return the type and variant of a row, None for an ARM type that no rule knows, which is counted.

        Raises:
            NamingError: the cell is neither a type, nor an abbreviation or a label.
        """
        try:
            found = self.look_up(kind)
        except NamingError as error:
            raise NamingError(f"{self._file}:{line}: {error}") from error
        if found is None:
            self._notes.unknown_type(self._file, kind if isinstance(kind, str) else kind[0])
        return found

    def look_up(self, kind: Kind) -> tuple[str, str | None] | None:
        """Return the same without counting.

        Raises:
            NamingError: the same, without the line.
        """
        if kind not in self._known:
            cell, variant = (kind, "") if isinstance(kind, str) else kind
            self._known[kind] = _meant(cell.strip(), variant.strip())
        return self._known[kind]


def _meant(cell: str, variant: str) -> tuple[str, str | None] | None:
    is_type = "/" in cell
    try:
        rule = rule_for_key(cell)
    except NamingError:
        if is_type and "[" not in cell:
            return None
        raise
    written = known_variant(rule.type, variant)
    return rule.type, written or (None if is_type and "[" not in cell else rule.variant)


def resource(header: Table, types: Types, row: list[str], line: int) -> NamedResource | None:
    """Return the resource of one row, None where its type is left out."""
    columns = header.columns
    meant = types.meant(header.kind_of(row), line)
    if meant is None:
        return None
    resource_type, variant = meant
    resource_id = _cell(header, row, "id")
    place = place_of_id(resource_id)
    return NamedResource(
        type=resource_type,
        variant=variant,
        name=row[columns["name"]].rpartition("/")[2] if place else row[columns["name"]],
        scope_path=place.scope_path if place else _scope(header, row, resource_type, line),
        tags=_tags(header, row, line),
        file=header.file,
        line=line,
        address=resource_id or None,
        environment=_cell(header, row, "environment") or None,
        location=_cell(header, row, "location") or None,
    )


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _cell(header: Table, row: list[str], column: str) -> str:
    position = header.columns.get(column, len(row))
    return row[position].strip() if position < len(row) else ""


def _scope(header: Table, row: list[str], resource_type: str, line: int) -> str:
    if scope := _cell(header, row, "scope"):
        return scope
    if is_extension(resource_type):
        # On what it is is unknown: it is nobody's neighbour.
        return f"{header.file}:{line}"
    group, subscription = _cell(header, row, "group"), _cell(header, row, "subscription")
    above = f"/subscriptions/{subscription}" if subscription else header.file
    return f"{above}/resourceGroups/{group}" if group else above


def _tags(header: Table, row: list[str], line: int) -> dict[str, str] | None:
    if "tags" not in header.columns and not header.tag_columns:
        return None
    written = _cell(header, row, "tags")
    tags = _tags_of_cell(written) if written else {}
    if tags is None:
        raise NamingError(
            f"{header.file}:{line}: {written[:60]!r} are no tags: write owner=ml;environment=dev, or JSON."
        )
    own = {tag: row[position] for tag, position in header.tag_columns.items() if position < len(row) and row[position]}
    return {**tags, **own}


def _tags_of_cell(cell: str) -> dict[str, str] | None:
    if cell.startswith("{"):
        try:
            found = json.loads(cell)
        except (ValueError, RecursionError):
            return None
        return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else None
    if cell.lower() in ("null", "none"):
        return {}
    pairs = [pair.partition("=") for pair in cell.split(";") if pair.strip()]
    return {name.strip(): value.strip() for name, _, value in pairs} if all(mark for _, mark, _ in pairs) else None


def _tag_columns(cells: list[str]) -> dict[str, int]:
    return {
        cell.strip()[len(prefix) :]: position
        for position, cell in enumerate(cells)
        for prefix in _TAG_PREFIXES
        if cell.strip().lower().startswith(prefix) and len(cell.strip()) > len(prefix)
    }

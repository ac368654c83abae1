"""Decides by content who reads a source, and opens it: nobody has to say what kind of file he has."""

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

from naming.errors import NamingError
from naming.lint.model import NamedResource
from naming.lint.sources import names
from naming.lint.sources.notes import Notes

if TYPE_CHECKING:
    from naming.lint.sources.csv_table import Table

STANDARD_INPUT = "-"
# The one kind of source that is known by its name: any YAML could be the settings of a stack.
_STACK_FILE = re.compile(r"Pulumi\.[A-Za-z0-9._-]+\.ya?ml")
_HEAD = 65_536
_SHOWN = 100
# Standard input of a few megabytes stays in memory, more goes to a temporary file.
_IN_MEMORY = 16 * 1024 * 1024
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# The readers of JSON, in the order in which they are asked: the one that takes most comes last.
_JSON_READERS = ("pulumi", "terraform", "arm_template", "azure_list")
_KINDS = (
    "what `pulumi preview --json`, `pulumi stack export`, `terraform show -json`, `bicep build` or `az resource list` "
    "print"
)


@dataclass(frozen=True)
class Source:
    """An opened file, and what it was recognised as: JSON, a table with a header, or a list of names."""

    stream: IO[bytes]
    file: str
    is_json: bool
    is_settings: bool
    table: "Table | None"

    def resources(self, notes: Notes) -> Iterator[NamedResource]:
        """Yield what is in it.

        Raises:
            NamingError: something in it can't be read.
        """
        if self.is_settings:
            yield from _read_settings(self.stream.read(), self.file)
        elif self.is_json:
            yield from _read_json(self.stream.read(), self.file, notes)
        elif self.table is None:
            yield from names.from_lines(self._lines(), self.file, notes)
        else:
            from naming.lint.sources import csv_table

            with self.text() as text:
                yield from csv_table.read(self.table, text, notes)

    def _lines(self) -> Iterable[bytes]:
        is_wide = self.stream.read(2) in _UTF16_MARKS
        self.stream.seek(0)
        if not is_wide:
            return self.stream
        from naming.lint.sources.documents import decode

        return decode(self.stream.read(), self.file).encode().splitlines()

    @contextmanager
    def text(self) -> Iterator[io.TextIOWrapper]:
        """Give the file as text, from its start; it can be asked for again."""
        self.stream.seek(0)
        # A generator that is never finished must not close the stream, which others read.
        text = io.TextIOWrapper(self.stream, encoding=_encoding(self.stream.read(2)), newline="")
        self.stream.seek(0)
        try:
            yield text
        finally:
            text.detach()


@contextmanager
def opened(source: str) -> Iterator[Source]:
    """Open a file, or standard input for `-`, and say what it is.

    Raises:
        NamingError: it can't be read.
    """
    stream = _stream(source)
    try:
        yield _recognised(stream, "<stdin>" if source == STANDARD_INPUT else source)
    finally:
        stream.close()


def read(source: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield what a file has, whatever it is; `-` is standard input.

    Raises:
        NamingError: it can't be read, or is of no kind that is known.
    """
    with opened(source) as recognised:
        yield from recognised.resources(notes)


def _stream(source: str) -> IO[bytes]:
    if source == STANDARD_INPUT:
        return _spooled(sys.stdin.buffer, "<stdin>")
    try:
        stream = Path(source).open("rb")  # noqa: SIM115 - `opened` closes it
        if stream.seekable():
            return stream
        # A pipe that has a name: what a shell makes of <(pulumi preview --json).
        with stream:
            return _spooled(stream, source)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "no file has such a name"
        shown = source if len(source) <= _SHOWN else f"{source[:_SHOWN]}..."
        raise NamingError(f"{shown} can't be read: {reason}; name a file, or write TYPE=NAME.") from error


def _spooled(pipe: IO[bytes], file: str) -> IO[bytes]:
    """Return all that comes through a pipe, as what can be read more than once.

    Raises:
        NamingError: nothing came: a shell hides that the command before the pipe failed.
    """
    spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - `opened` closes it
    shutil.copyfileobj(pipe, spooled)
    if not spooled.tell():
        spooled.close()
        raise NamingError(f"{file} is empty, 0 names checked: see whether the command before the pipe has failed.")
    spooled.seek(0)
    return spooled


def _recognised(stream: IO[bytes], file: str) -> Source:
    try:
        head = stream.read(_HEAD)
        stream.seek(0)
    except OSError as error:
        raise NamingError(f"{file} can't be read: {error.strerror}; name a file, or write TYPE=NAME.") from error
    text = head.decode(_encoding(head[:2]), "replace")
    start = text.lstrip("\ufeff \t\r\n")
    if _STACK_FILE.fullmatch(Path(file).name):
        return Source(stream, file, is_json=False, is_settings=True, table=None)
    if start.startswith(("{", "[")):
        return Source(stream, file, is_json=True, is_settings=False, table=None)
    table = None
    # Whatever is a table has such a header: nothing is imported for a list of names.
    if "name" in start.lower():
        from naming.lint.sources import csv_table

        table = csv_table.table(text, file)
    return Source(stream, file, is_json=False, is_settings=False, table=table)


def _encoding(head: bytes) -> str:
    return "utf-16" if head.startswith(_UTF16_MARKS) else "utf-8-sig"


def _read_settings(data: bytes, file: str) -> Iterator[NamedResource]:
    from naming.lint.sources.documents import decode
    from naming.lint.stack_names import read as read_stack

    yield from read_stack(decode(data, file), file)


def _read_json(data: bytes, file: str, notes: Notes) -> Iterator[NamedResource]:
    from naming.lint.sources.documents import document

    found = document(data, file)
    for name in _JSON_READERS:
        reader = import_module(f"naming.lint.sources.{name}")
        if reader.recognises(found.value):
            try:
                yield from reader.read(found, file, notes)
            except RecursionError as error:
                raise NamingError(f"{file}: the JSON is nested too deeply: write the file anew.") from error
            return
    raise NamingError(f"{file} is JSON of no kind that is known: give {_KINDS}.")

"""Writes better names into the file that they come from: the settings of a Pulumi stack, or a CSV.

First a plan says what would change and what that costs, since Azure can rename next to nothing; then every file is
replaced as a whole, with no other character changed. Names that a program or a template makes can't be written back;
they are, where a stack's settings hold them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from naming.errors import NamingError
from naming.lint import stack_names
from naming.lint.csv_cells import rows
from naming.lint.model import Finding, NamedResource
from naming.lint.replacing import replace_text
from naming.lint.suggestion import suggestion_for

if TYPE_CHECKING:
    from naming.convention import Convention

_FAMILIES = ("NAM1", "NAM2")
_QUOTES = "'\""

_Identity = tuple[str, int | None, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One name that would be written: where it stands in the text of its file, and what Azure makes of it."""

    resource: NamedResource
    file: str
    line: int | None
    new: str
    replaces: bool
    reason: str
    start: int
    end: int
    written: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        cost = "replaced" if self.replaces else "renamed"
        return f"{where}: {self.resource.rule.label} {self.resource.name} -> {self.new} ({cost}: {self.reason})"


@dataclass
class FixPlan:
    """What would be changed, and why the rest would not be."""

    changes: list[Change] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield the plan, a line for each name."""
        yield from map(str, self.changes)
        yield from (f"left alone: {sentence}" for sentence in self.left_alone)
        replaced = sum(change.replaces for change in self.changes)
        if self.changes:
            yield f"{len(self.changes)} to write; Azure would replace {replaced} of these resources by new ones."

    def remaining(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that stay when the plan is written."""
        changed = {_identity(change.resource) for change in self.changes}
        return [
            finding
            for finding in findings
            if not finding.id.startswith(_FAMILIES) or _identity(finding.resource) not in changed
        ]

    def written(self) -> list[NamedResource]:
        """Return the resources as they are called when the plan is written."""
        return [replace(change.resource, name=change.new) for change in self.changes]

    def write(self) -> list[str]:
        """Write every file that changes, and return which they are.

        Raises:
            NamingError: a file can't be written, or has changed since it was read; those before it are written.
        """
        files = sorted({change.file for change in self.changes})
        for file in files:
            if _text(file) != self.texts[file]:
                raise NamingError(f"{file} has changed since it was read: run the command again.")
            replace_text(Path(file), self._changed(file))
        return files

    def _changed(self, file: str) -> str:
        text = self.texts[file]
        own = {change.start: change for change in self.changes if change.file == file}
        for start in sorted(own, reverse=True):
            text = text[:start] + own[start].written + text[own[start].end :]
        return text


def plan_fixes(findings: Iterable[Finding], convention: "Convention", stack_files: Sequence[str] = ()) -> FixPlan:
    """Return what to write for `findings`, in the files that they name and in `stack_files`.

    Raises:
        NamingError: a file that is to be changed can't be read as UTF-8.
    """
    return _Planner(convention, stack_files).plan(findings)


class _Planner:
    def __init__(self, convention: "Convention", stack_files: Sequence[str]) -> None:
        self._convention = convention
        self._stack_files = stack_files
        self._plan = FixPlan()
        self._taken: dict[tuple[str, str, str], NamedResource] = {}
        self._done: set[_Identity] = set()
        self._tables: dict[str, dict[int, tuple[int, int]]] = {}

    def plan(self, findings: Iterable[Finding]) -> FixPlan:
        for finding in findings:
            resource = finding.resource
            if finding.id.startswith(_FAMILIES) and _identity(resource) not in self._done:
                self._done.add(_identity(resource))
                self._add(resource)
        return self._plan

    def _add(self, resource: NamedResource) -> None:
        places = list(self._places(resource))
        if not places:
            self._leave(resource, "it stands in no CSV and in no settings of a stack that can be written")
        for file, line, start, end in places:
            region = resource.location
            if region is None and stack_names.is_stack_file(file):
                region = stack_names.region(self._text(file), file)
            suggested = suggestion_for(resource, self._convention, region)
            if suggested is None:
                self._leave(
                    resource,
                    "there is no better name that is no guess: it says no environment, or its region is unknown",
                )
            elif "region" in suggested.assumed and region is None:
                self._leave(resource, f"it says no region, so that {suggested.name} would be a guess")
            elif self._is_taken(resource, suggested.name):
                self._leave(resource, f"{suggested.name} is the better name of another resource too")
            else:
                written = _spelt(self._text(file)[start:end], resource.name, suggested.name)
                self._plan.changes.append(
                    Change(
                        resource, file, line, suggested.name, suggested.replaces, suggested.reason, start, end, written
                    )
                )

    def _places(self, resource: NamedResource) -> Iterator[tuple[str, int | None, int, int]]:
        """Yield where the name of a resource can be written: file, line, start and end of the value or cell."""
        if stack_names.is_stack_file(resource.file):
            yield from self._in_settings(resource, resource.file, resource.line)
        elif (cell := self._cells(resource.file).get(resource.line or 0)) is not None:
            yield resource.file, resource.line, *cell
        else:
            for file in self._stack_files:
                if stack_names.is_stack_file(file) and _may_be_of(resource, file):
                    yield from self._in_settings(resource, file, None)

    def _in_settings(
        self, resource: NamedResource, file: str, line: int | None
    ) -> Iterator[tuple[str, int | None, int, int]]:
        text = self._text(file)
        for value in stack_names.values(text, file):
            is_plain = text[value.start : value.end].strip(_QUOTES) == value.text
            if value.text == resource.name and is_plain and line in (None, value.line):
                yield file, value.line, value.start, value.end

    def _cells(self, file: str) -> dict[int, tuple[int, int]]:
        """Return the cell that has the name, for each line that a row of the CSV ends on; nothing where it is none."""
        if file not in self._tables:
            self._tables[file] = dict(self._name_cells(file)) if file.lower().endswith((".csv", ".tsv")) else {}
        return self._tables[file]

    def _name_cells(self, file: str) -> Iterator[tuple[int, tuple[int, int]]]:
        from naming.lint.sources.csv_table import table

        text = self._text(file)
        header = table(text, file)
        if header is None:
            return
        column = header.columns["name"]
        for line, cells in rows(text, header.delimiter):
            if column < len(cells):
                yield line, cells[column]

    def _is_taken(self, resource: NamedResource, name: str) -> bool:
        key = (resource.type, resource.scope_path.lower(), name.lower())
        first = self._taken.setdefault(key, resource)
        return first is not resource and (first.name, first.address) != (resource.name, resource.address)

    def _leave(self, resource: NamedResource, reason: str) -> None:
        self._plan.left_alone.append(f"{resource.where}: {resource.rule.label} {resource.name}: {reason}.")

    def _text(self, file: str) -> str:
        if file not in self._plan.texts:
            self._plan.texts[file] = _text(file)
        return self._plan.texts[file]


def _identity(resource: NamedResource) -> _Identity:
    return (resource.file, resource.line, resource.type, resource.name, resource.address)


def _may_be_of(resource: NamedResource, file: str) -> bool:
    """Whether a stack's settings may be those that a resource was made from."""
    return resource.environment is None or stack_names.stack_of(file) == resource.environment


def _spelt(raw: str, old: str, new: str) -> str:
    """Return what is written in place of a cell or value: its quotes, and a parent before its name, stay."""
    before, found, after = raw.rpartition(old)
    if not found:
        before = after = raw[:1] if raw[:1] in _QUOTES else ""
    if not before and not after and yaml.safe_load(new) != new:
        return f'"{new}"'
    return f"{before}{new}{after}"


def _text(file: str) -> str:
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise NamingError(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NamingError(f"{file} is not UTF-8, and only such files are changed: save it as UTF-8.") from error

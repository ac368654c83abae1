"""The linter: every check on every resource, as they come."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from naming.errors import NamingError
from naming.lint.checks import Check
from naming.lint.checks.judgement import Judgement
from naming.lint.model import Finding, NamedResource
from naming.lint.seen_names import SeenNames

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from naming.lint.sources.csv_table import Table
    from naming.lint.sources.notes import Notes
    from naming.lint.sources.recognition import Source
    from naming.lint.table_engine import TableEngine

_AHEAD = 20_000


def lint_sources(
    resources: Iterable[NamedResource],
    files: Sequence[str],
    checks: Sequence[Check],
    notes: "Notes",
    environment: str | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with `resources` and with what is in `files`, whatever they are; `-` is standard input.

    Tables are judged as such unless they have ids or environments, and those of their names that are alike come last.
    `environment` is the one of all resources whose source doesn't say it.

    Raises:
        NamingError: a file can't be read.
    """
    with ExitStack() as stack:
        run = _Run(checks, notes, environment)
        yield from run.judge(resources)
        for file in files:
            yield from run.file(stack.enter_context(_opened(file)))
        yield from run.end()


class _Run:
    """One run over several files: which tables are to be read again at its end."""

    def __init__(self, checks: Sequence[Check], notes: "Notes", environment: str | None) -> None:
        self._checks = checks
        self._notes = notes
        self._environment = environment
        self._tables: list[TableEngine] = []
        self._seen = SeenNames()
        for check in checks:
            if isinstance(check, Judgement):
                check.avoid(self._seen.is_taken)

    def file(self, source: "Source") -> Iterator[Finding]:
        judgement = self._checks[0]
        if source.table is not None and isinstance(judgement, Judgement):
            self._note_tags(source.table, judgement)
        is_simple = len(self._checks) == 1 and not self._environment
        if not (is_simple and isinstance(judgement, Judgement) and source.table and source.table.is_grouped):
            yield from self.judge(source.resources(self._notes))
            return
        from naming.lint.table_engine import TableEngine

        table = TableEngine(source, source.table, judgement, self._seen, self._notes)
        self._tables.append(table)
        yield from table.findings()

    def _note_tags(self, table: "Table", judgement: Judgement) -> None:
        """Say which columns are called as a required tag is, and are none."""
        for name in judgement.configuration.allowed_values:
            if name in table.others:
                self._notes.no_tag(table.file, name)

    def judge(self, resources: Iterable[NamedResource]) -> Iterator[Finding]:
        """Judge resources as they come, having read some ahead: no name of theirs is suggested to another."""
        coming = _of_environment(resources, self._environment)
        while True:
            ahead: list[NamedResource] = []
            failure = _read(coming, ahead)
            for resource in ahead:
                self._seen.add(resource)
            for resource in ahead:
                for check in self._checks:
                    yield from check(resource)
            self._notes.count(len(ahead))
            if failure is not None:
                raise failure
            if len(ahead) < _AHEAD:
                return

    def end(self) -> Iterator[Finding]:
        repeated = self._seen.repeated() if self._tables else frozenset()
        if repeated:
            for table in self._tables:
                yield from table.repetitions(repeated)


def _opened(file: str) -> "AbstractContextManager[Source]":
    from naming.lint.sources.recognition import opened

    return opened(file)


def _read(coming: Iterator[NamedResource], ahead: list[NamedResource]) -> NamingError | None:
    """Add the next resources, and return why there are no more where that is an error: those before it are judged."""
    try:
        ahead.extend(islice(coming, _AHEAD))
    except NamingError as error:
        return error
    return None


def _of_environment(resources: Iterable[NamedResource], environment: str | None) -> Iterator[NamedResource]:
    for resource in resources:
        if environment is None or resource.environment is not None:
            yield resource
        else:
            yield replace(resource, environment=environment)

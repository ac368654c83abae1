"""The linter: every check on every resource, as they come."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from naming.lint.checks import Check
from naming.lint.checks.judgement import Judgement
from naming.lint.model import Finding, NamedResource
from naming.lint.seen_names import SeenNames

if TYPE_CHECKING:
    from naming.lint.sources.notes import Notes
    from naming.lint.sources.recognition import Source
    from naming.lint.table_engine import TableEngine


def lint(resources: Iterable[NamedResource], checks: Sequence[Check]) -> Iterator[Finding]:
    """Yield the findings of all `checks` on each of the `resources`, in their order and one at a time."""
    for resource in resources:
        for check in checks:
            yield from check(resource)


def lint_sources(
    resources: Iterable[NamedResource],
    files: Sequence[str],
    checks: Sequence[Check],
    notes: "Notes",
    environment: str | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with `resources` and with what is in `files`, whatever they are; `-` is standard input.

    Tables with nothing but types and names are judged as such, and those of their names that are alike come last.
    `environment` is the one of all resources whose source doesn't say it.

    Raises:
        NamingError: a file can't be read.
    """
    if not files:
        yield from lint(_of_environment(resources, environment), checks)
        return
    from naming.lint.sources.recognition import opened

    with ExitStack() as stack:
        run = _Run(checks, notes, environment)
        yield from run.judge(resources)
        for file in files:
            yield from run.file(stack.enter_context(opened(file)))
        yield from run.end()


class _Run:
    """One run over several files: which tables are to be read again at its end."""

    def __init__(self, checks: Sequence[Check], notes: "Notes", environment: str | None) -> None:
        self._checks = checks
        self._notes = notes
        self._environment = environment
        self._tables: list[TableEngine] = []
        self._seen = SeenNames()

    def file(self, source: "Source") -> Iterator[Finding]:
        judgement = self._checks[0]
        is_simple = len(self._checks) == 1 and not self._environment
        if not (is_simple and isinstance(judgement, Judgement) and source.table and source.table.is_bare):
            yield from self.judge(source.resources(self._notes))
            return
        from naming.lint.table_engine import TableEngine

        table = TableEngine(source, source.table, judgement, self._seen, self._notes)
        self._tables.append(table)
        yield from table.findings()

    def judge(self, resources: Iterable[NamedResource]) -> Iterator[Finding]:
        for resource in _of_environment(resources, self._environment):
            self._seen.add(resource)
            for check in self._checks:
                yield from check(resource)

    def end(self) -> Iterator[Finding]:
        repeated = self._seen.repeated() if self._tables else frozenset()
        if repeated:
            for table in self._tables:
                yield from table.repetitions(repeated)


def _of_environment(resources: Iterable[NamedResource], environment: str | None) -> Iterator[NamedResource]:
    for resource in resources:
        if environment is None or resource.environment is not None:
            yield resource
        else:
            yield replace(resource, environment=environment)

"""The command `mlws lint`: names from anywhere go in, findings and an exit code come out.

Everything but click is imported where it is used: `mlws lint` in a CI job is as fast as it can be.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.checks import Check
    from naming.lint.fix import FixPlan
    from naming.lint.model import Finding, NamedResource
    from naming.lint.settings import Settings
    from naming.lint.sources.notes import Notes

_FORMATS = ("text", "json", "sarif", "junit", "github", "azure-devops", "statistics")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What the command line says; every field is an option of `lint`."""

    sources: tuple[str, ...]
    files: tuple[str, ...]
    subscription: str | None
    online: bool
    convention: Path | None
    environment: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    baseline: Path | None
    write_baseline: bool
    fix: bool
    dry_run: bool
    output: str
    target: Path | None

    @property
    def arguments(self) -> list[str]:
        """The names that were written as arguments."""
        return [source for source in self.sources if "=" in source]

    @property
    def paths(self) -> list[str]:
        """The files that were named."""
        return [*(source for source in self.sources if "=" not in source), *self.files]


@click.command()
@click.argument("sources", nargs=-1, metavar="[TYPE=NAME | FILE | -]...")
@click.option("--file", "files", multiple=True, help="A source as well; - is standard input.")
@click.option("--subscription", help="Judge what is in an Azure subscription, by its id.")
@click.option("--online", is_flag=True, help="Ask Azure whether names that must be unique in all of it are free.")
@click.option("--convention", type=click.Path(path_type=Path), help="Follow the convention of this naming.toml.")
@click.option("--environment", help="The environment of names whose source does not say it.")
@click.option("--select", multiple=True, metavar="IDS", help="Only these checks, by id or its beginning: NAM1,NAM301.")
@click.option("--ignore", multiple=True, metavar="IDS", help="Not these checks.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Report only findings that are not in this file.")
@click.option("--write-baseline", is_flag=True, help="Write today's findings to the baseline, and exit 0.")
@click.option("--fix", is_flag=True, help="Write better names into the CSV or the stack's settings they come from.")
@click.option("--dry-run", is_flag=True, help="With --fix: say what would be written, and what Azure would replace.")
@click.option("--format", "output", type=click.Choice(_FORMATS), default="text", help="How to write findings.")
@click.option("--json", "output", flag_value="json", help="Short for --format json.")
@click.option("--output", "target", type=click.Path(path_type=Path), help="Write findings to a file.")
@click.pass_context
def lint(ctx: click.Context, /, **options: object) -> None:
    """Judge names: exit 1 when something is wrong with one, 0 when all are good, 2 when they can't be read.

    A source is recognised by what is in it: what pulumi preview --json, pulumi stack export, terraform show -json,
    bicep build, az resource list or az ml ... list print, a CSV file with the columns type and name, or a list of
    TYPE=NAME lines. TYPE is an ARM type, an abbreviation or a label, with a variant in brackets where that matters:
    kv=kv-churn-dev, Microsoft.MachineLearningServices/workspaces/computes[ComputeInstance]=ci-jane.
    """
    ctx.exit(_run(_Options(**options)))  # type: ignore[arg-type] # click gives each option the type that it declares


def _run(options: _Options) -> int:
    from naming.errors import NamingError
    from naming.lint.settings import Settings
    from naming.lint.sources.notes import Notes

    if not options.sources and not options.files and options.subscription is None:
        raise NamingError("there is nothing to judge: write TYPE=NAME, name a file of names, or - for standard input.")
    settings = Settings.load(options.convention, options.select, options.ignore)
    _check_environment(options.environment, settings.convention)
    _check_written(options, settings)
    notes = Notes()
    findings = _findings(options, settings, notes)
    if options.fix or options.dry_run:
        findings = iter(_fixed(options, settings, findings))
    if options.write_baseline:
        failing = _write_baseline(options, settings, findings)
    else:
        failing = _report(options, settings, findings)
    for sentence in (*notes.sentences(), *notes.nothing_judged()):
        click.echo(f"note: {sentence}", err=True)
    return 1 if failing else 0


def _check_environment(environment: str | None, convention: "Convention | None") -> None:
    """Refuse an environment that the convention lacks: names would be held against none, and nobody be told."""
    from naming.errors import NamingError, did_you_mean, shown

    if environment is not None and convention is not None and environment not in convention.environments:
        known = did_you_mean(environment, convention.environments)
        raise NamingError(f"--environment is {shown(environment)}, which {convention.file} does not know: {known}")


def _check_written(options: _Options, settings: "Settings") -> None:
    """Refuse to write over a source."""
    from naming.errors import NamingError

    written = {"--output": options.target}
    if options.write_baseline:
        written["--baseline"] = options.baseline or settings.baseline
    for option, path in written.items():
        if path is not None and path.resolve() in {Path(source).resolve() for source in options.paths}:
            raise NamingError(f"{option} {path} is a source, and would be written over: name another file.")


def _findings(options: _Options, settings: "Settings", notes: "Notes") -> "Iterator[Finding]":
    """Yield what is wrong with all sources, as they are read."""
    from naming.lint.checks import registry
    from naming.lint.engine import lint_sources

    judgement = registry(settings.convention, settings.configuration)
    checks: list[Check] = [judgement]
    if options.online:
        from naming.lint.availability import Availability

        availability = Availability(options.subscription, notes)
        checks.append(lambda resource: judgement.as_set(availability(resource)))
    return lint_sources(_resources(options, notes), options.paths, checks, notes, options.environment)


def _resources(options: _Options, notes: "Notes") -> "Iterator[NamedResource]":
    if options.arguments:
        from naming.lint.sources.names import from_arguments

        yield from from_arguments(options.arguments)
    if options.subscription is not None:
        from naming.lint.live import resources_of

        yield from resources_of(options.subscription, notes)


def _report(options: _Options, settings: "Settings", findings: "Iterable[Finding]") -> int:
    """Write the findings, and return how many of them fail a build: all that are more than information."""
    from itertools import chain

    from naming.errors import NamingError
    from naming.lint.reporters import REPORTERS

    baseline = None
    path = options.baseline or settings.baseline
    if path is not None:
        from naming.lint.baseline import Baseline

        baseline = Baseline.read(path)
        findings = baseline.new(findings)
    failing = 0
    failure: NamingError | None = None
    # A source that can't be read before anything is found leaves nothing behind, not even an empty report.
    findings = iter(findings)
    first = next(findings, None)

    def counted() -> "Iterator[Finding]":
        """Yield the findings until a source can't be read: what was found before is reported, and whole."""
        nonlocal failing, failure
        try:
            for finding in chain(() if first is None else (first,), findings):
                failing += finding.severity != "info"
                yield finding
        except NamingError as error:
            failure = error

    with _written(options.target) as out:
        for piece in REPORTERS[options.output](counted()):
            out.write(piece)
    if failure is not None:
        raise failure
    if baseline is not None and (gone := baseline.gone()):
        click.echo(f"note: {gone}", err=True)
    return failing


def _fixed(options: _Options, settings: "Settings", findings: "Iterable[Finding]") -> "list[Finding]":
    """Say what better names cost, write them unless it is a dry run, and return the findings that stay."""
    from naming.errors import NamingError
    from naming.lint.fix import plan_fixes
    from naming.lint.stack_names import stack_files

    if not options.fix:
        raise NamingError("--dry-run says what --fix would write: add --fix.")
    if settings.convention is None:
        raise NamingError("--fix writes the names of a convention: name it, for instance --convention naming.toml.")
    found = list(findings)
    plan = plan_fixes(found, settings.convention, stack_files(settings.folder))
    for line in plan.lines():
        click.echo(line, err=True)
    if options.dry_run:
        return found
    for file in plan.write():
        click.echo(f"{file} is written.", err=True)
    return _judged_again(options, settings, plan, found)


def _judged_again(
    options: _Options, settings: "Settings", plan: "FixPlan", found: "Sequence[Finding]"
) -> "list[Finding]":
    """Return what is wrong once the plan is written: judged anew, where the sources themselves were written."""
    from naming.lint.checks import registry
    from naming.lint.sources.notes import Notes

    if not plan.changes:
        return list(found)
    if {change.file for change in plan.changes} <= set(options.paths) and "-" not in options.paths:
        return list(_findings(options, settings, Notes()))
    judge = registry(settings.convention, settings.configuration)
    return plan.remaining(found) + [one for resource in plan.written() for one in judge(resource)]


def _write_baseline(options: _Options, settings: "Settings", findings: "Iterable[Finding]") -> int:
    from naming.errors import NamingError
    from naming.lint.baseline import write_baseline

    path = options.baseline or settings.baseline
    if path is None:
        raise NamingError("--write-baseline needs a file: name it with --baseline, for instance naming-baseline.json.")
    count = write_baseline(path, findings)
    click.echo(f"{path} has {count} {'finding' if count == 1 else 'findings'}, which --baseline leaves out.")
    return 0


@contextmanager
def _written(target: Path | None) -> "Iterator[TextIO]":
    """Give what findings are written to: the terminal, or a file. A name may have characters that neither can show."""
    if target is None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        yield sys.stdout
        return
    from naming.errors import NamingError

    try:
        out = target.open("w", encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise NamingError(f"{target} can't be written: {error.strerror}.") from error
    with out:
        yield out

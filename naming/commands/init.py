"""`mlws names init`: writes the convention of a new project, from flags or by asking."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from naming.init import Answers

_FILE = "naming.toml"


@click.command()
@click.option("--organisation", help="Who you are, as a word: part of the hash of globally unique names.")
@click.option("--workload", help="What the environments are for, as a word.")
@click.option("--instance", help="Tells apart environments that are otherwise alike, such as 01. [default: none]")
@click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME[=SHORT]",
    help="An environment and how names write it; give it once for each. [default: local=loc, dev, qa, prod]",
)
@click.option("--order", help="The words of a name. [default: abbreviation,workload,environment,region,instance]")
@click.option("--separator", type=click.Choice(["-", ""]), help="What stands between words. [default: -]")
@click.option("--suffix-length", type=int, help="How long the hash of globally unique names is, 4 to 8. [default: 5]")
@click.option("--region-codes", help="The table of region codes. [default: azure-naming-tool]")
@click.option("--output", type=click.Path(path_type=Path), default=_FILE, show_default=True, help="The file to write.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
def init(output: Path, *, force: bool, **given: object) -> None:
    """Write a naming.toml that explains every key.

    With --organisation and --workload nothing is asked; without them, the questions are asked here.
    """
    from naming.init import require_free, write_convention

    if not force:
        # Before the questions, not after them.
        require_free(output)
    given = {key: value for key, value in given.items() if value not in (None, ())}
    if "organisation" not in given or "workload" not in given:
        given = _asked(given)
    write_convention(output, _answers(given), force=force)
    click.echo(f"{output} is written. Prove it with `mlws names check`{_see_names(output.parent)}.")


def _see_names(folder: Path) -> str:
    """Say how to see the names of a stack, where the project has one."""
    stacks = sorted(path.name for path in folder.glob("Pulumi.*.yaml")) if (folder / "Pulumi.yaml").is_file() else []
    if not stacks:
        return ""
    return f", see the names of a stack with `mlws names {stacks[0].removeprefix('Pulumi.').removesuffix('.yaml')}`"


def _answers(given: dict[str, object]) -> "Answers":
    from naming.init import Answers, environments_of

    changes: dict[str, object] = dict(given)
    if "order" in given:
        changes["order"] = [word.strip() for word in str(given["order"]).split(",")]
    if "environments" in given:
        spellings = given["environments"]
        assert isinstance(spellings, tuple)
        changes["environments"] = environments_of(spellings)
    return Answers(**changes)  # type: ignore[arg-type] # the options have the names and types of its fields


def _asked(given: dict[str, object]) -> dict[str, object]:
    from naming.errors import NamingError
    from naming.regions import code_tables

    questions = {
        "organisation": ("Organisation (a word; globally unique names depend on it)", None),
        "workload": ("Workload (what the environments are for)", None),
        "environments": ("Environments (NAME or NAME=SHORT, with commas)", "local=loc, dev, qa, prod"),
        "instance": ("Instance (such as 01; empty for none)", ""),
        "order": ("Order of the words of a name", "abbreviation,workload,environment,region,instance"),
        "region_codes": (f"Region codes ({', '.join(code_tables())})", next(iter(code_tables()))),
    }
    answers = dict(given)
    try:
        for key, (question, default) in questions.items():
            if key not in answers:
                answers[key] = click.prompt(question, default=default, value_proc=_checked(key, answers))
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise NamingError("there is nobody to answer questions: give --organisation and --workload.") from None
    return answers


def _checked(key: str, so_far: dict[str, object]) -> Callable[[str], object]:
    """Return what turns an answer into a value, and asks again when the convention can't have it."""

    def check(answer: str) -> object:
        from naming.errors import NamingError
        from naming.init import convention_text

        value = tuple(answer.split(",")) if key == "environments" else answer
        try:
            convention_text(_answers({"organisation": "a", "workload": "a", **so_far, key: value}))
        except NamingError as error:
            raise click.UsageError(str(error)) from error
        return value

    return check

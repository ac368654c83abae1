"""The options that several subcommands have."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from naming.convention import Convention

convention_option = click.option(
    "--convention",
    "file",
    type=click.Path(path_type=Path),
    help="The convention. [default: naming.toml, found from the current folder upwards]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def read_convention(file: Path | None) -> "Convention":
    """Return the convention that `--convention` names, or that of the project.

    Raises:
        NamingError: there is no such file, or it holds no convention.
    """
    from naming.convention import Convention
    from naming.convention_file import nearest_convention

    return Convention.load(file or nearest_convention(Path.cwd()))

"""The command `mlws runs`: its parts are in `commands/`."""

import click

from workspace_jobs.runs.commands import comparing, reading


@click.group()
def runs() -> None:
    """Tracked runs: find, compare, change them; open MLflow's interface on them."""


for _command in (
    reading.list_command,
    reading.search_command,
    reading.best_command,
    reading.show_command,
    comparing.compare_command,
    comparing.export_command,
):
    runs.add_command(_command)

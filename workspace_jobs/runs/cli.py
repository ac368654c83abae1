"""The command `mlws runs`: its parts are in `commands/`."""

import click

from workspace_jobs.runs.commands import changing, comparing, reading, serving


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
    serving.download_command,
    changing.rename_command,
    changing.tag_command,
    changing.delete_command,
    changing.restore_command,
    changing.gc_command,
    serving.open_command,
    serving.serve_command,
    serving.sync_command,
):
    runs.add_command(_command)

"""The `mlws` command: mounts the rooms' own commands by name, and imports a room only when it is called.

The one place where an error becomes a line on the terminal and an exit code: 2 for what the user can put right
in the call, 1 for a finding or a failure, 0 for success.
"""

import difflib
import errno
import importlib
import os
import sys

import click

# Nobody reads the output any more, or there is no room for it.
_OUTPUT_ERRORS = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO)
# What installs the libraries of a room; those of the linter are always there.
_EXTRAS = {"infra": "infra", "workspace_jobs": "jobs", "workspace_jobs.automl": "automl", "localazure": "local"}
_COMMANDS = {
    "names": "naming.cli:names",
    "lint": "naming.lint.command:lint",
    "infra": "infra.cli:infra",
    "cost": "infra.cost.cli:cost",
    "datastores": "workspace_jobs.cli:datastores",
    "jobs": "workspace_jobs.cli:jobs",
    "train": "workspace_jobs.training.cli:train",
    "sweep": "workspace_jobs.sweeps.cli:sweep",
    "runs": "workspace_jobs.runs.cli:runs",
    "models": "workspace_jobs.models.cli:models",
    "automl": "workspace_jobs.automl.cli:automl",
    "local": "localazure.cli:local",
}
_SUMMARIES = {
    "names": "Show and explain the naming plan of a stack.",
    "lint": "Check names against Azure's rules and the convention.",
    "infra": "Check the stack files, and compare stacks with Azure.",
    "cost": "Price a stack before it is created.",
    "datastores": "Register and list the workspace's datastores.",
    "jobs": "Submit, follow and download jobs.",
    "train": "Run any training code as a tracked job, here or in the workspace.",
    "sweep": "Search the best parameters of a script or function.",
    "runs": "Find, compare and change tracked runs; open MLflow.",
    "models": "Register models, and write code that uses them.",
    "automl": "Find the best model for a table, every step of it open.",
    "local": "An Azure on this machine: start, stop, use.",
}


class _Rooms(click.Group):
    """A group whose commands live in the rooms."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            near = difflib.get_close_matches(cmd_name, _COMMANDS, n=1)
            instead = f"did you mean '{near[0]}'?" if near else f"write one of {', '.join(_COMMANDS)}"
            raise click.UsageError(f"there is no command '{cmd_name}'; {instead}")
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            raise click.UsageError(_what_to_install(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _SUMMARIES[name]) for name in _COMMANDS])


@click.group(cls=_Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mlws")
def cli() -> None:
    """Azure ML workspaces as code: create, lint and train, on Azure and on this machine."""


def main() -> None:
    """Run the command line. An exception with an `exit_code` is the user's to read; any other is a defect."""
    try:
        code = cli(prog_name="mlws", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code)
    except click.Abort:
        click.echo("error: interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        click.echo(_told(error), err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _OUTPUT_ERRORS:
            raise
        # Python would try once more to write, when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.EPIPE:
            click.echo(f"error: the output can't be written: {error.strerror}", err=True)
        sys.exit(1)
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if not isinstance(code, int):
            raise
        click.echo(f"error: {error}", err=True)
        sys.exit(code)


def _what_to_install(error: ModuleNotFoundError) -> str:
    """Say what a room lacks; what somebody else's module imports, or what is a module of ours, is raised again."""
    from traceback import walk_tb

    importer = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)][-1]
    rooms = [room for room in _EXTRAS if f"{importer}.".startswith(f"{room}.")]
    if not rooms or (error.name or "").partition(".")[0] in (*_EXTRAS, "naming"):
        raise error
    return f"{error.name} is not installed: install mlws with its extra, mlws[{_EXTRAS[max(rooms, key=len)]}]"


def _told(error: click.ClickException) -> str:
    """Click's message in one line, and for a wrong call where to read how to write it; the help where nothing is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    message = error.format_message().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    if context is None:
        return f"error: {message}"
    return f"error: {message}{'' if message.endswith('?') else ';'} see `{context.command_path} --help`"


if __name__ == "__main__":
    main()

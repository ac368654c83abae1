"""`mlws names` shows, explains, proves and reads names; each subcommand is imported when it is called."""

from importlib import import_module

import click

# Subcommands, each a command of its own name in a module of its own name, and what they are for.
_SUBCOMMANDS = {
    "plan": "Print every name that a stack will use.",
    "init": "Write a naming.toml.",
    "check": "Prove that the convention only makes names that are valid and distinct.",
    "parse": "Say what a name is made of, and where it leaves the convention.",
    "suggest": "Propose the nearest name that complies.",
    "explain": "Say what Azure accepts as the name of a type.",
}


class _StackOrSubcommand(click.Group):
    """A group whose first argument is a subcommand or, when it is none, the stack whose plan is meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in _SUBCOMMANDS and args[0] not in ctx.help_option_names:
            args = ["plan", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _SUBCOMMANDS:
            return None
        command = getattr(import_module(f"naming.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_SUBCOMMANDS.items()))


@click.group(cls=_StackOrSubcommand, subcommand_metavar="STACK | COMMAND [ARGS]...")
def names() -> None:
    """Show the names of a stack, or work with the convention and the rules behind them.

    `mlws names dev` is short for `mlws names plan dev`.
    """

"""The subcommands of `mlws names`, one a module: what they read from the command line and how they print."""

"""Puts the command `pulumi` into the virtual environment, so that activating that is all a shell needs.

Why a launcher, and not a link: Pulumi keeps the salt of a stack's passphrase in `Pulumi.<stack>.yaml`. For
stack `local` the passphrase is random on each machine, so the salt would change a committed file on every
machine, and two embedded Azures (one of a test, say) would overwrite each other's. Experiments with engine
3.250.0 showed:

- `stack init` writes the salt both into the state and into the stack file, and has no `--config-file`;
- `up`, `preview`, `refresh` and `destroy` write it into the stack file when it is missing there. With
  PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER=true they take the state's salt, not a new one, but write it still;
- each flag can be given as PULUMI_OPTION_<FLAG>, and commands without the flag ignore it; with
  `--config-file` the salt goes to that file.

So, inside an embedded Azure (and nowhere else), commands work on a fresh copy of the stack file in its state
folder, with the salt from the state, and `stack init` works in a folder beside that copy. Secrets in the
state are encrypted as ever. `pulumi config` still edits the committed file. The launcher is
`pulumi_command.py`.
"""

import os
import stat
from pathlib import Path

from tools.setup.project import Project

_SOURCE = Path(__file__).with_name("pulumi_command.py")


def prepare(project: Project) -> None:
    """Write `.venv/bin/pulumi` when it is not what it should be."""
    command = project.scripts / "pulumi"
    text = f"#!{project.python} -IS\n{_SOURCE.read_text()}"
    if command.is_file() and command.read_text() == text:
        return
    temporary = command.with_name(f".pulumi.{os.getpid()}")
    temporary.write_text(text)
    temporary.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
    temporary.replace(command)

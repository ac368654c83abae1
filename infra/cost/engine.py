"""The preview of a stack: from a file, from standard input, or from the engine itself."""

import sys
from pathlib import Path

from infra import engine
from infra.cost.errors import CostInputError


def preview_text(stack: str, source: str | None, project: Path) -> tuple[str, str]:
    """The JSON of the preview of `stack`, and what to call it in a sentence. `source` is a file, `-`, or `None`.

    Raises:
        SettingsError: the engine is to be asked, and `stack` has no file.
        EngineFailure: it could not make the preview.
        CostInputError: there is no text in `source`.
    """
    if source is None:
        from infra.stack_file import configuration

        configuration(project, stack)
        what = f"the preview of stack '{stack}'"
        return engine.ask(
            ("preview", "--stack", stack, "--json", "--show-sames"),
            project,
            what,
            without_it=", or give --preview FILE",
        ), what
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig"), "standard input"
        return Path(source).read_text(encoding="utf-8-sig"), source
    except OSError as error:
        raise CostInputError(f"{source}: cannot be read ({error.strerror}); give the file of a preview, or -") from None
    except ValueError:
        raise CostInputError(f"{source}: not text in UTF-8; give the output of `pulumi preview --json`") from None

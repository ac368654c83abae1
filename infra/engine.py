"""Asking the Pulumi engine: its command, run to the end, or one sentence about why it failed."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import ClassVar

from infra.errors import InfraError

_TRACEBACK = "Program failed with an unhandled exception"
# What it asks for where nobody has logged in, though a token is one of several ways.
_NO_BACKEND = "PULUMI_ACCESS_TOKEN must be set"


class EngineFailure(InfraError):  # noqa: N818 - a finding, not a wrong call
    """The engine is not there, or did not do what it was asked for; `output` is what it printed meanwhile."""

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, output: str = "") -> None:
        super().__init__(sentence)
        self.output = output


def ask(
    arguments: Sequence[str],
    project: Path,
    what: str,
    without_it: str = "",
    environment: Mapping[str, str] | None = None,
) -> str:
    """What `pulumi` prints with these arguments, in the folder `project`. Raises `EngineFailure`.

    Args:
        arguments: the command and its options; `--non-interactive` is added.
        project: the folder of Pulumi.yaml.
        what: what the engine was to do, for the sentence of a failure: "the preview of stack 'dev'".
        without_it: what else there is where Pulumi is not installed: ", or give --preview FILE".
        environment: variables of the process; this process's own where None.
    """
    pulumi = which("pulumi")
    if pulumi is None:
        raise EngineFailure(
            f"pulumi is not on the PATH; install it, or run this under `mlws local exec --`{without_it}"
        )
    command = [pulumi, *arguments, "--non-interactive"]
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise EngineFailure(f"{what} failed: {_reason(done.stdout, done.stderr)}", done.stdout)
    return done.stdout


def _reason(stdout: str, stderr: str) -> str:
    """The first thing that the engine calls an error, without its colours, or the last line it wrote."""
    try:
        diagnostics = json.loads(stdout).get("diagnostics", [])
        told = [str(entry["message"]) for entry in diagnostics if entry.get("severity") == "error"]
    except (ValueError, AttributeError, KeyError, TypeError):
        told = []
    if _NO_BACKEND in f"{told}{stderr}":
        return "Pulumi does not know where the stacks are kept; run `pulumi login`, or set PULUMI_BACKEND_URL"
    lines = [line.strip() for text in (*told, stderr, stdout) for line in text.splitlines() if line.strip()]
    if told and _TRACEBACK in told[0]:
        # What was raised stands below where it was.
        return [line.strip() for line in told[0].splitlines() if line.strip()][-1]
    errors = [line for line in lines if line.startswith("error:")]
    first = (errors or lines[-1:] if not told else lines[:1]) or ["it gave no reason"]
    return first[0].removeprefix("error: ")

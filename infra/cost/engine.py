"""The preview of a stack: from a file, from standard input, or from the engine itself."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import which

from infra.cost.errors import CostFailure, CostInputError


def preview_text(stack: str, source: str | None, project: Path) -> tuple[str, str]:
    """The JSON of the preview of `stack`, and what to call it in a sentence. `source` is a file, `-`, or `None`."""
    if source is None:
        return _run(stack, project), f"the preview of stack '{stack}'"
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig"), "standard input"
        return Path(source).read_text(encoding="utf-8-sig"), source
    except OSError as error:
        raise CostInputError(f"{source}: cannot be read ({error.strerror}); give the file of a preview, or -") from None
    except ValueError:
        raise CostInputError(f"{source}: not text in UTF-8; give the output of `pulumi preview --json`") from None


def _run(stack: str, project: Path) -> str:
    pulumi = which("pulumi")
    if pulumi is None:
        raise CostFailure(
            "pulumi is not on the PATH; install it, run this under `mlws local exec --`, or give --preview FILE"
        )
    command = [pulumi, "preview", "--stack", stack, "--json", "--non-interactive"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise CostFailure(f"the preview of stack '{stack}' failed: {_reason(done.stdout, done.stderr)}")
    return done.stdout


def _reason(stdout: str, stderr: str) -> str:
    """The first thing that the engine calls an error, without its colours, or the last line it wrote."""
    try:
        diagnostics = json.loads(stdout).get("diagnostics", [])
        told = [str(entry["message"]) for entry in diagnostics if entry.get("severity") == "error"]
    except (ValueError, AttributeError, KeyError, TypeError):
        told = []
    lines = [line.strip() for text in (*told, stderr, stdout) for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("error:")]
    first = (errors or lines[-1:] if not told else lines[:1]) or ["it gave no reason"]
    return first[0].removeprefix("error: ")

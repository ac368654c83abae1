"""Writes the published pages of the checks from their docstrings: `python -m naming.lint.checks.pages FOLDER`."""

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from naming.lint.checks.catalogue import IDS, MODULES

_FAMILIES = {
    "NAM1": "What Azure itself refuses",
    "NAM2": "The convention of naming.toml",
    "NAM3": "Uniqueness",
    "NAM4": "Tags",
}


def pages() -> dict[str, str]:
    """Return the page of each check by the name of its file."""
    return {f"{check_id}.md": page(check_id) for check_id in IDS}


def page(check_id: str) -> str:
    """Return the page of a check in Markdown."""
    title, _, body = _docstring(check_id).partition("\n\n")
    severity = module(check_id).SEVERITY
    body = body.replace("\nPasses:\n", "\n## Passes\n").replace("\nFails:\n", "\n## Fails\n")
    return f"# {title.removesuffix('.')}\n\nSeverity: {severity}, unless the settings say otherwise.\n\n{body}"


def title(check_id: str) -> str:
    """Return what a check complains about, in one line."""
    return _docstring(check_id).partition("\n")[0].partition(": ")[2]


def index() -> str:
    """Return the page that lists all checks."""
    lines = [
        "# The checks of `mlws lint`",
        "",
        "Written by `python -m naming.lint.checks.pages docs/reference/lint`; a test compares the two.",
    ]
    for family, heading in _FAMILIES.items():
        lines += ["", f"## {family}xx: {heading}", "", "| id | severity | finds that |", "|---|---|---|"]
        lines += [
            f"| [{check_id}]({check_id}.md) | {module(check_id).SEVERITY} | {title(check_id).removesuffix('.')} |"
            for check_id in IDS
            if check_id.startswith(family)
        ]
    return "\n".join(lines) + "\n"


@cache
def module(check_id: str) -> ModuleType:
    """Return the module of a check: its ID, SEVERITY and HELP, the address of what it rests on."""
    return import_module(f"naming.lint.checks.{MODULES[check_id]}")


def _docstring(check_id: str) -> str:
    return module(check_id).__doc__ or ""


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**pages(), "index.md": index()}.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    _write(Path(sys.argv[1]))

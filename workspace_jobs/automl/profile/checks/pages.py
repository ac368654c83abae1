"""Writes the checks' published pages: `python -m workspace_jobs.automl.profile.checks.pages FOLDER`."""

import sys
from pathlib import Path

from workspace_jobs.automl.profile.checks.catalogue import FAMILIES, IDS, module, title


def pages() -> dict[str, str]:
    """The text of each page, the index among them, by the name of its file."""
    return {"index.md": _index(), **{f"{check_id}.md": _page(check_id) for check_id in IDS}}


def _page(check_id: str) -> str:
    heading, _, body = module(check_id).__doc__.partition("\n\n")
    for section in ("Found:", "Not found:"):
        body = body.replace(f"\n{section}\n", f"\n## {section.removesuffix(':')}\n")
    return f"# {heading.removesuffix('.')}\n\nSeverity: {module(check_id).SEVERITY}.\n\n{body}"


def _index() -> str:
    lines = [
        "# The checks of `mlws automl explore`",
        "",
        "Written by `python -m workspace_jobs.automl.profile.checks.pages docs/reference/profile`, as a test proves.",
    ]
    for family, heading in FAMILIES.items():
        lines += ["", f"## {family}xx: {heading}", "", "| id | severity | finds that |", "|---|---|---|"]
        found = (check_id for check_id in IDS if check_id.startswith(family))
        lines += [f"| [{one}]({one}.md) | {module(one).SEVERITY} | {title(one)} |" for one in found]
    return "\n".join(lines) + "\n"


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    _write(Path(sys.argv[1]))

"""The documentation's links lead somewhere, and the commands it shows exist."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import mlws

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
_COMMAND = re.compile(r"^\$ mlws ([a-z-]+)", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    missing = [link for link in _LINK.findall(_CODE.sub("", page.read_text())) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    for name in set(_COMMAND.findall(page.read_text())):
        assert CliRunner().invoke(mlws.cli, [name, "--help"]).exit_code == 0, name

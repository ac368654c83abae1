"""The page that compares runs, in a real browser, with no network and no other file."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.browser import PHONE, chromium, overflow, page  # noqa: F401
from tests.workspace_jobs.runs.conftest import Sweep
from workspace_jobs.runs.cli import runs

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def file(sweep: Sweep, tmp_path: Path) -> Path:
    """The page of the sweep, alone in a folder."""
    written = tmp_path / "out" / "page.html"
    written.parent.mkdir()
    call = ["compare", "--experiment", "diabetes", "--html", str(written), "--tracking-uri", sweep.uri]
    result = CliRunner().invoke(runs, call)
    assert result.exit_code == 0, result.output
    assert [one.name for one in written.parent.iterdir()] == ["page.html"]
    return written


def test_all_plots_are_there_at_both_widths_and_in_the_dark(file: Path, page: "Page") -> None:  # noqa: F811
    page.goto(file.as_uri())
    for plot in ("parallel", "scatter", "contour", "history"):
        page.wait_for_selector(f"#{plot} .main-svg")
    assert page.locator("#scatter .point").count() == 12
    assert page.locator("#history .scatterlayer .js-line").count() == 12
    assert overflow(page) <= 0
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.querySelector('#scatter .main-svg').clientWidth < 390")
    assert overflow(page) <= 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"


def test_a_click_on_a_head_sorts_by_number_and_choices_redraw(file: Path, page: "Page") -> None:  # noqa: F811
    page.goto(file.as_uri())
    page.get_by_role("button", name="mse").click()
    assert page.locator("tbody tr").first.locator("td").nth(1).text_content() == "alpha 0 l1 2"
    page.get_by_role("button", name="mse").click()
    assert page.locator("tbody tr").first.locator("td").nth(1).text_content() == "alpha 3 l1 0"
    page.select_option("#scatter-x", "params.l1_ratio")
    page.wait_for_function("document.querySelector('#scatter .xtitle').textContent === 'l1_ratio'")
    assert page.get_by_text("<b>cd</b>").count() == 12

"""The pages say what is in the run, need no other file, and open in a browser without errors, also on a phone."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import PHONE, chromium, overflow, page  # noqa: F401 - fixtures
from tests.workspace_jobs.automl.report.conftest import made_up_run, made_up_trial
from workspace_jobs.automl.report.findings.leaderboard import leaderboard
from workspace_jobs.automl.report.pages.model_card import write_model_card
from workspace_jobs.automl.report.pages.report_page import write_report
from workspace_jobs.automl.report.pages.trial_page import explain_trial, write_trial_page
from workspace_jobs.automl.report.run_report import report_in
from workspace_jobs.automl.run_folder import RunFolder

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("automl-report")
_LOADED = re.compile(r"""<(?:link|script|img|iframe)[^>]*\s(?:src|href)=["'](?!data:)""")


@pytest.mark.parametrize("name", ["binary", "multiclass", "regression"])
def test_the_report_opens_wide_and_on_a_phone(name: str, page: "Page", request: pytest.FixtureRequest) -> None:  # noqa: F811
    folder: RunFolder = request.getfixturevalue(name)
    file = write_report(folder)
    assert not _LOADED.search(file.read_text())
    page.goto(file.as_uri())
    assert overflow(page) <= 0
    assert page.locator("img").evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
    rows = page.locator("#leaderboard ~ .scroll").first.locator("tbody tr")
    assert rows.count() == len(leaderboard(folder).standings)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert overflow(page) <= 0


def test_the_report_tells_what_the_run_is_worth(binary: RunFolder) -> None:
    text = write_report(binary, explain_seconds=0).read_text()
    best = leaderboard(binary).standings[0]
    assert f"{best.score:.4g} (95%: {best.low:.4g} to {best.high:.4g})" in text
    assert "Between the groups of ward" in text
    assert "matthews_corrcoef" in text
    assert "mlws automl explain" in text  # there was no time


@pytest.mark.parametrize(("seconds_left", "explained"), [(6.0, False), (7.5, True)])
def test_as_the_last_step_of_a_run_the_report_explains_if_there_is_time(
    multiclass: RunFolder, seconds_left: float, explained: bool
) -> None:
    text = report_in(multiclass, seconds_left).read_text()
    assert ("Left out for lack of time" not in text) is explained
    assert ("importance of features" in text) is explained


def test_names_are_text_and_no_markup(regression: RunFolder) -> None:
    text = write_report(regression, explain_seconds=0).read_text()
    assert "forest &lt;b&gt;" in text
    assert "forest <b>" not in text


def test_a_run_that_has_not_ended_has_a_report_too(tmp_path: Path) -> None:
    from numpy import arange

    failed = made_up_trial(1, [], status="timeout", error="it took longer than 3 s")
    folder = made_up_run(tmp_path, [made_up_trial(0, [0.9, 0.8]), failed], predictions=[arange(100) % 7 / 7])
    text = write_report(folder, explain_seconds=0).read_text()
    assert "The run has not ended." in text
    assert "it took longer than 3 s" in text


def test_a_trial_has_a_page_with_its_figures(binary: RunFolder, page: "Page") -> None:  # noqa: F811
    explained = explain_trial(binary, 0)
    file = write_trial_page(binary, explained)
    page.goto(file.as_uri())
    shown = {image.get_attribute("alt") for image in page.locator("img").all()}
    figures = {"roc curve", "precision recall curve", "confusion matrix", "calibration curve", "learning curve"}
    assert figures | {"importance of features"} < shown
    assert page.get_by_text("standard", exact=True).count() == 1
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert overflow(page) <= 0


def test_a_learning_curve_that_takes_longer_than_there_is_time_is_left_out(multiclass: RunFolder) -> None:
    text = write_trial_page(multiclass, explain_trial(multiclass, 0), seconds=0).read_text()
    assert "The learning curve is left out: it needs about" in text
    assert 'alt="learning curve"' not in text


def test_the_model_card_is_the_same_in_both_forms(binary: RunFolder, page: "Page") -> None:  # noqa: F811
    text, opened = write_model_card(binary)
    page.goto(opened.as_uri())
    headings = re.findall(r"^## (.*)$", text.read_text(), re.MULTILINE)
    assert page.locator("h2").all_inner_texts() == headings
    assert {"Use", "Fairness", "Limits"} < set(headings)
    markdown_rows = [line for line in text.read_text().splitlines() if line.startswith("| ") and "---" not in line]
    assert page.locator("tr").count() == len(markdown_rows)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert overflow(page) <= 0

"""The browser that tests look at pages with."""

from typing import TYPE_CHECKING

from tests.browser import chromium, overflow, page, page_errors  # noqa: F401

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_what_a_page_reports_and_how_wide_it_is_are_seen(page: "Page") -> None:  # noqa: F811
    page.set_content(
        "<script>console.error('first'); throw new Error('second')</script><p style='width:1300px'>wide</p>"
    )
    assert page_errors(page) == ["first", "second"]
    assert overflow(page) > 0
    page_errors(page).clear()

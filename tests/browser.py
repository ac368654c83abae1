"""A page of a real browser for tests: Debian's Chromium, driven by playwright.

A test module imports the fixture, and with it what it needs: `from tests.browser import chromium, page  # noqa: F401`.
Whatever the page reports as an error (the console, an exception) fails the test at its end.
"""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

WIDE = (1280, 800)
PHONE = (390, 844)
# A loaded machine takes its time; no test waits this long where things work.
PATIENCE_MILLISECONDS = 60_000
NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox for root in a container, no GPU, little shared memory; no host but this machine's own.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

_errors: dict[int, list[str]] = {}


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The system's Chromium, headless, started once a module; the tests that ask for it skip where it is missing."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("there is no Chromium on PATH: `make test` installs Debian's where it is run by root")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: "Browser") -> Iterator["Page"]:
    """An empty page of 1280 pixels width. The test fails where the page reported an error."""
    width, height = WIDE
    context = chromium.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    opened = context.new_page()
    errors = _errors.setdefault(id(opened), [])
    opened.on("console", lambda message: errors.extend(_reported(message)))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not _errors.pop(id(opened))


def page_errors(page: "Page") -> list[str]:
    """What the page has reported as errors so far; a test that expects one takes it out of this list."""
    return _errors[id(page)]


def overflow(page: "Page") -> int:
    """By how many pixels the page is wider than its window: above 0 it scrolls sideways."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def _reported(message: "ConsoleMessage") -> list[str]:
    return [message.text] if message.type == "error" else []

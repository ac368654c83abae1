"""The command, the page and the notebook, as a person uses them."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from tests.browser import PHONE, chromium, overflow, page  # noqa: F401
from workspace_jobs.automl.profile import html, profile
from workspace_jobs.automl.profile.cli import explore

if TYPE_CHECKING:
    from playwright.sync_api import Page


def planted(rows: int = 300) -> pd.DataFrame:
    """A table with most of what can be wrong, and names that a page must not take for its own."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "id": np.arange(rows),
            "age": random.integers(18, 90, rows).astype(float),
            "<b>city</b> & more": random.choice(["Ulm", "ulm", "<script>alert(1)</script>"], rows),
            "a_name_that_is_longer_than_a_phone_is_wide_and_has_no_space_in_it": random.normal(size=rows),
            "since": pd.date_range("2024-01-01", periods=rows),
            "amount": [*map(str, range(rows - 1)), "?"],
        }
    )
    frame["churn"] = np.where(random.random(rows) < 0.3, "yes", "no")
    frame["refund"] = np.where(frame["churn"] == "yes", random.normal(40, 3, rows), np.nan)
    frame.loc[::9, "age"] = np.nan
    return frame


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "customers.csv"
    planted().to_csv(file, index=False)
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(explore, list(map(str, arguments)))


def test_an_error_is_told_with_what_to_do_and_fails_the_command(table: Path) -> None:
    result = run(table, "--target", "churn")
    assert result.exit_code == 1
    assert "300 rows, 8 columns: 1 error to put right before training" in result.output
    assert re.search(
        r"error EDA201  `refund` alone predicts `churn` with ROC AUC 1\.000\.\n  Leave it out", result.output
    )


def test_sound_data_passes_the_command() -> None:
    result = run("wine", "--target", "target")
    assert result.exit_code == 0
    assert result.output == "178 rows, 14 columns: ready for training.\n"


def test_json_is_json_with_everything_in_it(table: Path) -> None:
    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    result = run(table, "--target", "churn", "--json")
    told = json.loads(result.output, parse_constant=refuse)
    assert result.exit_code == 1
    assert told["alerts"][0]["columns"] == ["refund"]
    assert [figures["name"] for figures in told["statistics"]] == list(planted().columns)
    assert told["problem"] == "binary"


def test_a_file_is_not_written_to_a_folder_that_is_not_there(table: Path, tmp_path: Path) -> None:
    result = run(table, "--html", tmp_path / "none" / "page.html")
    assert result.exit_code == 2
    assert "there is no folder" in result.output


class References(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        addresses = [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action", "data")]
        self.found += [value for value in addresses if not value.startswith(("#", "data:,"))]
        self.found += [tag] if tag in ("script", "iframe", "object", "embed", "b") else []


def test_a_page_loads_nothing_and_runs_nothing_of_the_table() -> None:
    written = html(profile(planted(), "churn"), "customers & <more>")
    references = References()
    references.feed(written)
    assert references.found == []
    assert "url(" not in written
    assert "@import" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
    # Every link within the page leads somewhere.
    assert set(re.findall(r'href="#([^"]+)"', written)) <= set(re.findall(r'id="([^"]+)"', written))


def test_a_page_opens_on_a_phone_without_scrolling_sideways(table: Path, tmp_path: Path, page: "Page") -> None:  # noqa: F811
    file = tmp_path / "page.html"
    run(table, "--target", "churn", "--html", file)
    for width, height in (PHONE, (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(file.as_uri())
        assert overflow(page) <= 0
    first = page.locator(".alerts li").first
    assert first.inner_text().startswith("Error")
    page.locator("#EDA201 summary").click()
    assert page.locator("#EDA201").get_by_text("What to do").is_visible()


@pytest.mark.parametrize("problem", ["classes", "numbers"])
def test_the_notebook_is_executed_and_finds_the_same(problem: str, table: Path, tmp_path: Path) -> None:
    import nbformat

    frame = planted()
    target = "churn" if problem == "classes" else "age"
    file = tmp_path / "notebooks" / "exploration.ipynb"
    file.parent.mkdir()
    other = tmp_path / "test.parquet"
    frame.head(100).to_parquet(other)
    options = ("--group-column", "id", "--test", other, "--missing-target", "drop")
    result = run(table, "--target", target, *options, "--notebook", file)
    assert "written: " in result.output
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    told = "\n".join(
        str(output.get("text") or output["data"]["text/plain"]) for cell in code for output in cell.outputs
    )
    assert "../customers.csv" in code[0].source
    assert "R2 of ranks" in told if problem == "numbers" else re.search(r"^refund +1\.0", told, re.MULTILINE)
    assert [path.name for path in file.parent.iterdir()] == ["exploration.ipynb"]


def test_a_notebook_that_fails_is_told_and_not_written(tmp_path: Path) -> None:
    from workspace_jobs.automl.errors import AutoMLError
    from workspace_jobs.automl.profile.notebook.writing import Sources, write_exploration

    with pytest.raises(AutoMLError, match="can't be run, and is not written"):
        write_exploration(profile(planted(), "churn"), Sources("gone.csv"), tmp_path / "exploration.ipynb")
    assert list(tmp_path.iterdir()) == []

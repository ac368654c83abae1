"""The commands `report`, `notebook` and `explain`, as a user types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.cli import explain, notebook, report
from workspace_jobs.automl.run_folder import RunFolder

pytestmark = pytest.mark.xdist_group("automl-report")


def test_report_writes_the_page_and_the_card(multiclass: RunFolder) -> None:
    found = CliRunner().invoke(report, [str(multiclass.path), "--explain-seconds", "0", "--json"])
    assert found.exit_code == 0, found.output
    files = json.loads(found.output)
    assert set(files) == {"report", "model_card", "model_card_page"}
    assert all(Path(file).stat().st_size > 500 for file in files.values())


def test_notebook_writes_the_best_or_those_asked_for(multiclass: RunFolder) -> None:
    best = CliRunner().invoke(notebook, [str(multiclass.path)])
    assert best.exit_code == 0, best.output
    assert len(best.output.splitlines()) == 1
    asked = CliRunner().invoke(
        notebook, [str(multiclass.path), "--trial", "1", "--trial", "0", "--best", "2", "--json"]
    )
    names = [Path(file).name for file in json.loads(asked.output)["notebooks"]]
    assert names == ["trial-1.ipynb", "trial-0.ipynb"]


def test_explain_prints_the_heaviest_features(regression: RunFolder) -> None:
    found = CliRunner().invoke(explain, [str(regression.path), "--trial", "0"])
    assert found.exit_code == 0, found.output
    lines = found.output.splitlines()
    assert lines[0] == "trial 0, ridge: SHAP values of a linear model"
    assert lines[1].split() == ["FEATURE", "IMPORTANCE"]
    weights = [float(line.split()[1]) for line in lines[2:-1]]
    assert weights == sorted(weights, reverse=True)
    assert Path(lines[-1]).is_file()


@pytest.mark.parametrize("command", [report, notebook, explain])
def test_a_folder_that_holds_no_run_is_told(command: object, tmp_path: Path) -> None:
    found = CliRunner().invoke(command, [str(tmp_path)])  # type: ignore[arg-type]
    assert isinstance(found.exception, AutoMLError)
    assert "holds no AutoML run" in str(found.exception)
    assert found.exception.exit_code == 2


def test_nothing_is_written_where_one_trial_of_several_is_none(multiclass: RunFolder, tmp_path: Path) -> None:
    before = sorted(multiclass.path.rglob("*"))
    found = CliRunner().invoke(notebook, [str(multiclass.path), "--trial", "0", "--trial", "7"])
    assert "no finished trial 7" in str(found.exception)
    assert sorted(multiclass.path.rglob("*")) == before

"""The notebook of a trial gives its score again, to 1e-9, when it is run from top to bottom."""

import os
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.notebooks.trial_notebook import write_best_notebooks, write_trial_notebook
from workspace_jobs.automl.report.predictions import finished_trials
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.tracking import database

pytestmark = pytest.mark.xdist_group("automl-report")
_TESTED = "assert abs(np.nanmean(scores) - RECORDED) < 1e-9"


def cells_of(file: Path) -> list[Any]:
    return [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", ["binary", "multiclass", "regression"])
def test_the_code_of_every_trial_gives_its_score(name: str, request: pytest.FixtureRequest) -> None:
    folder: RunFolder = request.getfixturevalue(name)
    for trial in finished_trials(folder):
        file = write_trial_notebook(folder, trial.number)
        found = run_until_scored(file)
        assert found["RECORDED"] == trial.score(folder.definition().metric)
        assert np.nanmean(found["scores"]) == pytest.approx(found["RECORDED"], abs=1e-9)


def run_until_scored(file: Path) -> dict[str, Any]:
    """What the notebook's cells define, run here from the notebook's folder, as far as the score."""
    names: dict[str, Any] = {}
    before = Path.cwd()
    os.chdir(file.parent)
    try:
        for cell in cells_of(file):
            exec(cell.source, names)  # noqa: S102 - what is tested
            if "scores" in names:
                break
    finally:
        os.chdir(before)
    return names


def test_a_notebook_runs_in_jupyter_explains_registers_and_loads(
    binary: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of it, in a kernel of its own."""
    from nbclient import NotebookClient

    number = next(trial.number for trial in binary.trials() if trial.algorithm == "LightGBM")
    file = write_trial_notebook(binary, number)
    notebook = nbformat.read(file, as_version=4)
    notebook.cells.append(nbformat.from_dict(code(_TESTED)))
    register = next(cell for cell in notebook.cells if "MODEL_NAME = " in cell.source)
    register.source = register.source.replace('MODEL_NAME = ""', 'MODEL_NAME = "tumours"')
    database.ensure(tmp_path / "mlflow.db", str(tmp_path / "artifacts"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(file.parent)}}).execute()
    assert "mean |SHAP|" in printed(next(cell for cell in notebook.cells if "shap" in cell.source))
    assert "Created version '1' of model 'tumours'" in printed(register)
    assert "['malignant' 'malignant'" in printed(register)


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "execution_count": None, "outputs": []}


def printed(cell: Any) -> str:
    return "".join(output.get("text", "") or str(output.get("data", "")) for output in cell.outputs)


def test_a_notebook_is_readable_code_of_scikit_learn(binary: RunFolder) -> None:
    source = "\n".join(cell.source for cell in cells_of(write_trial_notebook(binary, 0)))
    assert "model = LogisticRegression(C=0.5, random_state=7)" in source
    assert "RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=7)" in source
    assert "return roc_auc_score(y_true, predicted[:, 1])" in source
    assert "workspace_jobs" not in source
    assert max(map(len, source.splitlines())) <= 120


def test_only_the_best_are_written(multiclass: RunFolder, tmp_path: Path) -> None:
    best = finished_trials(multiclass)[0].number
    assert [file.name for file in write_best_notebooks(multiclass, 1)] == [f"trial-{best}.ipynb"]


def test_a_trial_that_is_none_is_told(multiclass: RunFolder) -> None:
    with pytest.raises(AutoMLError, match=r"no finished trial 99: write one of (0, 1|1, 0)"):
        write_trial_notebook(multiclass, 99)

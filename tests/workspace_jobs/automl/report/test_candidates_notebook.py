"""The notebook of candidates explains each, and its code makes their pipelines."""

import os
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import pytest
from sklearn.datasets import load_iris

from workspace_jobs.automl.candidates import definitions as candidates
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import prepare_run
from workspace_jobs.automl.report.notebooks.candidates_notebook import explanation, write_candidates_notebook
from workspace_jobs.automl.report.notebooks.source_code import Source

pytestmark = pytest.mark.xdist_group("automl-report")


def test_every_candidate_is_explained_and_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_iris(as_frame=True).frame.to_csv(tmp_path / "iris.csv", index=False)
    monkeypatch.chdir(tmp_path)
    prepared = prepare_run("iris.csv", Options(target="target"))
    file = write_candidates_notebook(prepared, "iris.csv", tmp_path / "plan" / "candidates.ipynb")
    notebook = nbformat.read(file, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert all(f"## {candidate.name}: {candidate.algorithm}" in text for candidate in prepared.candidates)
    names: dict[str, Any] = {}
    monkeypatch.chdir(file.parent)
    for cell in notebook.cells:
        if cell.cell_type == "code" and "cross_val_score" not in cell.source:
            exec(cell.source, names)  # noqa: S102 - what is tested
    assert list(names["pipelines"]) == [candidate.name for candidate in prepared.candidates]
    for candidate in prepared.candidates:
        expected = build(candidate, prepared.dataset.schema)
        assert Source().expression(names["pipelines"][candidate.name]) == Source().expression(expected)
    assert names["X"].equals(prepared.dataset.features)


@pytest.mark.parametrize("file", sorted(candidates.PORTFOLIO.parent.glob("*.toml")), ids=lambda file: file.stem)
def test_every_family_that_is_tried_has_its_explanation(file: Path) -> None:
    content = tomllib.loads(file.read_text("utf-8"))
    entries = [entry for kind in content.values() if isinstance(kind, list) for entry in kind]
    assert entries
    without = {
        entry["algorithm"]
        for entry in entries
        if "- Strong: " not in explanation(Candidate("a", entry["algorithm"], entry["estimator"]))
    }
    assert without == set()


def test_a_family_of_the_users_own_is_explained_by_its_class() -> None:
    own = Candidate("a", "Mine", "sklearn.naive_bayes.GaussianNB", scaling="quantile")
    assert explanation(own).startswith("## a: Mine\n\nGaussian Naive Bayes")
    assert "normal distribution" in explanation(own)


def test_a_data_set_by_name_stays_a_name(tmp_path: Path) -> None:
    prepared = prepare_run("iris", Options(target="target"))
    file = write_candidates_notebook(prepared, "iris", tmp_path / "candidates.ipynb")
    assert 'tables.read("iris")' in file.read_text().replace('\\"', '"')
    assert os.listdir(tmp_path) == ["candidates.ipynb"]  # noqa: PTH208

"""Columns that another trial has prepared: nothing to do once more, and still a part of what a pipeline costs."""

import pickle
from dataclasses import replace
from pathlib import Path

from tests.workspace_jobs.automl.samples import LINEAR, credit
from workspace_jobs.automl.candidates.pipelines import build, columns_key
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import prepare_run
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.automl.search.columns_cache import ColumnsCache
from workspace_jobs.automl.search.evaluation import evaluate
from workspace_jobs.automl.search.messages import Evaluate


def test_a_trial_that_finds_its_columns_has_their_size_and_time_too(tmp_path: Path) -> None:
    prepared = prepare_run(credit(90)[["amount", "branch", "good"]], Options(target="good", validation="3"))
    material, cache = prepared.material(RunFolder(tmp_path), 0), ColumnsCache(tmp_path)
    material.predictions.mkdir()
    first = evaluate(material, Evaluate(0, LINEAR, 1), cache, lambda _: None)
    learn, _ = material.splits[0]
    fitted = build(LINEAR, material.schema).fit(material.features.iloc[learn], material.target.to_numpy()[learn])
    assert first.size_bytes > len(pickle.dumps(fitted["model"])) + len(pickle.dumps(fitted["columns"])) / 2

    key = columns_key(LINEAR)
    for fold in range(3):
        kept = cache.get(key, fold)
        assert kept is not None
        cache.put(key, fold, replace(kept, fit_seconds=1000.0, predict_seconds=100.0, size_bytes=10_000_000), 0)
    second = evaluate(material, Evaluate(1, LINEAR, 1), cache, lambda _: None)
    assert second.scores == first.scores
    assert 3000 < second.fit_seconds < 4000
    assert 300 < second.predict_seconds < 400
    assert second.size_bytes > 10_000_000

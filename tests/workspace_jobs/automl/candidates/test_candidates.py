"""Candidates as files: the portfolio that is shipped, and definition files that people edit."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace_jobs.automl.candidates import definitions as candidates
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.definitions import PORTFOLIO, Algorithms, portfolio
from workspace_jobs.automl.candidates.pipelines import check
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.search.space import spaces

_VALUES = st.one_of(st.integers(-5, 5), st.floats(0, 1), st.booleans(), st.text(max_size=5), st.none())
_CANDIDATES = st.builds(
    Candidate,
    name=st.text(min_size=1, max_size=12),
    algorithm=st.just("KNN"),
    estimator=st.just("sklearn.neighbors.KNeighborsClassifier"),
    parameters=st.dictionaries(st.sampled_from(["n_neighbors", "p", "weights"]), _VALUES, max_size=3),
    scaling=st.sampled_from(["none", "standard", "quantile", "minmax"]),
    encoding=st.sampled_from(["onehot", "ordinal", "target"]),
)


@given(st.lists(_CANDIDATES, min_size=1, max_size=4, unique_by=lambda candidate: candidate.name))
def test_what_is_written_is_read_back(chosen: list[Candidate]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "candidates.yaml"
        candidates.write(chosen, file)
        assert candidates.read(file, "binary") == chosen


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no list `candidates`"),
        ("candidates: [", "can't be read"),
        ("candidates: [svm]", "must be a mapping"),
        ("candidates: [{name: a}]", "'a' has no `estimator`"),
        (
            "candidates: [{name: a, estimator: sklearn.svm.SVC, scale: none}]",
            "key 'scale': did you mean `scaling`",
        ),
        ("candidates: [{name: a, estimator: sklearn.svm.SVC, scaling: some}]", "write one of none, standard"),
        ("candidates: [{name: a, estimator: sklearn.svm.SVC, parameters: 3}]", "`parameters` must be a mapping"),
        ("candidates: [{name: a, estimator: os.system}]", "is not a class of"),
        (
            "candidates: [{name: a, estimator: sklearn.svm.SVR}, {name: a, estimator: sklearn.svm.SVR}]",
            "more than one candidate named 'a'",
        ),
    ],
)
def test_a_mistake_in_a_definition_file_is_told(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "candidates.yaml"
    file.write_text(text)
    with pytest.raises(AutoMLError, match=sentence):
        candidates.read(file, "binary")


@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
def test_every_candidate_of_the_portfolio_can_be_made_and_says_where_it_comes_from(problem: Any) -> None:
    chosen = portfolio(problem, 100, Algorithms()).candidates
    assert len({candidate.name for candidate in chosen}) == len(chosen) >= 10
    for candidate in chosen:
        check(candidate, for_classes=problem != "regression")
    provenance = tomllib.loads(PORTFOLIO.read_text())["provenance"]
    assert len(provenance["tables"]) >= 10


@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
def test_every_space_makes_candidates_at_both_ends_of_its_ranges(problem: Any) -> None:
    import optuna

    for space in spaces(problem, 100):
        for end in (0, -1):
            found: dict[str, Any] = {"scaling": space.scaling[end], "encoding": space.encoding[end]}
            for name, described in space.ranges.items():
                if "choices" in described:
                    found[name] = described["choices"][end]
                elif "steps" in described:
                    found[name] = range(len(described["steps"]))[end]
                else:
                    found[name] = described["low"] if end == 0 else described["high"]
            candidate = space.candidate(optuna.trial.FixedTrial(found), 1)  # type: ignore[arg-type]
            check(candidate, for_classes=problem != "regression")
            point = space.point(candidate)
            assert point is not None
            assert point[0] == found


def test_families_can_be_allowed_and_blocked() -> None:
    everything = {candidate.algorithm for candidate in portfolio("binary", 100, Algorithms()).candidates}
    one = portfolio("binary", 100, Algorithms(frozenset({"SVM", "DeepThought"})))
    assert {candidate.algorithm for candidate in one.candidates} == {"SVM"}
    assert "DeepThought is not available here and is left out." in one.notices
    rest = portfolio("binary", 100, Algorithms(blocked=frozenset({"SVM"})))
    assert {candidate.algorithm for candidate in rest.candidates} == everything - {"SVM"}
    with pytest.raises(AutoMLError, match="no training algorithm is left"):
        portfolio("binary", 100, Algorithms(frozenset({"DeepThought"})))


def test_what_is_too_slow_for_many_rows_is_left_out() -> None:
    choice = portfolio("binary", 1_000_000, Algorithms())
    assert "SVM" not in {candidate.algorithm for candidate in choice.candidates}
    assert any("too slow for 1000000 rows" in notice for notice in choice.notices)

"""Models that answer as decided: what a run saves, elsewhere, and what the decision is said to bring."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.datasets import load_iris, make_classification
from sklearn.metrics import f1_score
from sklearn.model_selection import FixedThresholdClassifier

from mlws import cli
from tests.workspace_jobs.automl.samples import LINEAR, TREE, credit, define, elsewhere, quick, store
from workspace_jobs import automl
from workspace_jobs.automl.decisions.decision import COST, decide
from workspace_jobs.automl.decisions.wish import Wish
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import prepare_run
from workspace_jobs.automl.report.pages.model_card import write_model_card
from workspace_jobs.automl.report.pages.report_page import write_report
from workspace_jobs.automl.run_folder import RunFolder


@pytest.mark.timeout(300)
def test_a_model_answers_by_its_costs_where_our_package_is_not_installed(tmp_path: Path) -> None:
    """The table's `no` and `yes` are what YAML and people confuse; the CLI says what it cost before and costs now."""
    arguments = ["automl", "run", str(store(tmp_path, credit(400))), "--target", "good", "--costs", "fn=6", "--json"]
    arguments += ["--candidates", str(define(tmp_path, LINEAR, TREE)), "--validation", "3", "--no-tracking"]
    arguments += ["--test", str(store(tmp_path, credit(300), "test.csv")), "--timeout", "120", "--no-report"]
    done = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path / "run")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    decision = told["decision"]
    assert decision["threshold"] == pytest.approx(1 / 7)
    assert decision["after"][COST] < decision["before"][COST]
    assert "Answers: the class of least expected cost." in told["explanations"]

    rows = credit(300).drop(columns="good")
    answers, given = elsewhere(Path(told["model"]), rows, tmp_path, "predict", "predict_proba")
    probabilities = np.array(given)
    assert answers == np.where(probabilities[:, 1] >= decision["threshold"], "yes", "no").tolist()
    assert set(answers) == {"yes", "no"}
    assert told["test_scores"]["accuracy"] == pytest.approx((np.array(answers) == credit(300)["good"]).mean())

    import mlflow.pyfunc
    import mlflow.sklearn

    assert mlflow.pyfunc.load_model(told["model"]).predict(rows).tolist() == answers
    loaded = mlflow.sklearn.load_model(told["model"])
    assert isinstance(loaded, FixedThresholdClassifier)
    assert loaded.predict_proba(rows) == pytest.approx(probabilities)

    folder = RunFolder(tmp_path / "run")
    card, _ = write_model_card(folder)
    assert "## Answers" in card.read_text()
    assert "yes taken for no costs 6, no taken for yes costs 1." in card.read_text()
    assert f"| {COST} | {decision['before'][COST]:.4g} | {decision['after'][COST]:.4g} |" in card.read_text()


@pytest.mark.timeout(300)
def test_three_classes_are_answered_by_least_expected_cost(tmp_path: Path) -> None:
    frame = load_iris(as_frame=True).frame
    frame["target"] = frame["target"].map({0: "setosa", 1: "versicolor", 2: "virginica"})
    costs = {"virginica": {"versicolor": 200}}
    result = automl.run(frame, **{**quick(tmp_path, LINEAR), "target": "target"}, costs=costs)
    decision = result.outcome.decision
    assert decision is not None
    assert decision.costs == ((0, 1, 1), (1, 0, 1), (1, 200, 0))
    assert decision.after[COST] <= decision.before[COST]
    rows = frame.drop(columns="target")
    answers, probabilities = elsewhere(result.folder.model, rows, tmp_path, "predict", "predict_proba")
    cheapest = (np.array(probabilities) @ np.array(decision.costs)).argmin(axis=1)
    assert answers == np.array(result.definition.classes)[cheapest].tolist()
    assert (cheapest != np.argmax(probabilities, axis=1)).any()
    assert result.folder.outcome() == result.outcome
    page = write_report(result.folder, explain_seconds=0).read_text()
    assert "How it answers" in page
    assert "confusion matrix as decided" in page


@pytest.mark.parametrize("wish", [{"threshold": 0.3, "calibrate": True}, {"costs": {"no": {"yes": 6}}}])
@pytest.mark.timeout(300)
def test_decisions_are_about_the_positive_class_though_the_model_has_it_first(
    tmp_path: Path, wish: dict[str, Any]
) -> None:
    result = automl.run(credit(400), **quick(tmp_path, LINEAR, positive="no", metric="f1"), **wish)
    assert result.definition.classes == ("yes", "no")
    decision, rows = result.outcome.decision, credit(300)
    assert decision is not None
    likely = result.model.predict_proba(rows)[:, 0]
    assert result.model.classes_.tolist() == ["no", "yes"]
    answers = result.model.predict(rows)
    assert answers.tolist() == np.where(likely >= decision.threshold, "no", "yes").tolist()
    # It separates them: a calibration the wrong way round would not.
    assert likely[rows["good"] == "no"].mean() > 0.5 > likely[rows["good"] == "yes"].mean()
    unseen, truth = result.folder.predictions(0), credit(400)["good"] == "no"
    folds = [f1_score(truth[judge], unseen[judge, 1] > unseen[judge, 0]) for _, judge in result.folder.splits()]
    assert result.outcome.scores["f1"] == pytest.approx(folds)


def test_what_a_threshold_is_said_to_bring_is_of_rows_that_did_not_choose_it() -> None:
    generator = np.random.default_rng(0)
    truth, noise = generator.integers(0, 2, 300), generator.random(300)
    decision = decide(Wish(best_for="accuracy"), truth, np.column_stack([1 - noise, noise]), (0, 1)).decision
    assert decision.threshold is not None
    assert ((noise >= decision.threshold) == truth).mean() > decision.after["accuracy"]


@pytest.mark.parametrize("classes", [2, 3])
def test_costs_bring_less_cost_on_rows_of_the_future(classes: int) -> None:
    """As said of unseen rows, within what chance allows; the deployed decision is applied to rows that came later."""
    columns, truth = make_classification(4000, 8, n_informative=5, n_classes=classes, flip_y=0.1, random_state=0)
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(columns[:1000], truth[:1000])
    known, later = model.predict_proba(columns[1000:2500]), model.predict_proba(columns[2500:])
    costs = np.ones((classes, classes)) - np.eye(classes)
    costs[1, 0] = 8
    wish = Wish(calibrate=True, costs=tuple(map(tuple, costs.tolist())))
    decided = decide(wish, truth[1000:2500], known, range(classes))
    decision = decided.decision
    calibrated = later if decided.calibrator is None else decided.calibrator.predict_proba(later)
    paid = costs[truth[2500:], decision.answers(calibrated)].mean()
    assert paid == pytest.approx(decision.after[COST], rel=0.2)
    assert paid < costs[truth[2500:], later.argmax(axis=1)].mean()


def test_too_few_rows_of_a_class_are_told_before_anything_is_trained() -> None:
    frame = credit(60).assign(good=["yes"] * 2 + ["no"] * 58)
    with pytest.raises(AutoMLError, match="three judged rows of each class"):
        prepare_run(frame, Options(target="good", calibrate=True))

"""The figures show the numbers that scikit-learn computes, in colours that read on light and on dark pages."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from sklearn import calibration, metrics
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from tests.workspace_jobs.evaluation.conftest import Fit
from workspace_jobs.evaluation import canvas, classifiers, estimators, regressors
from workspace_jobs.evaluation.classes import one_vs_rest

pytestmark = pytest.mark.xdist_group("evaluation")


def points(figure: Figure, label: str) -> Any:
    """x and y, shape (2, points), of the line whose label starts so."""
    return next(np.array(line.get_data()) for line in figure.axes[0].lines if str(line.get_label()).startswith(label))


def test_a_roc_curve_is_scikit_learns(iris: Fit) -> None:
    figure = classifiers.roc_curve(one_vs_rest(iris.y_true, iris.y_prob))
    false_rate, true_rate, _ = metrics.roc_curve(iris.y_true == 1, iris.y_prob[:, 1])
    assert points(figure, "1: AUC") == pytest.approx(np.array([false_rate, true_rate]))


def test_a_precision_recall_curve_is_scikit_learns(cancer: Fit) -> None:
    figure = classifiers.precision_recall_curve(one_vs_rest(cancer.y_true, cancer.y_prob))
    precision, recall, _ = metrics.precision_recall_curve(cancer.y_true, cancer.y_prob[:, 1])
    assert points(figure, "1: AP") == pytest.approx(np.array([recall, precision]))


def test_a_calibration_curve_is_scikit_learns(cancer: Fit) -> None:
    figure = classifiers.calibration_curve(one_vs_rest(cancer.y_true, cancer.y_prob), n_bins=5)
    share, predicted = calibration.calibration_curve(cancer.y_true, cancer.y_prob[:, 1], n_bins=5, strategy="quantile")
    assert points(figure, "1") == pytest.approx(np.array([predicted, share]))


def test_cells_of_a_confusion_matrix_are_true_by_row() -> None:
    figure = classifiers.confusion_matrix(np.array([[5, 1], [0, 2]]), ["a", "b"])
    cells = {text.get_position(): text.get_text() for text in figure.axes[0].texts}
    assert cells == {(0, 0): "5", (1, 0): "1", (0, 1): "0", (1, 1): "2"}
    assert "True" in figure.axes[0].get_ylabel()


def test_a_class_that_never_occurred_has_no_curve(iris: Fit) -> None:
    known = iris.y_true != 2
    classes = one_vs_rest(iris.y_true[known], iris.y_prob[known], labels=[0, 1, 2])
    assert [one.label for one in classes] == ["0", "1"]


@pytest.mark.parametrize(
    ("truth", "score", "labels", "sentence"),
    [
        ([1, 1], [0.2, 0.3], None, "one class only"),
        ([0, 1, 2], [0.1, 0.2, 0.3], None, r"shape \(3,\), where y_true needs \(3, 3\)"),
        ([0, 1], [[0.1, 0.9]], None, r"shape \(1, 2\), where y_true needs \(2, 2\)"),
        (["a", "c"], [0.1, 0.2], ["a", "b"], "`labels` has not: c"),
    ],
)
def test_scores_that_do_not_fit_are_told(truth: Any, score: Any, labels: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        one_vs_rest(truth, score, labels)


def test_a_crowd_of_classes_shows_the_ten_most_frequent() -> None:
    truth = np.repeat(np.arange(12), np.arange(12) + 1)
    figure = classifiers.roc_curve(one_vs_rest(truth, np.eye(12)[truth]))
    assert figure.axes[0].get_title() == "ROC: 10 of 12 classes"
    assert [str(line.get_label()).split(":")[0] for line in figure.axes[0].lines[1:]] == [str(k) for k in range(2, 12)]


def test_long_curves_are_thinned_to_what_a_screen_shows() -> None:
    truth = np.tile([0, 1], 4000)
    score = np.random.default_rng(0).random(8000)
    recall, precision = points(classifiers.precision_recall_curve(one_vs_rest(truth, score)), "1: AP")
    assert len(recall) == 1000
    assert (recall[0], recall[-1], precision[-1]) == (1, 0, 1)


def test_residuals_are_actual_less_predicted() -> None:
    figure = regressors.residuals(np.array([3.0, 5.0]), np.array([1.0, 6.0]))
    assert np.array(figure.axes[0].lines[-1].get_data()).tolist() == [[1.0, 6.0], [2.0, -1.0]]


def test_a_forecast_is_drawn_over_time_as_the_mean_of_the_series() -> None:
    times = pd.Series([2002, 2001, 2001], name="year")
    figure = regressors.forecast(times, np.array([5.0, 1.0, 3.0]), np.array([6.0, 1.0, 1.0]))
    assert points(figure, "actual").tolist() == [[2001, 2002], [2, 5]]
    assert points(figure, "predicted").tolist() == [[2001, 2002], [1, 6]]


def test_a_learning_curve_shows_the_mean_of_the_folds() -> None:
    figure = estimators.learning_curve([10, 20], [[1.0, 0.8], [0.9, 0.7]], [[0.2, 0.4], [0.5, 0.7]])
    assert points(figure, "training") == pytest.approx(np.array([[10, 20], [0.9, 0.8]]))
    assert points(figure, "validation") == pytest.approx(np.array([[10, 20], [0.3, 0.6]]))


def test_coefficients_of_several_classes_are_the_mean_of_their_size() -> None:
    data = load_iris(as_frame=True)
    model = LogisticRegression(max_iter=500).fit(data.data, data.target)
    found = estimators.feature_importance(model)
    sizes = dict(zip(data.feature_names, np.abs(model.coef_).mean(axis=0), strict=True))
    assert dict(zip(found.names, found.values, strict=True)) == pytest.approx(sizes)
    assert list(found.values) == sorted(sizes.values(), reverse=True)


def test_a_forest_has_importances() -> None:
    data = load_iris()
    model = RandomForestClassifier(5, random_state=0).fit(data.data, data.target)
    found = estimators.feature_importance(model, data.feature_names)
    assert found.kind == "importance"
    figure = estimators.feature_importance_chart(found, top=2)
    widths = [bar.get_width() for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    assert widths == sorted(model.feature_importances_, reverse=True)[:2]
    assert figure.axes[0].get_title() == "Importance: 2 of 4 features"


def test_an_estimator_without_either_says_what_to_try() -> None:
    with pytest.raises(ValueError, match=r"KNeighborsClassifier has neither .*permutation_importance"):
        estimators.feature_importance(KNeighborsClassifier())


def test_names_that_are_not_as_many_as_features_are_refused() -> None:
    data = load_iris()
    model = LogisticRegression(max_iter=500).fit(data.data, data.target)
    with pytest.raises(ValueError, match="2 names for 4 features"):
        estimators.feature_importance(model, ["a", "b"])


@pytest.mark.parametrize("page", ["#ffffff", "#1e1e1e"])
def test_ink_and_curves_read_on_light_and_dark(page: str, iris: Fit) -> None:
    figure = classifiers.roc_curve(one_vs_rest(iris.y_true, iris.y_prob))
    assert figure.patch.get_alpha() == figure.axes[0].patch.get_alpha() == 0
    colours = {*canvas.HUES, *used_colours(figure)}
    assert {colour: contrast(colour, page) for colour in colours if contrast(colour, page) < 3} == {}


def used_colours(figure: Figure) -> Iterator[str]:
    axes = figure.axes[0]
    legend = axes.get_legend()
    assert legend is not None
    texts = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *legend.get_texts()]
    yield from (to_hex(text.get_color()) for text in texts)
    yield from (to_hex(line.get_color()) for line in axes.lines)


def contrast(colour: str, page: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted((luminance(colour), luminance(page)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def test_a_figure_draws_without_a_window_and_without_pyplot(iris: Fit) -> None:
    figure = classifiers.classification_report(["a", "b"], {"precision": np.array([0.5, 1.0])})
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    assert file.getvalue().startswith(b"<?xml")
    assert figure.canvas.manager is None


def test_names_of_the_data_are_no_formulas_and_fit() -> None:
    names = np.array(["_price in $ per x^{", "n" * 300])
    truth = names[np.tile([0, 1], 10)]
    classes = one_vs_rest(truth, np.eye(2)[np.tile([0, 1], 10)], labels=names)
    matrix = classifiers.confusion_matrix(np.eye(2, dtype=int), list(names))
    for figure in (classifiers.roc_curve(classes), matrix):
        figure.savefig(io.BytesIO(), format="svg")
    written = [label.get_text() for label in matrix.axes[0].get_yticklabels()]
    assert written == [r" _price in \$ per x^{", "n" * 39 + "…"]

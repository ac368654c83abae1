"""The candidates that the learning of the portfolio chooses from."""

from collections.abc import Iterator
from itertools import product

from workspace_jobs.automl.candidates.candidate import Calibration, Candidate, Encoding, Scaling
from workspace_jobs.automl.problem_kinds import ProblemKind

_SCALINGS: tuple[Scaling, ...] = ("standard", "quantile")
_ENCODINGS: tuple[Encoding, ...] = ("onehot", "target")
_ALL_SCALINGS: tuple[Scaling, ...] = (*_SCALINGS, "none")


def pool(problem: ProblemKind) -> list[Candidate]:
    """Every candidate for a problem, each with a name of its own."""
    return list(_regressors() if problem == "regression" else _classifiers(problem))


def _classifiers(problem: ProblemKind) -> Iterator[Candidate]:
    calibration: Calibration = "sigmoid" if problem == "binary" else "temperature"
    for c, scaling in product((0.5, 1.0, 3.0, 10.0), _ALL_SCALINGS):
        yield Candidate(
            f"svm-{scaling}-{c:g}", "SVM", "sklearn.svm.SVC", {"C": c, "gamma": "scale"}, scaling, "onehot", calibration
        )
    for c, gamma in product((1.0, 10.0), (0.005, 0.02)):
        parameters = {"C": c, "gamma": gamma}
        yield Candidate(f"svm-{gamma:g}-{c:g}", "SVM", "sklearn.svm.SVC", parameters, "standard", "onehot", calibration)
    for c, scaling, encoding in product((0.03, 0.3, 3.0), _SCALINGS, _ENCODINGS):
        yield Candidate(
            f"logistic-{scaling}-{encoding}-{c:g}",
            "LogisticRegression",
            "sklearn.linear_model.LogisticRegression",
            {"C": c, "max_iter": 300},
            scaling,
            encoding,
        )
    for k, scaling in product((3, 10, 30), _SCALINGS):
        yield Candidate(
            f"knn-{scaling}-{k}",
            "KNN",
            "sklearn.neighbors.KNeighborsClassifier",
            {"n_neighbors": k, "weights": "distance"},
            scaling,
        )
    yield from _forests("Classifier", ("sqrt", 0.3))
    yield from _boosting("Classifier")
    for alpha, units in product((0.1, 3.0), (32, 128)):
        yield Candidate(
            f"network-{units}-{alpha:g}",
            "NeuralNetwork",
            "sklearn.neural_network.MLPClassifier",
            {"hidden_layer_sizes": [units], "alpha": alpha, "max_iter": 60, "learning_rate_init": 0.005},
            "quantile",
        )
    yield Candidate("bayes", "NaiveBayes", "sklearn.naive_bayes.GaussianNB", {}, "quantile", "target")
    yield Candidate(
        "discriminant", "QDA", "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis",
        {"reg_param": 0.3}, "quantile", "target",
    )  # fmt: skip


def _regressors() -> Iterator[Candidate]:
    for c, scaling, epsilon in product((1.0, 10.0, 100.0), _SCALINGS, (0.05,)):
        yield Candidate(
            f"svm-{scaling}-{c:g}", "SVM", "sklearn.svm.SVR", {"C": c, "gamma": "scale", "epsilon": epsilon}, scaling
        )
    for alpha, ratio in product((0.01, 0.1, 1.0), (0.2, 0.9)):
        yield Candidate(
            f"elastic-{alpha:g}-{ratio:g}",
            "ElasticNet",
            "sklearn.linear_model.ElasticNet",
            {"alpha": alpha, "l1_ratio": ratio, "max_iter": 3000},
            "standard",
        )
    for alpha, scaling in product((1.0, 30.0), _SCALINGS):
        yield Candidate(f"ridge-{scaling}-{alpha:g}", "Ridge", "sklearn.linear_model.Ridge", {"alpha": alpha}, scaling)
    for k, scaling in product((5, 15), _SCALINGS):
        yield Candidate(
            f"knn-{scaling}-{k}",
            "KNN",
            "sklearn.neighbors.KNeighborsRegressor",
            {"n_neighbors": k, "weights": "distance"},
            scaling,
        )
    yield from _forests("Regressor", (0.4, 1.0))
    yield from _boosting("Regressor")


def _forests(kind: str, shares: tuple[str | float, ...]) -> Iterator[Candidate]:
    families = (("extra", "ExtremeRandomTrees", "ExtraTrees"), ("forest", "RandomForest", "RandomForest"))
    for (name, algorithm, estimator), share, leaf in product(families, shares, (1, 4)):
        yield Candidate(
            f"{name}-{share}-{leaf}",
            algorithm,
            f"sklearn.ensemble.{estimator}{kind}",
            {"n_estimators": 200, "max_features": share, "min_samples_leaf": leaf},
            "none",
            "onehot" if leaf == 1 else "ordinal",
        )


def _boosting(kind: str) -> Iterator[Candidate]:
    settings = {
        "small": {"n_estimators": 120, "learning_rate": 0.05, "num_leaves": 7, "min_child_samples": 10},
        "slow": {"n_estimators": 300, "learning_rate": 0.02, "num_leaves": 12, "min_child_samples": 20},
        "wide": {"n_estimators": 100, "learning_rate": 0.1, "num_leaves": 31, "min_child_samples": 5},
        "stumps": {"n_estimators": 250, "learning_rate": 0.08, "num_leaves": 3, "min_child_samples": 20},
    }
    sampled = {"subsample": 0.7, "subsample_freq": 1, "colsample_bytree": 0.5, "reg_lambda": 3.0}
    for (name, parameters), more in product(settings.items(), ({}, sampled)):
        yield Candidate(
            f"lightgbm-{name}{'-sampled' if more else ''}",
            "LightGBM",
            f"lightgbm.LGBM{kind}",
            {**parameters, **more},
            "none",
            "ordinal" if name in {"wide", "slow"} else "onehot",
        )
    yield Candidate(
        "gradient-boosting",
        "GradientBoosting",
        f"sklearn.ensemble.HistGradientBoosting{kind}",
        {"learning_rate": 0.06, "max_iter": 120, "max_leaf_nodes": 15, "l2_regularization": 1.0},
        "none",
        "ordinal",
    )

"""A candidate: one way to make a model, as data that a person can read and edit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Scaling = Literal["none", "standard", "quantile", "minmax"]
Encoding = Literal["onehot", "ordinal", "target"]
Calibration = Literal["none", "sigmoid", "temperature"]


@dataclass(frozen=True)
class Candidate:
    """`estimator`, made with `parameters`, behind a preprocessing by column type.

    Parameters:
        name: unique among the candidates of a run.
        algorithm: Azure AutoML's name of the family (`LightGBM`, `SVM`, `KNN`, ...).
        estimator: full name of the class, of scikit-learn or a library that follows its interface.
        parameters: what the class is made with.
        scaling: what is done to numbers; `none` also leaves missing values to an estimator that knows them.
        encoding: how categories become numbers. Those of high cardinality are always target-encoded.
        calibration: how a classifier without probabilities gets them: `sigmoid` suits two classes, `temperature` more.
    """

    name: str
    algorithm: str
    estimator: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    scaling: Scaling = "none"
    encoding: Encoding = "onehot"
    calibration: Calibration = "none"

"""Train an elastic net on scikit-learn's diabetes data and track it with MLflow.

Runs as plain Python (`python train.py --alpha 0.1`) and as an Azure ML job, with the same result in MLflow:
Azure ML hands the run to continue in environment variables. The model is saved to a folder and logged as
artifacts, because `log_model` of MLflow 3 asks for an endpoint that an Azure ML workspace does not have.
"""

import argparse
import logging
import platform
import sys
import tempfile
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import sklearn
import skops
from mlflow.models import infer_signature
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

log = logging.getLogger("train")

# Given, so that MLflow need not start a process that loads the model to find them out (5 s a run).
REQUIREMENTS = [
    f"mlflow=={mlflow.__version__}",
    f"scikit-learn=={sklearn.__version__}",
    f"skops=={skops.__version__}",
    f"pandas=={pd.__version__}",
    f"numpy=={np.__version__}",
]
# Given too: MLflow looks for the version of pip otherwise, and warns of an environment made without pip.
ENVIRONMENT = {
    "name": "mlflow-env",
    "channels": ["conda-forge"],
    "dependencies": [f"python={platform.python_version()}", "pip", {"pip": REQUIREMENTS}],
}


def main() -> None:
    """Train, evaluate and log one model."""
    logging.basicConfig(stream=sys.stdout, format="%(message)s")
    # Ours only: the storage SDK logs every request at this level.
    log.setLevel(logging.INFO)
    arguments = parse_arguments()
    features, target = load_diabetes(return_X_y=True, as_frame=True)
    train_features, test_features, train_target, test_target = train_test_split(
        features, target, test_size=arguments.test_size, random_state=arguments.seed
    )
    model = ElasticNet(alpha=arguments.alpha, l1_ratio=arguments.l1_ratio, random_state=arguments.seed)
    with mlflow.start_run() as run:
        model.fit(train_features, train_target)
        metrics = evaluate(test_target, model.predict(test_features))
        # One request each: against an Azure ML workspace every call takes most of a second.
        mlflow.log_params({name: getattr(arguments, name) for name in ("alpha", "l1_ratio", "test_size", "seed")})
        mlflow.log_metrics(metrics)
        log_model(model, train_features, arguments.model_dir)
        if arguments.register_as:
            mlflow.register_model(f"runs:/{run.info.run_id}/model", arguments.register_as)
    log.info(" ".join(f"{name}={value:.4f}" for name, value in metrics.items()))


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Train an elastic net on the diabetes data.")
    parser.add_argument("--alpha", type=float, default=0.02, help="strength of the penalty")
    parser.add_argument("--l1-ratio", type=float, default=1.0, help="share of L1 in the penalty, 0 to 1")
    parser.add_argument("--test-size", type=float, default=0.25, help="share of the rows kept for the test")
    parser.add_argument("--seed", type=int, default=42, help="seed of the split")
    parser.add_argument("--model-dir", type=Path, help="also leave the model in this empty folder")
    parser.add_argument("--register-as", help="register the model under this name")
    return parser.parse_args()


def evaluate(target: pd.Series, predicted: np.ndarray) -> dict[str, float]:
    """Return the errors on the test rows; the truth comes first, which only r2 tells apart."""
    mse = mean_squared_error(target, predicted)
    return {
        "mse": mse,
        "rmse": mse**0.5,
        "mae": mean_absolute_error(target, predicted),
        "r2": r2_score(target, predicted),
    }


def log_model(model: ElasticNet, features: pd.DataFrame, model_dir: Path | None) -> None:
    """Save the model with signature and input example, and log the folder as the run's artifact `model`."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = model_dir or Path(scratch) / "model"
        mlflow.sklearn.save_model(
            model,
            str(folder),
            signature=infer_signature(features, model.predict(features)),
            input_example=features.head(3),
            conda_env=ENVIRONMENT,
        )
        mlflow.log_artifacts(str(folder), "model")


if __name__ == "__main__":
    main()

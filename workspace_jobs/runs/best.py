"""Which of two values of a metric is the better one."""

from workspace_jobs.errors import JobsError

# Parts of names that MLflow, scikit-learn and the frameworks give to metrics.
_LESS_IS_BETTER = ("loss", "error", "mse", "rmse", "mae", "mape", "deviance", "brier", "logloss", "hinge", "time")
_MORE_IS_BETTER = ("acc", "accuracy", "auc", "f1", "precision", "recall", "r2", "score", "kappa", "mcc", "map", "ndcg")


def best_first(metric: str, *, maximize: bool | None) -> str:
    """The order, in MLflow's syntax, that puts the best run first. Raises JobsError where the name does not say."""
    if maximize is None:
        maximize = _more_is_better(metric)
    return f"metrics.{quoted(metric)} {'DESC' if maximize else 'ASC'}"


def quoted(key: str) -> str:
    """The key as a filter writes it."""
    return f"`{key}`" if "`" not in key else f'"{key}"'


def _more_is_better(metric: str) -> bool:
    words = set(metric.lower().replace("-", "_").replace(".", "_").replace("/", "_").replace(" ", "_").split("_"))
    less = not words.isdisjoint(_LESS_IS_BETTER)
    if less == (not words.isdisjoint(_MORE_IS_BETTER)):
        raise JobsError(f"whether more or less of `{metric}` is better, its name does not say: write --max or --min")
    return not less

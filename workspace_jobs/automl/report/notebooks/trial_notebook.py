"""The notebook of a trial: scikit-learn code, spelled out, that gives the trial's score when it is run."""

from pathlib import Path

from workspace_jobs.automl.candidates.pipelines import takes_weights
from workspace_jobs.automl.notebook_file import Cell, write_notebook
from workspace_jobs.automl.report.findings.explanation import shap_kind
from workspace_jobs.automl.report.notebooks.metric_source import metric_source
from workspace_jobs.automl.report.notebooks.source_code import Source
from workspace_jobs.automl.report.notebooks.splits_source import splits_source
from workspace_jobs.automl.report.pages.figures import pipeline_of
from workspace_jobs.automl.report.predictions import finished_trials, trial_of
from workspace_jobs.automl.run_folder import Definition, RunFolder
from workspace_jobs.automl.trial import Trial

_PREDICT_CLASSES = """\
def predict(fitted, rows):
    \"\"\"A probability a row and class; 0 for a class that the rows learned from do not have.\"\"\"
    probabilities = pd.DataFrame(fitted.predict_proba(rows), columns=fitted.classes_)
    return probabilities.reindex(columns=CLASSES, fill_value=0.0).to_numpy()"""
_PREDICT_VALUES = """\
def predict(fitted, rows):
    return np.asarray(fitted.predict(rows), dtype=float)"""
_IMPORTS = ("from sklearn.base import clone", "from threadpoolctl import threadpool_limits")
_ONE_THREAD = """\
threadpool_limits(1, user_api="blas")  # as in the run: sums in another order end in other digits"""
_SCORE = """\
scores = []
for learn, judge in splits:
    fitted = clone(pipeline).fit(X.iloc[learn], y[learn]{weights})
    scores.append(score(truth[judge], predict(fitted, X.iloc[judge])))
print(f"{metric}: {{np.nanmean(scores):.6f}} here, {{RECORDED:.6f}} in the trial")"""
_BACKGROUND = """\
background = X.iloc[np.random.default_rng(SEED).permutation(learn)[:200]]

"""
_SHAP = """\
import shap

rows = X.iloc[np.random.default_rng(SEED).permutation(judge)[:200]]
made = fitted["columns"].transform(rows)
explainer = {explainer}
values = np.asarray(explainer.shap_values(made{options}))

# What preprocessing made of a column is what changes when the column does; SHAP values of one column add up.
moved = rows.iloc[np.roll(np.arange(len(rows)), 1)]
weights = {{}}
for name in rows.columns:
    changed = fitted["columns"].transform(rows.assign(**{{name: moved[name].array}}))
    of_column = ~np.isclose(changed, made, rtol=0, atol=0, equal_nan=True).all(axis=0)
    weights[name] = np.abs(values[:, of_column].sum(axis=1)).mean()
pd.Series(weights, name="mean |SHAP|").sort_values(ascending=False).to_frame()"""
_PERMUTATION = """\
# SHAP has no exact method for this model: what the score loses when a column is shuffled says the same, slower or not.
generator = np.random.default_rng(SEED)
some = generator.permutation(judge)[:200]
rows = X.iloc[some]
intact = score(truth[some], predict(fitted, rows))
weights = {}
for name in rows.columns:
    shuffled = rows.assign(**{name: rows[name].array[generator.permutation(len(rows))]})
    weights[name] = intact - score(truth[some], predict(fitted, shuffled))
pd.Series(weights, name="importance").sort_values(ascending=False).to_frame()"""
_BY_VALUE = """
import cloudpickle
from workspace_jobs.automl.forecasting import forecasters

cloudpickle.register_pickle_by_value(forecasters)  # so that the model loads where mlws is not installed
"""
_REGISTER = """\
from importlib.metadata import version
from tempfile import TemporaryDirectory

import mlflow
from mlflow.models import infer_signature
{by_value}
MODEL_NAME = ""  # a name registers the model, fitted to all rows

if MODEL_NAME:
    model = clone(pipeline).fit(X, y{weights})
    signature = infer_signature(X, model.predict(X))
    with mlflow.start_run(run_name="{name}") as run:
        mlflow.log_params({parameters})
        mlflow.log_metric("{metric}", np.nanmean(scores))
        # Saved and logged as files: Azure ML has no endpoint for log_model of MLflow 3.
        packages = [f"{{name}}=={{version(name)}}" for name in {packages}]
        with TemporaryDirectory() as folder:
            mlflow.sklearn.save_model(
                model,
                f"{{folder}}/model",
                serialization_format="cloudpickle",
                signature=signature,
                input_example=X.head(),
                pip_requirements=packages,
            )
            mlflow.log_artifacts(f"{{folder}}/model", "model")
    mlflow.register_model(f"runs:/{{run.info.run_id}}/model", MODEL_NAME)
    loaded = mlflow.pyfunc.load_model(f"models:/{{MODEL_NAME}}/latest")
    print(loaded.predict(X.head()))"""


def write_trial_notebook(folder: RunFolder, number: int) -> Path:
    """Write `notebooks/trial-NUMBER.ipynb`. Raises AutoMLError where there is no such finished trial."""
    file = folder.path / "notebooks" / f"trial-{number}.ipynb"
    return write_notebook(_cells(folder, trial_of(folder, number)), file)


def write_best_notebooks(folder: RunFolder, count: int) -> list[Path]:
    """Write the notebooks of the best `count` trials."""
    return [write_trial_notebook(folder, trial.number) for trial in finished_trials(folder)[:count]]


def _cells(folder: RunFolder, trial: Trial) -> list[Cell]:
    definition, source = folder.definition(), Source()
    pipeline = pipeline_of(folder, trial)
    columns = f"columns = {source.expression(pipeline['columns'])}"
    model = f"model = {source.expression(pipeline['model'])}"
    made = f'{source.name(type(pipeline))}([("columns", columns), ("model", model)])'
    splits = splits_source(folder.splits(), folder.train()[definition.target], definition.seed, source)
    timeline = definition.schema.timeline
    metric = metric_source(definition.metric, definition.problem, 1 if timeline is None else timeline.season_length)
    imports = "\n".join(sorted([*_IMPORTS, *source.imports.splitlines(), metric.imports]))
    weighted = definition.weight is not None and takes_weights(pipeline["model"])
    weights = ", model__sample_weight=weights[learn]" if weighted else ""
    return [
        Cell("markdown", _introduction(definition, trial)),
        Cell(
            "code", f"from pathlib import Path\n\nimport numpy as np\nimport pandas as pd\n{imports}\n\n{_ONE_THREAD}"
        ),
        Cell("markdown", "## Data\n\nThe rows that the run learned from, as it kept them."),
        Cell("code", _data(definition, trial)),
        Cell("markdown", f"## Splits\n\n{definition.validation}"),
        Cell("code", splits),
        Cell("markdown", "## Preprocessing, by the kind of column"),
        Cell("code", columns),
        Cell("markdown", f"## Model\n\n{trial.estimator}, with what differs from its defaults."),
        Cell("code", f"{model}\npipeline = {made}\npipeline"),
        Cell("markdown", f"## Score\n\n{definition.metric} on each split, the higher the better."),
        Cell("code", f"{metric.code}\n\n\n{_PREDICT_CLASSES if definition.classes else _PREDICT_VALUES}"),
        Cell("code", _SCORE.format(metric=definition.metric, weights=weights)),
        *_explanation_cells(definition, type(pipeline["model"])),
        Cell("markdown", "## Register and load"),
        Cell("code", _registration(definition, trial, weights.replace("[learn]", ""))),
    ]


def _introduction(definition: Definition, trial: Trial) -> str:
    return (
        f"# Trial {trial.number}: {trial.name}\n\n"
        f"{definition.problem.capitalize()} of `{definition.target}` in {definition.data}, {definition.rows} rows. "
        f"{definition.metric} was {trial.score(definition.metric):.6f}; "
        "run from top to bottom, this notebook gives the same.\n\n"
        f"It lies in the run's folder, two levels down, and needs {_needs(definition)}."
    )


def _needs(definition: Definition) -> str:
    if definition.problem == "forecast":
        return "mlws, whose forecasters are scikit-learn estimators"
    return "scikit-learn and the model's library, not mlws"


def _data(definition: Definition, trial: Trial) -> str:
    literal = Source().expression
    lines = [
        'RUN = Path("..")',
        f"SEED = {definition.seed}",
        f"RECORDED = {trial.score(definition.metric)!r}",
        'train = pd.read_pickle(RUN / "train.pkl")',
        f"X = train[{literal(list(definition.schema.features))}]",
        f"y = train[{literal(definition.target)}].to_numpy()",
    ]
    if definition.classes:
        lines += [
            f"CLASSES = {literal(list(definition.classes))}",
            "truth = pd.Index(CLASSES).get_indexer(pd.Index(y))  # class numbers, as metrics take them",
        ]
    else:
        lines.append("truth = y.astype(float)")
    if definition.weight is not None:
        lines.append(f"weights = train[{literal(definition.weight)}].to_numpy(float)")
    return "\n".join([*lines, "X.head()"])


def _explanation_cells(definition: Definition, model: type) -> list[Cell]:
    if definition.problem == "forecast":  # which looks at the target's own past, and at no column
        return []
    told = "## What it looks at\n\nOn rows of the last split that it did not learn from."
    return [Cell("markdown", told), Cell("code", _explanation(model))]


def _explanation(model: type) -> str:
    kind = shap_kind(model)
    if kind == "trees":
        return _SHAP.format(explainer='shap.TreeExplainer(fitted["model"])', options=", check_additivity=False")
    if kind == "linear":
        explainer = 'shap.LinearExplainer(fitted["model"], fitted["columns"].transform(background))'
        return _BACKGROUND + _SHAP.format(explainer=explainer, options="")
    return _PERMUTATION


def _registration(definition: Definition, trial: Trial, weights: str) -> str:
    library = trial.estimator.split(".")[0]
    known = {"sklearn": (), "xgboost": ("xgboost-cpu",), "workspace_jobs": ("lightgbm", "statsmodels")}
    packages = known.get(library, (library,))
    return _REGISTER.format(
        by_value=_BY_VALUE if definition.problem == "forecast" else "",
        weights=weights,
        name=f"trial-{trial.number}",
        metric=definition.metric,
        parameters=Source().expression(dict(trial.parameters), "        "),
        packages=Source().expression(["mlflow", "cloudpickle", "scikit-learn", "pandas", "numpy", *packages]),
    )

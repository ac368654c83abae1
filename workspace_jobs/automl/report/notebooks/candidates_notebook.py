"""The notebook beside `candidates.yaml`: what each candidate is, why it may be good here, and its pipeline as code."""

import inspect
import os
import tomllib
from pathlib import Path

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import FORECASTERS, build, estimator_class
from workspace_jobs.automl.notebook_file import Cell, write_notebook
from workspace_jobs.automl.preparation import Prepared
from workspace_jobs.automl.report.notebooks.source_code import Source

_FAMILIES = Path(__file__).with_name("families.toml")
_SCALING = {
    "none": "Numbers stay as they are.",
    "standard": "Numbers are shifted and scaled to mean 0 and deviation 1.",
    "quantile": "Numbers are spread to a normal distribution, which tames extreme values.",
    "minmax": "Numbers are scaled to lie between 0 and 1.",
}
_ENCODING = {
    "onehot": "Each category becomes a column of 0 and 1.",
    "ordinal": "Categories become numbers in their order.",
    "target": "Categories become the mean of the target, taken from other rows.",
}
_CALIBRATION = {
    "none": "",
    "sigmoid": "Its margin becomes a probability by a fitted sigmoid.",
    "temperature": "Its margins become probabilities by one fitted temperature.",
}
_COMPARE = """\
from sklearn.model_selection import cross_val_score

sample = X.sample(min(len(X), 1_000), random_state={seed})
for name, pipeline in pipelines.items():
    scores = cross_val_score(pipeline, sample, y[sample.index], cv=3)
    print(f"{{name:<20}} {{scores.mean():.4f}}")"""

_COMPARE_IN_TIME = """\
from sklearn.model_selection import TimeSeriesSplit, cross_val_score

ordered = X.sort_values({time}, kind="stable")
for name, pipeline in pipelines.items():
    scores = cross_val_score(pipeline, ordered, y[ordered.index], cv=TimeSeriesSplit(3))
    print(f"{{name:<20}} {{scores.mean():.4f}}")"""


def write_candidates_notebook(prepared: Prepared, data: str, file: Path, *, seed: int = 0) -> Path:
    """Write the notebook on what `prepared` would try on `data`, a path or name as the command line takes it."""
    source = Source()
    candidates = [cell for candidate in prepared.candidates for cell in _cells(candidate, prepared, source, seed)]
    imports = "\n".join(["from workspace_jobs.automl.data import tables", *source.imports.splitlines()])
    return write_notebook(
        [
            Cell("markdown", _introduction(prepared, data)),
            Cell("code", imports),
            Cell("code", _data(prepared, data, file.parent)),
            *candidates,
            *_side_by_side(prepared, seed),
        ],
        file,
    )


def _side_by_side(prepared: Prepared, seed: int) -> list[Cell]:
    timeline = prepared.dataset.schema.timeline
    if timeline is None:
        told, code = "A quick look at 1,000 rows by each pipeline's own score", _COMPARE.format(seed=seed)
    else:
        told = "A quick look by each pipeline's own score for later rows"
        code = _COMPARE_IN_TIME.format(time=Source().expression(timeline.time))
    return [Cell("markdown", f"## Side by side\n\n{told}; the run judges all."), Cell("code", code)]


def _introduction(prepared: Prepared, data: str) -> str:
    decided = "\n".join(f"- {sentence}" for sentence in prepared.explanations)
    return (
        f"# Candidates for {prepared.dataset.roles.target} of {Path(data).name}\n\n{decided}\n\n"
        f"{len(prepared.candidates)} candidates are tried in this order. Change them in `candidates.yaml`, then run "
        "`mlws automl run ... --candidates candidates.yaml`."
    )


def _data(prepared: Prepared, data: str, folder: Path) -> str:
    literal, dataset = Source().expression, prepared.dataset
    where = os.path.relpath(data, folder) if Path(data).exists() else data
    return "\n".join(
        [
            f"frame = tables.read({literal(where)})",
            f"frame = frame[frame[{literal(dataset.roles.target)}].notna()].reset_index(drop=True)",
            f"X = frame[{literal(list(dataset.schema.features))}]",
            f"y = frame[{literal(dataset.roles.target)}]",
            "pipelines = {}",
        ]
    )


def _cells(candidate: Candidate, prepared: Prepared, source: Source, seed: int) -> list[Cell]:
    pipeline = source.expression(build(candidate, prepared.dataset.schema, seed=seed))
    name = source.expression(candidate.name)
    return [
        Cell("markdown", explanation(candidate)),
        Cell("code", f"pipelines[{name}] = {pipeline}\npipelines[{name}]"),
    ]


def explanation(candidate: Candidate) -> str:
    """What a candidate is and does, in Markdown."""
    is_forecaster = candidate.estimator.startswith(FORECASTERS)
    with _FAMILIES.open("rb") as file:
        families = tomllib.load(file)
    # Azure's names do not tell LightGBM over lags from LightGBM over columns.
    family = families.get(candidate.estimator.rpartition(".")[2] if is_forecaster else candidate.algorithm)
    about = (
        f"{family['what']}\n\n- Strong: {family['strong']}\n- Weak: {family['weak']}"
        if family
        else (inspect.getdoc(estimator_class(candidate)) or candidate.estimator).partition("\n")[0]
    )
    if is_forecaster:
        return f"## {candidate.name}: {candidate.algorithm}\n\n{about}"
    how = (_SCALING[candidate.scaling], _ENCODING[candidate.encoding], _CALIBRATION[candidate.calibration])
    return f"## {candidate.name}: {candidate.algorithm}\n\n{about}\n\n{' '.join(filter(None, how))}"

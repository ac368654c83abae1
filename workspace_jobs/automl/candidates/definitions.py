"""Which candidates a run tries: the portfolio, or a file that a person edited."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

import yaml

from workspace_jobs.automl.candidates.candidate import Calibration, Candidate, Encoding, Scaling
from workspace_jobs.automl.candidates.pipelines import check
from workspace_jobs.automl.data.problem import is_classification
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.errors import nearest

PORTFOLIO = Path(__file__).with_name("portfolio.toml")
_FORECAST = Path(__file__).with_name("forecast.toml")
# Families that are tried only by name.
_ON_REQUEST = Path(__file__).with_name("on_request.toml")
_CHOICES = {"scaling": get_args(Scaling), "encoding": get_args(Encoding), "calibration": get_args(Calibration)}
_FIELDS = tuple(field.name for field in fields(Candidate))
_HEADER = """\
# Candidates of an AutoML run, in the order in which they are tried: edit, remove, add, then run
#     mlws automl run DATA --target COLUMN --candidates {name}
#
# name         anything, once
# algorithm    the family, as Azure AutoML names it
# estimator    a class of {libraries}; of a forecast, of {forecasters}
# parameters   what it is made with
# scaling      of numbers: {scaling}
# encoding     of categories: {encoding}
# calibration  how a classifier without probabilities gets them: {calibration}
"""


@dataclass(frozen=True)
class Choice:
    """The candidates in order, and sentences on those that are left out."""

    candidates: tuple[Candidate, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Algorithms:
    """Which families may be tried, by Azure's names. Empty `allowed` means all."""

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()

    def admits(self, algorithm: str) -> bool:
        """Whether candidates of `algorithm` may be tried."""
        return algorithm not in self.blocked and (not self.allowed or algorithm in self.allowed)


def portfolio(problem: ProblemKind, rows: int, algorithms: Algorithms) -> Choice:
    """The candidates for a problem with so many rows. Raises AutoMLError when none is left."""
    entries = _entries(problem, algorithms)
    known = {entry["algorithm"] for entry in entries}
    notices = [f"{name} is not available here and is left out." for name in sorted(algorithms.allowed - known)]
    wanted = [entry for entry in entries if algorithms.admits(entry["algorithm"])]
    slow = [entry for entry in wanted if rows > entry.get("max_rows", rows)]
    notices += [f"{entry['name']} is left out: it is too slow for {rows} rows." for entry in slow]
    chosen = tuple(_candidate(_known_keys(entry), PORTFOLIO.name) for entry in wanted if entry not in slow)
    if not chosen:
        raise AutoMLError(
            f"no training algorithm is left for this {problem} problem; AutoML has {', '.join(sorted(known))}"
        )
    return Choice(chosen, tuple(notices))


def _entries(problem: ProblemKind, algorithms: Algorithms) -> list[dict[str, Any]]:
    """The portfolio's, and for families that are asked for by name those it lacks."""
    file = _FORECAST if problem == "forecast" else PORTFOLIO
    entries: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[problem]
    if not algorithms.allowed or problem == "forecast":
        return entries
    # What holds for two classes holds for more.
    more = tomllib.loads(_ON_REQUEST.read_text(encoding="utf-8"))["binary" if problem == "multiclass" else problem]
    families = {entry["algorithm"] for entry in entries}
    return [*entries, *(entry for entry in more if entry["algorithm"] not in families)]


def read(file: Path, problem: ProblemKind) -> list[Candidate]:
    """The candidates in a definition file. Raises AutoMLError, naming file and key, for what is wrong in it."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise AutoMLError(f"{file} can't be read: {str(error).partition(chr(10))[0]}") from error
    entries = content.get("candidates") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries:
        raise AutoMLError(f"{file} has no list `candidates`: write one with `mlws automl run ... --candidates-only`")
    found = [_candidate(entry, str(file)) for entry in entries]
    names = [candidate.name for candidate in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise AutoMLError(f"{file} has more than one candidate named {twice!r}: give each a name of its own")
    for candidate in found:
        check(candidate, for_classes=is_classification(problem), for_series=problem == "forecast")
    return found


def write(candidates: Sequence[Candidate], file: Path) -> None:
    """Write a definition file that `read` reads, with comments for who edits it."""
    from workspace_jobs.automl.candidates.pipelines import FORECASTERS, LIBRARIES

    words = {name: " | ".join(choices) for name, choices in _CHOICES.items()}
    header = _HEADER.format(name=file.name, libraries=", ".join(LIBRARIES), forecasters=FORECASTERS, **words)
    entries = [{name: _plain(getattr(candidate, name)) for name in _FIELDS} for candidate in candidates]
    file.parent.mkdir(parents=True, exist_ok=True)
    body = yaml.safe_dump({"candidates": entries}, sort_keys=False, default_flow_style=None, width=110)
    draft = file.with_name(f"{file.name}.draft")
    draft.write_text(f"{header}\n{body}", encoding="utf-8")
    draft.replace(file)


def _known_keys(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key in _FIELDS}


def _candidate(entry: object, file: str) -> Candidate:
    if not isinstance(entry, dict):
        raise AutoMLError(f"{file}: a candidate must be a mapping with {', '.join(_FIELDS)}, not {entry!r}")
    told = f"{file}: candidate {entry.get('name', '?')!r}"
    unknown = next((str(key) for key in entry if key not in _FIELDS), None)
    if unknown is not None:
        raise AutoMLError(f"{told} has an unknown key {unknown!r}: {nearest(unknown, _FIELDS)}")
    _check_values(entry, told)
    return Candidate(**{"algorithm": entry["estimator"].rpartition(".")[2], **entry})


def _check_values(entry: Mapping[str, Any], told: str) -> None:
    for key in ("name", "estimator"):
        if not isinstance(entry.get(key), str):
            raise AutoMLError(f"{told} has no `{key}`: write a text")
    for key, choices in _CHOICES.items():
        if key in entry and entry[key] not in choices:
            raise AutoMLError(f"{told} has `{key}: {entry[key]}`: write one of {', '.join(choices)}")
    if not isinstance(entry.get("parameters", {}), dict):
        raise AutoMLError(f"{told}: `parameters` must be a mapping")


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value

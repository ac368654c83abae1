"""A sweep as it was asked for, written down with its run so that it can be resumed without asking again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from workspace_jobs.sweeps.early_termination import EarlyTermination, read_policy
from workspace_jobs.sweeps.space import Choice, Dimension, LogUniform, Parameters, Space, Uniform

_KINDS = {"choice": Choice, "uniform": Uniform, "loguniform": LogUniform}


@dataclass(frozen=True)
class SweepDefinition:
    """What to try, and when to stop.

    Parameters
    ----------
    target: a script's path or a module's name, and after a colon the function to call.
    space: what is varied; `fixed` is given to every trial.
    sampler: one of `samplers.SAMPLERS`.
    metric: which of a trial's metrics counts; empty where each trial has one only.
    goal: "minimize" or "maximize".
    max_trials: how many trials there are at most.
    timeout: seconds that the sweep may take, `trial_timeout` those of a trial; None is without limit.
    patience: how many trials without improvement end the sweep; None never.
    early_termination: which trials are ended on their way; None none.
    parallel: how many processes try at the same time.
    folder: where the trials run, absolute.
    arguments: a script's arguments with `${{search_space.NAME}}` in them; empty for `--NAME value` of each.
    """

    target: str
    space: Space
    max_trials: int
    fixed: Parameters = field(default_factory=dict)
    sampler: str = "grid"
    metric: str = ""
    goal: str = "minimize"
    timeout: float | None = None
    trial_timeout: float | None = None
    patience: int | None = None
    early_termination: EarlyTermination | None = None
    parallel: int = 1
    seed: int = 0
    folder: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The script's path, or the module's name."""
        return self.target.partition(":")[0]

    @property
    def function(self) -> str:
        """The function's name; empty for a script that runs as a whole."""
        return self.target.partition(":")[2]

    def is_better(self, value: float, than: float | None) -> bool:
        """Whether one value of the metric is better than another; anything is better than none."""
        if than is None:
            return True
        return value < than if self.goal == "minimize" else value > than

    def to_json(self) -> str:
        """The definition as text; `from_json` gives an equal one back."""
        space = {name: _to_plain(dimension) for name, dimension in self.space.items()}
        plain = {**{one.name: getattr(self, one.name) for one in fields(self)}, "space": space}
        if self.early_termination is not None:
            plain["early_termination"] = self.early_termination.stated()
        return json.dumps(plain, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "SweepDefinition":
        """The definition that `to_json` wrote."""
        raw = json.loads(text)
        raw["space"] = {name: _from_plain(dimension) for name, dimension in raw["space"].items()}
        raw["arguments"] = tuple(raw["arguments"])
        if raw.get("early_termination") is not None:
            raw["early_termination"] = read_policy(raw["early_termination"], "early_termination")
        return cls(**raw)


def _to_plain(dimension: Dimension) -> dict[str, Any]:
    kind = next(name for name, of in _KINDS.items() if isinstance(dimension, of))
    return {"kind": kind, **asdict(dimension)}


def _from_plain(raw: Mapping[str, Any]) -> Dimension:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items() if key != "kind"}
    dimension: Dimension = _KINDS[raw["kind"]](**values)
    return dimension

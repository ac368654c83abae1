"""A sweep as Azure ML's sweep job: a file of that kind as it is, or a script with its launcher."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from workspace_jobs.connection import Workspace
from workspace_jobs.errors import JobsError
from workspace_jobs.jobs.building import Options
from workspace_jobs.jobs.submission import submit
from workspace_jobs.jobs.targets import JobFile
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.space import Choice, Dimension, LogUniform
from workspace_jobs.sweeps.values import text_of_value
from workspace_jobs.training.job import Asked, launch_spec, pairs
from workspace_jobs.training.remote import LAUNCH, job_file

_SAMPLERS = {"grid": "grid", "random": "random", "tpe": "bayesian"}


def submit_job_file(workspace: Workspace, path: Path, asked: Asked, compute: str) -> str:
    """Submit a sweep job's file and return the job's name."""
    policy = workspace.config.policy.with_autolog(asked.autolog)
    job = submit(workspace, JobFile(path), Options(asked.name, asked.experiment, compute), policy)
    return str(job.name)


def submit_sweep(workspace: Workspace, definition: SweepDefinition, asked: Asked, compute: str) -> str:
    """Submit a script's sweep and return the job's name. Raises JobsError for a function, which is for this machine."""
    if definition.function:
        raise JobsError(f"{definition.target}: a compute runs scripts: name the script alone, or leave --compute out")
    if not definition.metric:
        raise JobsError("--metric is missing: a sweep job names the metric it is about, as --metric mse")
    if definition.patience is not None:
        raise JobsError("--patience: a sweep job has no such limit: write --max-trials or --timeout instead")
    spec = launch_spec(asked, {name: text_of_value(value) for name, value in definition.fixed.items()})
    with job_file(spec, description_of(definition, asked), asked.environment) as path:
        return submit_job_file(workspace, path, replace(asked, experiment=spec.experiment), compute)


def description_of(definition: SweepDefinition, asked: Asked) -> dict[str, Any]:
    """What a sweep job has besides its trial's code and environment."""
    values = (f"--param {name}=${{{{search_space.{name}}}}}" for name in definition.space)
    limits = {
        "max_total_trials": definition.max_trials,
        "max_concurrent_trials": min(definition.parallel, definition.max_trials),
        "timeout": definition.timeout and math.ceil(definition.timeout),
        "trial_timeout": definition.trial_timeout and math.ceil(definition.trial_timeout),
    }
    policy = definition.early_termination
    return {
        "type": "sweep",
        "display_name": asked.name or f"sweep of {definition.target}",
        "trial": {"command": " ".join([LAUNCH, *values])},
        "tags": pairs("--tag", asked.tags),
        "sampling_algorithm": _sampling(definition),
        "search_space": {name: _dimension(dimension) for name, dimension in definition.space.items()},
        "objective": {"goal": definition.goal, "primary_metric": definition.metric},
        "limits": {name: value for name, value in limits.items() if value},
        **({"early_termination": policy.stated()} if policy else {}),
    }


def _sampling(definition: SweepDefinition) -> str | dict[str, Any]:
    """The sampler; of Azure ML's, only the random one takes a seed."""
    if definition.sampler == "random":
        return {"type": "random", "seed": definition.seed}
    return _SAMPLERS[definition.sampler]


def _dimension(dimension: Dimension) -> dict[str, Any]:
    match dimension:
        case Choice(values):
            return {"type": "choice", "values": list(values)}
        case LogUniform(low, high):
            # Azure ML states the exponents.
            return {"type": "loguniform", "min_value": math.log(low), "max_value": math.log(high)}
    if dimension.step:
        return {"type": "quniform", "min_value": dimension.low, "max_value": dimension.high, "q": dimension.step}
    return {"type": "uniform", "min_value": dimension.low, "max_value": dimension.high}

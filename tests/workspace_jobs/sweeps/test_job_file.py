"""Sweep jobs in Azure ML's own YAML: read here, and written so that the official SDK reads them."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from azure.ai.ml import load_job

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.asked import AskedSweep, definition_of
from workspace_jobs.sweeps.early_termination import Bandit, MedianStopping
from workspace_jobs.sweeps.job_file import read_job_file
from workspace_jobs.sweeps.remote import description_of
from workspace_jobs.sweeps.space import Choice, LogUniform, Uniform
from workspace_jobs.training.job import Asked, launch_spec
from workspace_jobs.training.remote import job_file

JOB: dict[str, Any] = {
    "type": "sweep",
    "trial": {"code": ".", "command": "python train.py --alpha ${{search_space.alpha}} --seed ${{inputs.seed}}"},
    "inputs": {"seed": 42},
    "sampling_algorithm": "bayesian",
    "search_space": {"alpha": {"type": "loguniform", "min_value": -2, "max_value": 0}},
    "objective": {"goal": "minimize", "primary_metric": "mse"},
    "limits": {"max_total_trials": 7, "max_concurrent_trials": 3, "trial_timeout": 60},
}


def write(folder: Path, job: dict[str, Any]) -> Path:
    (folder / "train.py").write_text("")
    path = folder / "sweep.yaml"
    path.write_text(yaml.safe_dump(job))
    return path


@pytest.mark.parametrize(("given", "seed"), [(None, 7), (0, 0), (3, 3)])
def test_the_seed_is_the_files_unless_another_is_given(tmp_path: Path, given: int | None, seed: int) -> None:
    path = write(tmp_path, {**JOB, "sampling_algorithm": {"type": "random", "seed": 7}})
    definition, _ = read_job_file(path, AskedSweep(seed=given), Asked("x"), 1)
    assert (definition.sampler, definition.seed) == ("random", seed)


def test_a_file_says_all_that_the_command_line_could(tmp_path: Path) -> None:
    definition, _ = read_job_file(write(tmp_path, JOB), AskedSweep(parallel=1), Asked("x"), 8)
    assert definition.space == {"alpha": LogUniform(math.exp(-2), 1.0)}
    assert (definition.sampler, definition.max_trials, definition.parallel) == ("tpe", 7, 1)
    assert (definition.metric, definition.fixed, definition.trial_timeout) == ("mse", {"seed": 42}, 60)
    assert definition.arguments == ("--alpha", "${{search_space.alpha}}", "--seed", "${{inputs.seed}}")


def test_a_policy_of_a_file_holds_here_unless_another_is_given(tmp_path: Path) -> None:
    stated = {"type": "bandit", "slack_factor": 0.1, "slack_amount": 0, "delay_evaluation": 5}
    path = write(tmp_path, {**JOB, "early_termination": stated})
    definition, _ = read_job_file(path, AskedSweep(), Asked("x"), 1)
    assert definition.early_termination == Bandit(slack_factor=0.1, delay_evaluation=5)
    definition, _ = read_job_file(path, AskedSweep(early_termination="median_stopping"), Asked("x"), 1)
    assert definition.early_termination == MedianStopping()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "command"}, "no sweep job"),
        ({"search_space": {"alpha": {"type": "normal", "mu": 0, "sigma": 1}}}, "not tried here"),
        ({"search_space": {"alpha": {"type": "uniform", "min_value": 0}}}, "max_value"),
        ({"search_space": {}}, "has no `search_space`"),
        ({"sampling_algorithm": "gird"}, "did you mean `grid`"),
        ({"early_termination": "bandit"}, "no `early_termination`"),
        ({"early_termination": {"type": "bandit"}}, "`early_termination`: write one of slack_factor and"),
        ({"early_termination": {"type": "median_stopping"}, "objective": {"goal": "minimize"}}, "--metric is missing"),
        ({"inputs": {"sed": 1}}, "refers to `seed`"),
        ({"trial": {"command": "bash run.sh"}}, "--compute NAME"),
        ({"trial": {"command": "python gone.py"}}, "which .* does not have"),
    ],
)
def test_a_file_that_is_none_is_said(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(JobsError, match=words):
        read_job_file(write(tmp_path, {**JOB, **change}), AskedSweep(), Asked("x"), 1)


def test_a_sweep_of_a_script_is_a_sweep_job_to_the_sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("import sys\n")
    wanted = AskedSweep(
        grid=["a=1,2"],
        random=["b=uniform(0,1)", "c=loguniform(0.1,10)"],
        metric="mse",
        max_trials=5,
        timeout=90.5,
        seed=11,
        early_termination="truncation_selection(truncation_percentage=20,delay_evaluation=5)",
    )
    definition = definition_of("train.py", wanted, 2)
    asked = Asked("train.py")
    with job_file(launch_spec(asked), description_of(definition, asked), None) as path:
        job: Any = load_job(path)
        assert Path(job.trial.code, "workspace_jobs", "training", "launch", "__main__.py").exists()
    assert job.type == "sweep"
    assert (job.search_space["a"].values, job.search_space["b"].max_value) == ([1, 2], 1.0)
    assert math.exp(job.search_space["c"].max_value) == pytest.approx(10)
    assert (job.limits.max_total_trials, job.limits.max_concurrent_trials, job.limits.timeout) == (5, 2, 91)
    assert (job.sampling_algorithm.type, job.sampling_algorithm.seed) == ("random", 11)
    assert (job.early_termination.truncation_percentage, job.early_termination.delay_evaluation) == (20, 5)
    assert "--param b=${{search_space.b}}" in job.trial.command
    assert definition.space["b"] == Uniform(0, 1)
    assert definition.space["a"] == Choice((1, 2))

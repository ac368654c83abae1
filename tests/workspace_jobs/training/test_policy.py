"""The logging policy: read, handed on by variables, and refused where it is none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace_jobs.config_file import load_config
from workspace_jobs.errors import JobsError
from workspace_jobs.logging_policy import (
    FLAVOURS,
    LOGGED,
    LoggingPolicy,
    policy_of_config,
    policy_of_environment,
)

policies = st.builds(
    LoggingPolicy,
    autolog=st.sampled_from(["on", "off"]),
    flavours=st.dictionaries(st.sampled_from(sorted(FLAVOURS)), st.sampled_from(["on", "off"])),
    logged=st.frozensets(st.sampled_from(LOGGED)),
)


@given(policies)
def test_the_variables_carry_the_whole_policy(policy: LoggingPolicy) -> None:
    assert policy_of_environment(policy.variables()) == policy


def test_without_variables_the_environment_says_nothing() -> None:
    assert policy_of_environment({"PATH": "/bin"}) is None


def test_config_json_of_a_stack_is_read(write_config: Callable[..., Path]) -> None:
    stated = {"autolog": "off", "flavours": {"sklearn": "on"}, "examples": False, "models": True}
    policy = load_config(write_config(logging=stated)).policy
    assert policy == LoggingPolicy("off", {"sklearn": "on"}, frozenset(LOGGED) - {"examples"})


def test_a_config_json_of_the_studio_logs_everything(write_config: Callable[..., Path]) -> None:
    assert load_config(write_config()).policy == LoggingPolicy()


def test_a_job_may_have_another_switch_than_its_workspace() -> None:
    policy = LoggingPolicy("on", {"sklearn": "off"})
    assert policy.with_autolog("explicit-only") == LoggingPolicy("explicit-only")
    assert policy.with_autolog(None) is policy


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"autolog": "of"}, "did you mean `off`"),
        ({"autolg": "off"}, "did you mean `autolog`"),
        ({"flavours": {"sklaern": "off"}}, "did you mean `sklearn`"),
        ({"flavours": {"sklearn": "maybe"}}, "on or off"),
        ({"autolog": "explicit-only", "flavours": {"sklearn": "on"}}, "contradict"),
        ("off", "not an object"),
    ],
)
def test_a_wrong_policy_is_said(stated: Any, words: str) -> None:
    with pytest.raises(JobsError, match=words):
        policy_of_config(json.loads(json.dumps(stated)), "config.json")

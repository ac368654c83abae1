"""What MLflow logs by itself in a job: decided for the workspace, delivered by environment variables, applied there.

Runs on a compute too, where only the standard library and MLflow can be counted on.
"""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workspace_jobs.errors import JobsError, nearest

AUTOLOG = ("on", "off", "explicit-only")
# MLflow's flavours that log by themselves, with the package each of them is about.
FLAVOURS = {
    "sklearn": "sklearn",
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
    "statsmodels": "statsmodels",
    "keras": "keras",
    "tensorflow": "tensorflow",
    "pytorch": "lightning",
    "transformers": "transformers",
    "spark": "pyspark",
}
LOGGED = ("models", "signatures", "examples", "datasets")
# The variables that carry a policy to a job.
AUTOLOG_VARIABLE, FLAVOURS_VARIABLE, LOGGED_VARIABLE = "MLWS_AUTOLOG", "MLWS_AUTOLOG_FLAVOURS", "MLWS_LOG"


@dataclass(frozen=True)
class LoggingPolicy:
    """One of AUTOLOG, what single flavours do instead ("on" or "off"), and which of LOGGED goes along."""

    autolog: str = "on"
    flavours: Mapping[str, str] = field(default_factory=dict)
    logged: frozenset[str] = frozenset(LOGGED)

    def variables(self) -> dict[str, str]:
        """The environment variables that `policy_of_environment` reads back."""
        return {
            AUTOLOG_VARIABLE: self.autolog,
            FLAVOURS_VARIABLE: ",".join(f"{name}={switch}" for name, switch in sorted(self.flavours.items())),
            LOGGED_VARIABLE: ",".join(name for name in LOGGED if name in self.logged),
        }

    def with_autolog(self, autolog: str | None) -> "LoggingPolicy":
        """The policy with another switch, which then holds for every flavour; itself where that is None."""
        return self if autolog is None else LoggingPolicy(autolog, {}, self.logged)


def policy_of_config(stated: object, where: str) -> LoggingPolicy:
    """The policy that `config.json` states below `logging`. Raises JobsError for what is none."""
    if not isinstance(stated, Mapping):
        raise JobsError(f"{where}: `logging` is not an object: write what `pulumi stack output config_json` prints")
    _check(stated, ("autolog", "flavours", *LOGGED), where)
    flavours = stated.get("flavours", {})
    _check(flavours, FLAVOURS, f"{where}: `logging.flavours`")
    return _policy(
        str(stated.get("autolog", "on")),
        {str(name): str(switch) for name, switch in flavours.items()},
        frozenset(name for name in LOGGED if stated.get(name, True)),
        where,
    )


def policy_of_environment(environment: Mapping[str, str] = os.environ) -> LoggingPolicy | None:
    """The policy that the environment delivers, None where it says nothing. Raises JobsError for a wrong one."""
    if not any(name in environment for name in (AUTOLOG_VARIABLE, FLAVOURS_VARIABLE, LOGGED_VARIABLE)):
        return None
    stated = [part.strip().partition("=") for part in environment.get(FLAVOURS_VARIABLE, "").split(",") if part.strip()]
    flavours = {name: switch for name, _, switch in stated}
    _check(flavours, FLAVOURS, FLAVOURS_VARIABLE)
    logged = [one.strip() for one in environment.get(LOGGED_VARIABLE, ",".join(LOGGED)).split(",") if one.strip()]
    _check(dict.fromkeys(logged), LOGGED, LOGGED_VARIABLE)
    autolog = environment.get(AUTOLOG_VARIABLE, "on")
    return _policy(autolog, flavours, frozenset(logged), AUTOLOG_VARIABLE)


def apply(policy: LoggingPolicy) -> None:
    """Configure MLflow's autologging in this process; a script's own calls come later, and win."""
    import mlflow

    options: dict[str, Any] = {
        "log_models": "models" in policy.logged,
        "log_model_signatures": "signatures" in policy.logged,
        "log_input_examples": "examples" in policy.logged,
        "log_datasets": "datasets" in policy.logged,
        "silent": True,
    }
    if policy.autolog == "explicit-only":
        mlflow.autolog(disable=True, silent=True)
        return
    switched_off = [name for name, switch in policy.flavours.items() if switch == "off"]
    if policy.autolog == "on":
        mlflow.autolog(exclude_flavors=switched_off, **options)
        return
    # Nothing is touched but what is named: what the platform turned on stays on.
    wanted = [name for name, switch in policy.flavours.items() if switch == "on" and _is_installed(name)]
    if wanted:
        mlflow.autolog(exclude_flavors=_every_flavour_but(wanted), **options)


def _policy(autolog: str, flavours: Mapping[str, str], logged: frozenset[str], where: str) -> LoggingPolicy:
    if autolog not in AUTOLOG:
        raise JobsError(f"{where}: autolog is `{autolog}`: {nearest(autolog, AUTOLOG)}")
    for name, switch in flavours.items():
        if switch not in ("on", "off"):
            raise JobsError(f"{where}: flavour `{name}` is `{switch}`: write on or off")
    if autolog == "explicit-only" and "on" in flavours.values():
        raise JobsError(f"{where}: flavours that are on contradict autolog `explicit-only`: write `off`")
    return LoggingPolicy(autolog, flavours, logged)


def _check(stated: Mapping[str, object], known: "Mapping[str, object] | tuple[str, ...]", where: str) -> None:
    for name in stated:
        if name not in known:
            raise JobsError(f"{where}: `{name}` is unknown: {nearest(str(name), known)}")


def _is_installed(flavour: str) -> bool:
    return importlib.util.find_spec(FLAVOURS[flavour]) is not None


def _every_flavour_but(wanted: list[str]) -> list[str]:
    """Every module of MLflow that logs by itself, the generative ones included, without those wanted."""
    from mlflow.ml_package_versions import FLAVOR_TO_MODULE_NAME

    return [name for name in {*FLAVOR_TO_MODULE_NAME, *FLAVOURS, "litellm"} if name not in wanted]

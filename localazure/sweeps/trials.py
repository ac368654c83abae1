"""A sweep's trials as jobs of their own: submitted, asked how they stand, cancelled; their metrics read from MLflow."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from localazure.machine_learning.types import PARENT_TAG
from localazure.pulumi_provider.arm_client import ArmClient
from localazure.pulumi_provider.errors import ArmError, ProviderError
from localazure.pulumi_provider.mapping import ArmRequest
from localazure.sweeps.errors import SweepError
from localazure.sweeps.sampling import Values

API_VERSION = "2024-10-01"
# Where Azure ML keeps what a trial was given.
VALUES_TAG = "hyperparameters"
_TIMEOUT_SECONDS = 30.0
# How long a sweep waits for a server that was killed to be started again.
PATIENCE_SECONDS = 300.0
T = TypeVar("T")
# The MLflow server is on loopback: no proxy, whatever the environment says.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_OF_SWEEP = ("inputs", "outputs", "computeId", "experimentName", "identity")


@dataclass(frozen=True)
class Trials:
    """The jobs below `parent`, a sweep's name, in the workspace with the ARM id `workspace`."""

    arm: ArmClient
    workspace: str
    parent: str
    sweep: Mapping[str, Any]
    tracking_uri: str

    def submit(self, number: int, values: Values) -> str:
        """Submit a trial, and return its name."""
        name = f"{self.parent}_{number}"
        body = {"properties": self._properties(name, values)}
        self._patiently(lambda: self.arm.send(ArmRequest("PUT", self._path(name), API_VERSION, body)))
        return name

    def status(self, name: str) -> str:
        """Azure ML's word for where a trial stands."""
        found = self._patiently(lambda: self.arm.get(self._path(name), API_VERSION))
        return "Failed" if found is None else str(found["properties"]["status"])

    def cancel(self, name: str) -> None:
        """Ask for the end of a trial."""
        self._patiently(lambda: self.arm.send(ArmRequest("POST", f"{self._path(name)}/cancel", API_VERSION)))

    def history(self, name: str, metric: str) -> Sequence[float]:
        """A trial's values of a metric, in the order they were logged; none before its run begins."""
        query = urllib.parse.urlencode({"run_id": name, "metric_key": metric})
        address = f"{self.tracking_uri}/api/2.0/mlflow/metrics/get-history?{query}"
        return self._patiently(lambda: _logged(address))

    def _properties(self, name: str, values: Values) -> dict[str, Any]:
        trial, limits = self.sweep["trial"], self.sweep.get("limits") or {}
        properties = {
            **{key: self.sweep[key] for key in _OF_SWEEP if self.sweep.get(key)},
            **{key: trial[key] for key in ("codeId", "environmentId", "environmentVariables") if trial.get(key)},
            "jobType": "Command",
            # A trial's value is an input like any other, and so quoted like one.
            "command": trial["command"].replace("search_space.", "inputs."),
            "displayName": name,
            "tags": {**(self.sweep.get("tags") or {}), PARENT_TAG: self.parent, VALUES_TAG: json.dumps(values)},
        }
        literals = {key: {"jobInputType": "literal", "value": _text(value)} for key, value in values.items()}
        properties["inputs"] = {**(properties.get("inputs") or {}), **literals}
        # Each trial gets a place of its own for what it makes.
        outputs = properties.get("outputs") or {}
        properties["outputs"] = {key: {**one, "uri": None} for key, one in outputs.items() if key != "default"}
        if limits.get("trialTimeout"):
            properties["limits"] = {"jobLimitsType": "Command", "timeout": limits["trialTimeout"]}
        return properties

    def _patiently(self, action: Callable[[], T]) -> T:
        """Do `action`; while the server is away, again and again, for PATIENCE_SECONDS."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return action()
            except ArmError as error:
                raise SweepError(f"Azure refused a trial: {error}") from error
            except ProviderError:
                if time.monotonic() > until:
                    raise
                time.sleep(1.0)

    def _path(self, name: str) -> str:
        return f"{self.workspace}/jobs/{name}"


def _logged(address: str) -> Sequence[float]:
    """Raises ProviderError where the server does not answer, which is no word on what was logged."""
    try:
        with _OPENER.open(address, timeout=_TIMEOUT_SECONDS) as answer:
            return [float(one["value"]) for one in json.loads(answer.read()).get("metrics", [])]
    except OSError as error:
        if isinstance(error, urllib.error.HTTPError) and error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return []
        raise ProviderError(f"the tracking server does not answer ({error})") from error


def _text(value: Any) -> str:  # noqa: ANN401 - a number or a text
    return str(value).lower() if isinstance(value, bool) else str(value)

"""The job's run on the MLflow server, by REST: importing mlflow would cost each job three seconds."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

from localazure.runner.errors import RunnerError, UnreachableError
from localazure.runner.spec import JobSpec
from localazure.runner.state import JobStatus

_TIMEOUT_SECONDS = 30.0
_ENDINGS = {JobStatus.COMPLETED: "FINISHED", JobStatus.FAILED: "FAILED", JobStatus.CANCELED: "KILLED"}
# The server is on loopback: no proxy, whatever the environment says.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Run:
    """A run on the server at `uri`."""

    uri: str
    run_id: str
    experiment_id: str

    def end(self, status: JobStatus) -> None:
        """Say how the run ended. Raises RunnerError when the server can't be reached or refuses."""
        body = {"run_id": self.run_id, "status": _ENDINGS[status], "end_time": _now()}
        _call(self.uri, "runs/update", body)


def start_run(spec: JobSpec, uri: str) -> Run:
    """Create the run of the job `spec`, in its experiment, which is made where it is missing.

    The two `localazure.` tags ask the embedded Azure's server for the run id and the place of the artifacts.
    Raises RunnerError when the server can't be reached or refuses.
    """
    experiment = _experiment(uri, spec.experiment)
    wanted = {"localazure.run_id": spec.name, "localazure.artifact_uri": spec.artifact_uri}
    tags = {**spec.tags, **{key: value for key, value in wanted.items() if value}}
    body = {
        "experiment_id": experiment,
        "run_name": spec.run_name or spec.name,
        "start_time": _now(),
        "tags": [{"key": key, "value": value} for key, value in tags.items()],
    }
    run = _call(uri, "runs/create", body)["run"]
    return Run(uri, str(run["info"]["run_id"]), experiment)


def _experiment(uri: str, name: str) -> str:
    query = urllib.parse.urlencode({"experiment_name": name})
    try:
        return str(_call(uri, f"experiments/get-by-name?{query}")["experiment"]["experiment_id"])
    except _MissingError:
        pass
    try:
        return str(_call(uri, "experiments/create", {"name": name})["experiment_id"])
    except _ExistsError:
        # Another job of the same experiment was faster.
        return str(_call(uri, f"experiments/get-by-name?{query}")["experiment"]["experiment_id"])


class _MissingError(RunnerError):
    pass


class _ExistsError(RunnerError):
    pass


_KNOWN_REFUSALS = {"RESOURCE_DOES_NOT_EXIST": _MissingError, "RESOURCE_ALREADY_EXISTS": _ExistsError}


# The answer's shape is MLflow's: nested objects, named in MLflow's REST documentation.
def _call(uri: str, path: str, body: Mapping[str, object] | None = None) -> "dict[str, dict[str, dict[str, str]]]":
    request = urllib.request.Request(  # noqa: S310 - our own server's http address
        f"{uri}/api/2.0/mlflow/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            return dict(json.loads(answer.read() or b"{}"))
    except urllib.error.HTTPError as error:
        raise _refusal(error, path) from error
    except OSError as error:
        raise UnreachableError(f"The MLflow server at {uri} could not be reached: {error}.") from error


def _refusal(error: urllib.error.HTTPError, path: str) -> RunnerError:
    try:
        answer = json.loads(error.read())
        code, message = str(answer["error_code"]), str(answer["message"])
    except (ValueError, KeyError, TypeError):
        code, message = "", f"status {error.code}"
    kind = _KNOWN_REFUSALS.get(code, RunnerError)
    return kind(f"The MLflow server refused {path.partition('?')[0]}: {message.rstrip('.')}.")


def _now() -> int:
    return int(time.time() * 1000)

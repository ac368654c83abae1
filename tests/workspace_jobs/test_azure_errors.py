import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from azure.ai.ml.exceptions import JobException, ValidationException
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
)
from azure.identity import CredentialUnavailableError
from mlflow.exceptions import MlflowException

from workspace_jobs.azure_errors import azure_errors, reason, translate
from workspace_jobs.errors import JobsError

PROXY_REFUSED = (
    "HTTPSConnectionPool(host='management.azure.com', port=443): Max retries exceeded with url: /x "
    "(Caused by ProxyError('Unable to connect to proxy', NewConnectionError('[Errno 111] refused')))"
)


def response_error(status: int, message: str, kind: type[HttpResponseError] = HttpResponseError) -> HttpResponseError:
    error = kind(message)
    error.status_code = status
    return error


def from_identity(message: str) -> Exception:
    error = ClientAuthenticationError(message)
    error.response = SimpleNamespace(status_code=401, reason="Unauthorized")
    return error


@pytest.mark.parametrize(
    ("error", "exit_code", "words"),
    [
        (ServiceRequestError(PROXY_REFUSED), 2, "management.azure.com cannot be reached"),
        (requests.exceptions.ProxyError(PROXY_REFUSED), 2, "management.azure.com cannot be reached"),
        (MlflowException(f"API request failed with exception {PROXY_REFUSED}"), 2, "cannot be reached"),
        (
            CredentialUnavailableError(message="DefaultAzureCredential failed\nEnvironmentCredential: ..."),
            2,
            "az login",
        ),
        (
            from_identity("(InvalidAuthenticationTokenTenant) The token is of another tenant."),
            2,
            "another tenant",
        ),
        (response_error(403, "(AuthorizationFailed) The client lacks a role."), 1, "access denied"),
        (response_error(404, "(X) Not here.\nCode: X", ResourceNotFoundError), 2, "could not test: Not here"),
        (response_error(409, "(Conflict) Taken already."), 2, "Taken already"),
        (response_error(503, "(Busy) Later."), 1, "Azure answered 503"),
        (ValidationException(message="Bad field.", no_personal_data_message=""), 2, "Bad field"),
        (JobException("No such state.", no_personal_data_message=""), 2, "No such state"),
        (MlflowException("Run 'x' not found"), 1, "MLflow: Run 'x' not found"),
    ],
)
def test_each_kind_becomes_one_sentence(error: Exception, exit_code: int, words: str) -> None:
    translated = translate(error, "test")
    assert translated is not None
    assert translated.exit_code == exit_code
    assert str(translated).startswith("could not test: ")
    assert words in str(translated)
    assert "\n" not in str(translated)


def test_a_refused_proxy_is_seen_behind_another_error() -> None:
    error = RuntimeError("outer")
    error.__cause__ = ServiceRequestError(PROXY_REFUSED)
    assert "cannot be reached" in str(translate(error, "test"))


def test_an_error_that_is_its_own_cause_in_the_end_is_translated_all_the_same() -> None:
    first, second = RuntimeError("first"), RuntimeError("second")
    first.__cause__, second.__cause__ = second, first
    assert translate(first, "test") is None


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), azure_errors("test"):
        _ = 1 / 0


def test_our_own_sentences_pass_as_they_are() -> None:
    with pytest.raises(JobsError, match=r"^as it is$"), azure_errors("test"):
        raise JobsError("as it is")


def test_colours_and_links_go() -> None:
    text = "\x1b[30m\n1) One\x1b[39m\n\nDetails: \x1b[31m\n(x) compute:\n- Not a valid string.\x1b[39m"
    assert reason(text) == "compute: Not a valid string."


JOB = """
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: echo hi
environment: azureml:foo@latest
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("command:", "comand:"), "`comand`: Unknown field"),
        (("command: echo hi", ""), "`command`: Missing data for required field"),
        (("command:", "type: comand\ncommand:"), "Unsupported job type: comand"),
        (("command:", "code: nowhere\ncommand:"), "nowhere"),
    ],
)
def test_what_the_sdk_refuses_in_a_job_file_is_one_sentence(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    from azure.ai.ml import load_job

    path = tmp_path / "job.yaml"
    path.write_text(JOB.replace(*change))
    with pytest.raises(JobsError) as raised, azure_errors(f"read {path}"):
        load_job(path)
    sentence = str(raised.value)
    assert expected in sentence
    assert "\n" not in sentence
    assert "aka.ms" not in sentence


def test_a_proxy_that_nobody_listens_at_is_told_at_once(tmp_path: Path) -> None:
    # A process of its own: the environment is read where the client is made.
    code = (
        "from pathlib import Path;"
        "from workspace_jobs.config_file import WorkspaceConfig as Config;"
        "from workspace_jobs.connection import Workspace;"
        "Workspace(Config('s', 'r', 'w', Path('config.json'))).ml_client"
    )
    environment: dict[str, Any] = {
        **os.environ,
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    finished = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "nothing answers at HTTPS_PROXY (http://127.0.0.1:9)" in finished.stderr.splitlines()[-1]

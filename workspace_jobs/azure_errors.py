"""Turns what the Azure SDKs, MLflow and requests raise into this room's sentences, in one place.

The SDKs report the same cause in many ways (a proxy that refuses is a ServiceRequestError from azure-core, a
ProxyError from requests, an MlflowException from MLflow), with stack dumps, ANSI colours and links in it.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from workspace_jobs.errors import JobsError, ServiceError

NO_CREDENTIAL = (
    "Azure gave no token to DefaultAzureCredential: sign in with `az login`, set the variables of a service "
    "principal, or run the command inside `mlws local exec -- ...` for the embedded Azure"
)
# Where the SDK trips over a value, it complains with its own exception and the line of source that raised it.
SDK_DEFECT = re.compile(r"\w+(Error|Exception): ")
UNREACHABLE = "check the network and HTTPS_PROXY, and for the embedded Azure that `mlws local start` has run"


@contextmanager
def azure_errors(doing: str) -> Iterator[None]:
    """Raise a JobsError with one sentence for whatever the SDKs raise within.

    `doing` completes the sentence "could not ...", for example "register datastore `raw`". Exceptions that
    are neither the SDKs' nor ours pass through: they are defects.
    """
    try:
        yield
    except JobsError:
        raise
    except Exception as error:
        translated = translate(error, doing)
        if translated is None:
            raise
        raise translated from error


def translate(error: Exception, doing: str) -> JobsError | None:
    """Say in one sentence why `doing` failed, or None where the error is not one of Azure's."""
    if _is_unreachable(error):
        return JobsError(f"could not {doing}: {_host(error)} cannot be reached: {UNREACHABLE}")
    return _from_azure_core(error, doing) or _from_schema(error, doing) or _from_mlflow(error, doing)


def reason(text: str) -> str:
    """Reduce an SDK's message to what it says, without colours, links and JSON around it."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    findings = _schema_findings(plain) or re.findall(r"^\(x\) (.+(?:\n- .+)?)", plain, flags=re.MULTILINE)
    if findings:
        return "; ".join(" ".join(finding.replace("\n- ", " ").split()) for finding in findings)
    first = re.split(r"\n\s*\n|\nCode:|\nTarget:", re.sub(r"^\(\w+\) ", "", plain.strip()))[0]
    return " ".join(first.split()).rstrip(".")


def _is_unreachable(error: BaseException) -> bool:
    import requests
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError

    kinds = (ServiceRequestError, ServiceResponseError, requests.exceptions.ConnectionError)
    return any(isinstance(cause, kinds) for cause in _chain(error)) or "Max retries exceeded" in str(error)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from an error to its causes, once around where it was raised again from its own consequence."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _host(error: Exception) -> str:
    match = re.search(r"host='([^']+)'", str(error)) or re.search(r"'([\w.-]+\.(?:com|net|ms))'", str(error))
    return match.group(1) if match else "Azure"


def _from_azure_core(error: Exception, doing: str) -> JobsError | None:
    from azure.ai.ml.exceptions import MlException, UserErrorException
    from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

    if isinstance(error, ClientAuthenticationError):
        return JobsError(f"could not {doing}: {_authentication(error)}")
    if isinstance(error, HttpResponseError):
        return _from_response(error, doing)
    if isinstance(error, MlException | UserErrorException):
        return JobsError(f"could not {doing}: {reason(str(error))}")
    if isinstance(error, AzureError):
        return ServiceError(f"could not {doing}: {reason(str(error))}")
    return None


def _authentication(error: Exception) -> str:
    if getattr(error, "response", None) is None:
        return NO_CREDENTIAL
    return f"Azure refused the credential ({reason(str(error))}): sign in to the tenant of this subscription"


def _from_response(error: Exception, doing: str) -> JobsError:
    status = getattr(error, "status_code", None)
    text = reason(str(getattr(error, "message", None) or error))
    if status == HTTPStatus.FORBIDDEN:
        return ServiceError(
            f"could not {doing}: access denied ({text}): ask for a role or access policy that allows it"
        )
    if status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return JobsError(f"could not {doing}: {text}")
    return ServiceError(f"could not {doing}: Azure answered {status} ({text}): try again")


def _from_schema(error: Exception, doing: str) -> JobsError | None:
    from marshmallow.exceptions import ValidationError

    return JobsError(f"could not {doing}: {reason(str(error))}") if isinstance(error, ValidationError) else None


def _from_mlflow(error: Exception, doing: str) -> JobsError | None:
    from mlflow.exceptions import MlflowException

    return (
        ServiceError(f"could not {doing}: MLflow: {reason(str(error))}") if isinstance(error, MlflowException) else None
    )


def _schema_findings(text: str) -> list[str]:
    """Read `field: complaint` pairs out of the JSON that the SDK's schemas put into their messages."""
    start, end = text.find("{"), text.rfind("}")
    if not text.startswith("Validation for") or start < 0:
        return []
    try:
        content = json.loads(text[start : end + 1])
    except json.JSONDecodeError:
        return []
    nested = [item["message"] for item in content.get("errors", []) if isinstance(item, dict)]
    if nested:
        return [finding for message in nested for finding in _schema_findings(message) or [message]]
    return [f"`{field}`: {_first_complaint(complaint)}" for field, complaint in content.items()]


def _first_complaint(complaint: object) -> str:
    while isinstance(complaint, list | dict):
        complaint = next(iter(complaint if isinstance(complaint, list) else complaint.values()), "not valid")
    text = str(complaint)
    return "not a value that Azure ML can read here" if SDK_DEFECT.match(text) else text.rstrip(".")

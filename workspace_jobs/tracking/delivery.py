"""Operations of many runs in one request, between a buffered store and the product's own tracking server.

MLflow's API takes three requests a run, each of which costs either side milliseconds.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.utils.rest_utils import http_request, verify_rest_response

from workspace_jobs.tracking.errors import StoreAwayError, first_line
from workspace_jobs.tracking.operations import Operation, to_lines

PATH = "/api/2.0/mlws/operations"
# Values have up to 8,000 characters.
_MOST_AT_ONCE = 2_000


def send(store: Any, operations: Sequence[Operation]) -> Iterator[tuple[list[Operation], str]]:  # noqa: ANN401 - MLflow's
    """Send operations to the server of MLflow's REST `store`; give those that are refused there, and the reason.

    Raises StoreAwayError with those that the server has not got.
    """
    for start in range(0, len(operations), _MOST_AT_ONCE):
        content = to_lines(operations[start : start + _MOST_AT_ONCE])
        try:
            response = http_request(store.get_host_creds(), PATH, "POST", data=content)
            verify_rest_response(response, PATH)
        except MlflowException as error:
            message = f"The tracking server can't be written at present: {first_line(error)}."
            raise StoreAwayError(message, operations[start:]) from error
        for refused, reason in response.json().get("refused", []):
            yield [tuple(operation) for operation in refused], reason

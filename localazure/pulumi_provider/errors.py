"""What this provider says when it cannot do what a Pulumi program asks: always one sentence."""

from localazure.errors import LocalAzureError


class ProviderError(LocalAzureError):
    """A request that no ARM call can be made of: unknown type, missing name, unreadable id."""


class ArmError(LocalAzureError):
    """ARM refused a request; `status` is the HTTP status, `code` is ARM's own error code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code

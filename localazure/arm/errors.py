"""Errors as Azure Resource Manager answers them: a code, a message, an HTTP status."""

from typing import Any

from aiohttp import web


class ArmError(Exception):
    """Answered to the client as `{"error": {"code", "message"}}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> web.Response:
        """The error on the wire. azure-core reads the code from the header as well."""
        body: dict[str, Any] = {"error": {"code": self.code, "message": str(self)}}
        return web.json_response(body, status=self.status, headers={"x-ms-error-code": self.code})


def not_found(resource_id: str) -> ArmError:
    """The resource is not there (https://aka.ms/ARMResourceNotFoundFix)."""
    return ArmError(404, "ResourceNotFound", f"The Resource '{resource_id}' was not found.")

"""Errors as the Key Vault data plane answers them."""

from aiohttp import web

from localazure.home import TENANT_ID

_CHALLENGE = f'Bearer authorization="https://login.microsoftonline.com/{TENANT_ID}", resource="https://vault.azure.net"'


class KeyVaultError(Exception):
    """Answered as `{"error": {"code", "message"}}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> web.Response:
        """The error on the wire; a 401 carries the challenge that the SDKs ask for first."""
        headers = {"WWW-Authenticate": _CHALLENGE} if self.status == 401 else {}  # noqa: PLR2004 - HTTP
        body = {"error": {"code": self.code, "message": str(self)}}
        return web.json_response(body, status=self.status, headers=headers)

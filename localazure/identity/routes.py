"""The managed identity endpoint (App Service protocol, 2019-08-01), and the sign-in host that it makes needless.

https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
"""

from aiohttp import web

from localazure.identity.principals import Principals
from localazure.identity.tokens import TokenAuthority

TOKEN_PATH = "/msi/token"  # noqa: S105 - a path


def managed_identity_routes(principals: Principals, authority: TokenAuthority) -> list[web.RouteDef]:
    """`GET /msi/token?resource=...` with the header of a known principal."""

    async def token(request: web.Request) -> web.Response:
        principal = principals.of_header(request.headers.get("X-IDENTITY-HEADER", ""))
        if principal is None:
            return web.json_response({"statusCode": 401, "message": "unknown IDENTITY_HEADER"}, status=401)
        resource = request.query.get("resource", "")
        if not resource:
            return web.json_response({"statusCode": 400, "message": "'resource' is missing"}, status=400)
        value, expires = authority.issue(principal, resource)
        return web.json_response(
            {
                "access_token": value,
                "expires_on": str(expires),
                "resource": resource,
                "token_type": "Bearer",
                "client_id": principal.client_id,
            }
        )

    return [web.get(TOKEN_PATH, token)]


def login_application() -> web.Application:
    """`login.microsoftonline.com`: says plainly that there is nobody to sign in here."""

    async def refuse(_: web.Request) -> web.Response:
        body = {
            "error": "unauthorized_client",
            "error_description": "AADSTS700016: the embedded Azure signs in managed identities only; "
            "set AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential as `mlws local env` shows",
        }
        return web.json_response(body, status=400)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", refuse)
    return application

"""`*.vault.azure.net` on the wire: the secrets part of the Key Vault data plane.

https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups
"""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from localazure.arm.models import ResourceManager
from localazure.arm.store import Json, Resource
from localazure.identity.tokens import InvalidTokenError, TokenAuthority
from localazure.key_vault.access import require_permission
from localazure.key_vault.errors import KeyVaultError
from localazure.key_vault.resources import Vault
from localazure.key_vault.secrets import SecretBook

AUDIENCES = frozenset({"https://vault.azure.net"})
_BOOK = web.RequestKey("book", SecretBook)

Handler = Callable[[web.Request], Awaitable[web.Response]]


def key_vault_application(arm: ResourceManager, authority: TokenAuthority) -> web.Application:
    """The application behind every vault's host name."""

    @web.middleware
    async def errors(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 - aiohttp's
        try:
            response: web.StreamResponse = await handler(request)
        except InvalidTokenError as problem:
            response = KeyVaultError(HTTPStatus.UNAUTHORIZED, "Unauthorized", f"AKV10000: {problem}.").response()
        except KeyVaultError as error:
            response = error.response()
        return response

    def guarded(permission: str, work: Callable[[web.Request, SecretBook, Json], Any]) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            principal = authority.check(request.headers.get("Authorization", ""), AUDIENCES)
            vault = _vault_of(arm, request.host)
            require_permission(arm, vault, principal, permission)
            answer = work(request, SecretBook(arm, vault), await _body(request))
            return web.Response(status=HTTPStatus.NO_CONTENT) if answer is None else web.json_response(answer)

        return handle

    application = web.Application(middlewares=[errors])
    application.add_routes(_routes(guarded))
    return application


def _routes(
    guarded: Callable[[str, Callable[[web.Request, SecretBook, Json], Any]], Handler],
) -> list[web.RouteDef]:
    def name(request: web.Request) -> str:
        return request.match_info["name"]

    def version(request: web.Request) -> str:
        return request.match_info.get("version", "")

    get = guarded("get", lambda request, book, _: book.get(name(request), version(request)))
    update = guarded("set", lambda request, book, body: book.update(name(request), version(request), body))
    return [
        web.get("/secrets", guarded("list", lambda _, book, __: _page(book.newest()))),
        web.put(
            "/secrets/{name}",
            guarded("set", lambda request, book, body: book.set(name(request), _with_value(body))),
        ),
        web.delete("/secrets/{name}", guarded("delete", lambda request, book, _: book.delete(name(request)))),
        web.get(
            "/secrets/{name}/versions",
            guarded("list", lambda request, book, _: _page(book.versions(name(request)))),
        ),
        web.get("/secrets/{name}", get),
        web.get("/secrets/{name}/", get),
        web.get("/secrets/{name}/{version}", get),
        web.patch("/secrets/{name}", update),
        web.patch("/secrets/{name}/", update),
        web.patch("/secrets/{name}/{version}", update),
        web.get("/deletedsecrets", guarded("list", lambda _, book, __: _page(book.all_deleted()))),
        web.get("/deletedsecrets/{name}", guarded("get", lambda request, book, _: book.deleted(name(request)))),
        web.delete("/deletedsecrets/{name}", guarded("purge", lambda request, book, _: book.purge(name(request)))),
        web.post(
            "/deletedsecrets/{name}/recover",
            guarded("recover", lambda request, book, _: book.recover(name(request))),
        ),
    ]


def _page(items: list[Json]) -> Json:
    return {"value": items, "nextLink": None}


def _with_value(body: Json) -> Json:
    if not isinstance(body.get("value"), str):
        raise KeyVaultError(HTTPStatus.BAD_REQUEST, "BadParameter", "The property 'value' is missing.")
    return body


def _vault_of(arm: ResourceManager, host: str) -> Resource:
    wanted = host.split(".", 1)[0].lower()
    for vault in arm.store.of_type(Vault.type):
        if vault.name.lower() == wanted:
            return vault
    raise KeyVaultError(HTTPStatus.NOT_FOUND, "VaultNotFound", f"There is no vault '{wanted}'.")


async def _body(request: web.Request) -> Json:
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise KeyVaultError(HTTPStatus.BAD_REQUEST, "BadParameter", "The request body is no JSON object.")
    return body

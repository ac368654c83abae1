"""`management.azure.com` on the wire: one catch-all route, since a resource id can be anything.

Every api-version is accepted: the official SDKs use a dozen between them, and the resource type alone decides.
"""

import json
from http import HTTPStatus
from typing import Any

from aiohttp import web

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import Request, ResourceManager
from localazure.arm.resource_type import ACCEPTED
from localazure.arm.responses import collection
from localazure.arm.store import Json
from localazure.home import MARKER_HEADER, SUBSCRIPTION_ID
from localazure.identity.tokens import InvalidTokenError, Principal, TokenAuthority

AUDIENCES = frozenset({"https://management.azure.com", "https://management.core.windows.net"})
_BODY_LIMIT = 64 * 1024 * 1024

_CALLER = web.RequestKey("caller", Principal)


def arm_application(arm: ResourceManager, authority: TokenAuthority) -> web.Application:
    """The application behind `management.azure.com`."""

    @web.middleware
    async def errors(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 - aiohttp's
        try:
            request[_CALLER] = authority.check(request.headers.get("Authorization", ""), AUDIENCES)
            response: web.StreamResponse = await handler(request)
        except InvalidTokenError as problem:
            response = ArmError(401, "AuthenticationFailed", f"Authentication failed: {problem}.").response()
        except ArmError as error:
            response = error.response()
        response.headers[MARKER_HEADER] = SUBSCRIPTION_ID
        return response

    async def handle(request: web.Request) -> web.Response:
        return await _METHODS[request.method](arm, request)

    application = web.Application(middlewares=[errors], client_max_size=_BODY_LIMIT)
    for method in _METHODS:
        application.router.add_route(method, "/{path:.*}", handle)
    return application


async def _read(arm: ResourceManager, request: web.Request) -> web.Response:
    path = _path(request)
    if path.is_resource:
        return web.json_response(arm.get(path).body)
    return web.json_response(collection(arm.list(path), path, request.query))


async def _exists(arm: ResourceManager, request: web.Request) -> web.Response:
    arm.get(_path(request))
    return web.Response(status=HTTPStatus.NO_CONTENT)


async def _put(arm: ResourceManager, request: web.Request) -> web.Response:
    status, resource = await arm.put(_resource_path(request), await _body(request), _request(request))
    return web.json_response(resource.body, status=status)


async def _patch(arm: ResourceManager, request: web.Request) -> web.Response:
    status, resource = await arm.patch(_resource_path(request), await _body(request), _request(request))
    return web.json_response(resource.body, status=status)


async def _delete(arm: ResourceManager, request: web.Request) -> web.Response:
    purge = request.query.get("forceToPurge", "").lower() == "true"
    was_there = await arm.delete(_resource_path(request), purge=purge)
    return web.Response(status=HTTPStatus.OK if was_there else HTTPStatus.NO_CONTENT)


async def _post(arm: ResourceManager, request: web.Request) -> web.Response:
    head, _, action = request.path.rstrip("/").rpartition("/")
    if action.lower() == "checknameavailability":
        return web.json_response(_availability(arm, await _body(request)))
    path = ResourcePath.parse(head)
    if path is None:
        raise _no_such_path(request)
    answer = await arm.act(path, action, await _body(request))
    if answer is ACCEPTED:
        return web.Response(status=HTTPStatus.ACCEPTED, headers={"Location": str(request.url.with_path(head))})
    return web.Response(status=HTTPStatus.OK) if answer is None else web.json_response(answer)


_METHODS = {"GET": _read, "HEAD": _exists, "PUT": _put, "PATCH": _patch, "DELETE": _delete, "POST": _post}


def _request(request: web.Request) -> Request:
    return Request(request[_CALLER], request.query.get("api-version", ""))


def _availability(arm: ResourceManager, body: Json) -> Json:
    wanted = str(body.get("name", ""))
    if any(one.name.lower() == wanted.lower() for one in arm.store.of_type(str(body.get("type", "")))):
        message = f"The name '{wanted}' is already taken."
        return {"nameAvailable": False, "reason": "AlreadyExists", "message": message}
    return {"nameAvailable": True}


def _path(request: web.Request) -> ResourcePath:
    path = ResourcePath.parse(request.path)
    if path is None:
        raise _no_such_path(request)
    return path


def _resource_path(request: web.Request) -> ResourcePath:
    path = _path(request)
    if not path.is_resource:
        raise ArmError(405, "MethodNotAllowed", f"'{request.path}' is a collection, not a resource.")
    return path


def _no_such_path(request: web.Request) -> ArmError:
    return ArmError(404, "InvalidResourceType", f"'{request.path}' is no resource, collection or action.")


async def _body(request: web.Request) -> Json:
    raw = await request.read()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError as problem:
        message = f"The request content was invalid and could not be deserialized: {problem}."
        raise ArmError(400, "InvalidRequestContent", message) from None
    if not isinstance(body, dict):
        raise ArmError(400, "InvalidRequestContent", "The request content must be a JSON object.")
    return body

"""`{region}.api.azureml.ms` on the wire: discovery, run history, addresses of outputs, and MLflow tracking."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession, web

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager
from localazure.arm.routes import AUDIENCES as ARM_AUDIENCES
from localazure.arm.store import Json
from localazure.home import LOOPBACK
from localazure.identity.tokens import InvalidTokenError, TokenAuthority
from localazure.machine_learning.run_artifacts import placed
from localazure.machine_learning.run_history import (
    job_of_run,
    resolved_outputs,
    run_children,
    run_data,
    run_details,
    update_run,
)

AUDIENCES = ARM_AUDIENCES | {"https://ml.azure.com", "https://ml.azure.us"}
_WORKSPACE = "/{workspace:subscriptions/.+/workspaces/[^/]+}"
_SERVICES = (
    "api",
    "catalog",
    "experimentation",
    "history",
    "hyperdrive",
    "inferenceendpoints",
    "mlflow",
    "modelmanagement",
    "pipelines",
    "studio",
)
_MLFLOW_API = "/{version:v1.0|v2.0}" + _WORKSPACE + "/{path:.*}"
_BODY_LIMIT = 64 * 1024 * 1024

Work = Callable[[str, web.Request, Json], Json]


def machine_learning_application(arm: ResourceManager, authority: TokenAuthority, mlflow_port: int) -> web.Application:
    """The application behind every region's host name."""

    @web.middleware
    async def errors(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 - aiohttp's
        try:
            if request.path != "/discovery":
                authority.check(request.headers.get("Authorization", ""), AUDIENCES)
            response: web.StreamResponse = await handler(request)
        except InvalidTokenError as problem:
            response = ArmError(401, "AuthenticationFailed", f"Authentication failed: {problem}.").response()
        except ArmError as error:
            response = error.response()
        return response

    def answered(work: Work) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            raw = await request.read()
            workspace = "/" + request.match_info["workspace"]
            return web.json_response(work(workspace, request, json.loads(raw) if raw else {}))

        return handle

    application = web.Application(middlewares=[errors], client_max_size=_BODY_LIMIT)
    application.router.add_get("/discovery", _discovery)
    _add_run_history(application, arm, answered)
    _add_mlflow(application, arm, mlflow_port)
    return application


async def _discovery(request: web.Request) -> web.Response:
    return web.json_response(dict.fromkeys(_SERVICES, f"https://{request.host}"))


def _add_run_history(
    application: web.Application, arm: ResourceManager, answered: Callable[[Work], Callable[..., Any]]
) -> None:
    history = "/history/v1.0" + _WORKSPACE
    run = "/{kind:runs|experiments/[^/]+/runs|experimentids/[^/]+/runs}/{run}"

    def details(workspace: str, request: web.Request, _: Json) -> Json:
        return run_details(arm, job_of_run(arm, workspace, request.match_info["run"]))

    def update(workspace: str, request: web.Request, changes: Json) -> Json:
        return update_run(arm, job_of_run(arm, workspace, request.match_info["run"]), changes)

    def children(workspace: str, request: web.Request, _: Json) -> Json:
        return run_children(arm, job_of_run(arm, workspace, request.match_info["run"]))

    def data(workspace: str, _: web.Request, body: Json) -> Json:
        return run_data(job_of_run(arm, workspace, str(body.get("runId"))))

    def resolve(workspace: str, _: web.Request, body: Json) -> Json:
        return resolved_outputs(arm, workspace, list(body.get("values") or []))

    application.router.add_get(history + run + "/details", answered(details))
    application.router.add_get(history + run, answered(details))
    application.router.add_patch(history + run, answered(update))
    application.router.add_get(history + run + "/children", answered(children))
    application.router.add_post(history + "/rundata", answered(data))
    application.router.add_post(f"/data/v1.0{_WORKSPACE}/dataversion/batchGetResolvedUris", answered(resolve))


def _add_mlflow(application: web.Application, arm: ResourceManager, port: int) -> None:
    """The workspace's tracking URI (`azureml://...`, through azureml-mlflow) leads to the MLflow server."""

    async def session(_: web.Application) -> Any:  # noqa: ANN401 - a clean-up context
        async with ClientSession(trust_env=False) as client:
            clients.append(client)
            yield

    async def forward(request: web.Request) -> web.Response:
        query = f"?{request.query_string}" if request.query_string else ""
        address = f"http://{LOOPBACK}:{port}/{request.match_info['path']}{query}"
        headers = {"Content-Type": request.headers.get("Content-Type", "application/json")}
        body = await request.read()
        if request.match_info["path"].endswith("mlflow/runs/create"):
            body = placed(arm, "/" + request.match_info["workspace"], body)
        async with clients[0].request(request.method, address, data=body or None, headers=headers) as answer:
            return web.Response(
                status=HTTPStatus(answer.status),
                body=await answer.read(),
                headers={"Content-Type": answer.headers.get("Content-Type", "application/json")},
            )

    clients: list[ClientSession] = []
    application.cleanup_ctx.append(session)
    application.router.add_route("*", "/mlflow" + _MLFLOW_API, forward)

"""Where a job's link leads: the run's page in MLflow's own interface, which stands in for Azure ML studio."""

from http import HTTPStatus

from aiohttp import ClientError, ClientSession, web

from localazure.home import LOOPBACK


def studio_routes(mlflow_port: int) -> list[web.RouteDef]:
    """`GET /studio/runs/{job}` on the front door's own port."""
    mlflow = f"http://{LOOPBACK}:{mlflow_port}"

    async def run(request: web.Request) -> web.Response:
        job = request.match_info["job"]
        if (experiment := await _experiment_of(mlflow, job)) is not None:
            raise web.HTTPFound(f"{mlflow}/#/experiments/{experiment}/runs/{job}")
        text = f"Job {job} has no run yet: it is queued, or its environment is being built. Load this page again.\n"
        return web.Response(status=HTTPStatus.NOT_FOUND, text=text)

    return [web.get("/studio/runs/{job}", run)]


async def _experiment_of(mlflow: str, run_id: str) -> str | None:
    async with ClientSession(trust_env=False) as client:
        try:
            async with client.get(f"{mlflow}/api/2.0/mlflow/runs/get", params={"run_id": run_id}) as answer:
                found = await answer.json() if answer.ok else {}
        except ClientError:
            return None
    experiment = found.get("run", {}).get("info", {}).get("experiment_id")
    return None if experiment is None else str(experiment)

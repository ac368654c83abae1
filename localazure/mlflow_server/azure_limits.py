"""What Azure ML's tracking server is slower at, and what it does not have: asked for by an environment variable.

Each call takes the given time, and MLflow's logged models do not exist. Calls are written to the log, to be counted.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

LATENCY_VARIABLE = "MLWS_TRACKING_LATENCY"
_Message = MutableMapping[str, Any]
_Application = Callable[
    [_Message, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]], Awaitable[None]
]


def with_azure_limits(application: _Application) -> _Application:
    """Return the application as slow as the variable says, in seconds a call; itself where it says nothing."""
    latency = os.environ.get(LATENCY_VARIABLE)
    if not latency:
        return application
    seconds = float(latency)

    async def limited(
        scope: _Message, receive: Callable[[], Awaitable[_Message]], send: Callable[[_Message], Awaitable[None]]
    ) -> None:
        path = scope.get("path", "")
        if "/mlflow/" in path:
            sys.stdout.write(f"{scope['method']} {path}\n")
            sys.stdout.flush()
            await asyncio.sleep(seconds)
            if "/logged-models" in path:
                await send({"type": "http.response.start", "status": 404, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return
        await application(scope, receive, send)

    return limited

"""The id of a run, proposed by who logs it, so that nobody waits for a server to make one up.

It goes along with the request that creates the run, as a header, which a server of MLflow's own does not look at.
The product's server takes it, and knows by it a request that comes twice. Whether it was taken, the answer says.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mlflow.tracking.request_header.abstract_request_header_provider import RequestHeaderProvider
from mlflow.tracking.request_header.registry import _request_header_provider_registry

HEADER = "Mlws-Run-Id"
_proposed: ContextVar[str | None] = ContextVar("proposed_id", default=None)
_ID = re.compile(r"[0-9a-f]{32}")


@contextmanager
def proposed(run_id: str) -> Iterator[None]:
    """Propose `run_id` with the requests that this thread sends inside."""
    before = _proposed.set(run_id)
    try:
        yield
    finally:
        _proposed.reset(before)


def current() -> str | None:
    """Return the id that this thread proposes, if it proposes one."""
    return _proposed.get()


def is_run_id(text: str) -> bool:
    """Whether it is an id as MLflow makes them."""
    return _ID.fullmatch(text) is not None


class _ProposedId(RequestHeaderProvider):
    def in_context(self) -> bool:
        return current() is not None

    def request_headers(self) -> dict[str, str | None]:
        return {HEADER: current()}


_request_header_provider_registry.register(_ProposedId)

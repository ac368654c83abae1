"""Any store that MLflow's client can speak to: a tracking server, an Azure ML workspace, another database."""

import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from workspace_jobs.azure_errors import azure_errors
from workspace_jobs.errors import JobsError
from workspace_jobs.quiet import make_quiet
from workspace_jobs.runs.filters import parse_filter, parse_order
from workspace_jobs.runs.records import Experiment, Point, Run
from workspace_jobs.runs.stores import Query

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run as MlflowRun
    from mlflow.store.entities import PagedList

# What MLflow's server gives in one answer at most, and what Azure ML does.
_PAGE = 1000
_PATIENCE_SECONDS = 10
_SCHEMES = ("sqlite", "http", "https", "azureml", "databricks", "postgresql", "mysql", "mssql", "file")


class ClientStore:
    """A store behind MLflow's own client."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    def uri(self) -> str:
        """The store's MLflow tracking address."""
        return self._uri

    @cached_property
    def client(self) -> "MlflowClient":
        """MLflow's client. Raises JobsError where the address is none."""
        return mlflow_client(self._uri)

    def experiments(self) -> list[Experiment]:
        """Every experiment, the deleted ones too."""
        from mlflow.entities import ViewType

        found, token = [], None
        with store_errors(self._uri):
            while True:
                page = self.client.search_experiments(ViewType.ALL, max_results=_PAGE, page_token=token)
                found += [Experiment(e.experiment_id, e.name, e.lifecycle_stage) for e in page]
                token = page.token
                if not token:
                    return found

    def search(self, query: Query) -> list[Run]:
        """The runs that a search finds, in its order. Raises FilterError before anything is sent."""
        parse_filter(query.filter)
        parse_order(query.order_by)
        return [_run(found) for found in self._found(query)]

    def named(self, word: str) -> list[Run]:
        """The runs, deleted ones too, whose id begins with `word` or whose name it is."""
        if (exact := self._with_id(word)) is not None:
            return [exact]
        experiments = tuple(experiment.id for experiment in self.experiments())
        quote = '"' if "'" in word else "'"
        filters = (f"attributes.run_id LIKE {quote}{word}%{quote}", f"attributes.run_name = {quote}{word}{quote}")
        found = [run for text in filters for run in self.search(Query(experiments, text, view="all", limit=_PAGE))]
        # In a pattern, _ and % of the word would mean any character.
        return list({run.id: run for run in found if run.id.startswith(word) or run.name == word}.values())

    def history(self, run_id: str, metrics: Sequence[str]) -> Mapping[str, list[Point]]:
        """Every logged value of these metrics of a run, by step and time."""
        with store_errors(self._uri):
            found = {key: self.client.get_metric_history(run_id, key) for key in metrics}
        return {
            key: sorted((Point(m.step, m.timestamp, m.value) for m in points), key=lambda p: (p.step, p.time))
            for key, points in found.items()
        }

    def logged_models(self, run: Run) -> Mapping[str, str]:
        """The models that MLflow 3 keeps beside the run: id -> name. Azure ML and MLflow 2 know of no such models."""
        if self._uri.startswith("azureml:"):
            return {}
        from mlflow.exceptions import MlflowException

        with store_errors(self._uri):
            try:
                found = self.client.search_logged_models([run.experiment_id], f"source_run_id = '{run.id}'")
            except MlflowException as error:
                if error.error_code in ("ENDPOINT_NOT_FOUND", "RESOURCE_DOES_NOT_EXIST"):
                    return {}
                raise
        return {model.model_id: model.name for model in found}

    def _with_id(self, run_id: str) -> Run | None:
        from mlflow.exceptions import MlflowException

        with store_errors(self._uri):
            try:
                return _run(self.client.get_run(run_id))
            except MlflowException as error:
                if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE", "NOT_FOUND"):
                    return None
                raise

    def _found(self, query: Query) -> Iterator["MlflowRun"]:
        left, token = query.limit, None
        while left is None or left > 0:
            page = self._page(query, _PAGE if left is None else min(left, _PAGE), token)
            yield from page
            left = None if left is None else left - len(page)
            token = page.token
            if not token:
                return

    def _page(self, query: Query, size: int, token: str | None) -> "PagedList[MlflowRun]":
        from mlflow.entities import ViewType

        view = {"active": ViewType.ACTIVE_ONLY, "deleted": ViewType.DELETED_ONLY, "all": ViewType.ALL}[query.view]
        with store_errors(self._uri):
            page: PagedList[MlflowRun] = self.client.search_runs(
                list(query.experiment_ids), query.filter, view, size, list(query.order_by), token
            )
            return page


def mlflow_client(uri: str) -> "MlflowClient":
    """Open MLflow's client on a store. Raises JobsError where the address is none, or nobody answers there."""
    make_quiet()
    if not sys.stderr.isatty():
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    check_address(uri)
    with store_errors(uri):
        from mlflow import MlflowClient

        return MlflowClient(tracking_uri=uri)


def store_errors(uri: str) -> AbstractContextManager[None]:
    """Raise what MLflow has against a call as one sentence that names the store."""
    return azure_errors(f"use the MLflow store {uri}")


def check_address(uri: str) -> None:
    """Raise JobsError where the address is none of a store, or nobody answers there. Does without MLflow."""
    _check_scheme(uri)
    _check_server(uri)


def _check_scheme(uri: str) -> None:
    scheme = uri.partition("://")[0] if "://" in uri else uri.partition(":")[0]
    if scheme.partition("+")[0] not in _SCHEMES:
        raise JobsError(
            f"`{uri}` is no MLflow store: write sqlite:///FILE, http://HOST:PORT, azureml://..., databricks, or the "
            "address of a database (postgresql://...)"
        )


def _check_server(uri: str) -> None:
    """Fail at once where nobody listens; MLflow would try for four minutes."""
    address = urlsplit(uri)
    if address.scheme not in ("http", "https") or _through_proxy(address.hostname or "", address.scheme):
        return
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname or "", port), _PATIENCE_SECONDS).close()
    except OSError as error:
        raise JobsError(
            f"nothing answers at {uri} ({error.strerror or error}): start the server (`mlws runs serve`), "
            "or name another store with --tracking-uri"
        ) from error


def _through_proxy(host: str, scheme: str) -> bool:
    return scheme in getproxies() and not proxy_bypass(host)


def _run(found: "MlflowRun") -> Run:
    info, data = found.info, found.data
    return Run(
        id=info.run_id,
        name=info.run_name or "",
        experiment_id=info.experiment_id,
        status=info.status,
        stage=info.lifecycle_stage,
        user=info.user_id or "",
        started=info.start_time,
        ended=info.end_time,
        artifact_uri=info.artifact_uri or "",
        params=data.params,
        metrics=data.metrics,
        tags=data.tags,
    )

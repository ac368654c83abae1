"""`--compute NAME`: the run as a command job of the workspace, with this engine as its code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workspace_jobs.automl.compute_job.request import FILE, Request
from workspace_jobs.automl.data import data_assets, tables
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.run_folder import data_name
from workspace_jobs.connection import Workspace
from workspace_jobs.jobs import building
from workspace_jobs.jobs.submission import submit
from workspace_jobs.jobs.targets import JobFile
from workspace_jobs.names import experiment_from
from workspace_jobs.training.remote import job_input, job_with_code, write_package

CONDA_FILE = Path(__file__).parent / "conda.yaml"
_COMMAND = f"python -m workspace_jobs.automl.compute_job {FILE}"
# The part of this package that runs on a compute.
CARRIED = ("__init__.py", "errors.py", "automl", "evaluation", "tracking")
_OF_THIS_MACHINE = ("out", "ray_address")


@dataclass(frozen=True)
class Place:
    """Where and under which names a run is submitted; None for the workspace's cluster and the product's own."""

    compute: str | None = None
    environment: str | None = None
    experiment: str | None = None


def submit_run(workspace: Workspace, request: Request, place: Place) -> str:
    """Submit the job and return its name in the workspace.

    Raises AutoMLError for data and options that can't be, as far as they are here to be judged, and JobsError.
    """
    _check(request.options)
    inputs = _inputs(workspace, request)
    if data_assets.is_data_asset(request.data):
        # With the version that is the latest now.
        request = replace(request, data=inputs["data"]["path"])
    _judge(request)
    if Path(request.data).exists():
        request = replace(request, data=Path(request.data).name)
    if "validation" in inputs:
        # Where the table is there, the job's command says.
        request = replace(request, options=replace(request.options, validation="auto"))
    name = data_name(request.data)
    description = {
        "type": "command",
        "display_name": f"{name}-{request.options.target}",
        "command": " ".join([_COMMAND, *(f"--table {one}=${{{{inputs.{one}}}}}" for one in inputs)]),
        **({"inputs": inputs} if inputs else {}),
    }
    with job_with_code(lambda folder: write_code(request, folder), description, place.environment, CONDA_FILE) as path:
        options = building.Options(None, place.experiment or experiment_from(name), place.compute)
        return str(submit(workspace, JobFile(path), options).name)


def write_code(request: Request, folder: Path) -> None:
    """Write what is uploaded: the engine, and what is asked of it."""
    write_package(CARRIED, folder)
    request.write(folder)


def _check(options: Options) -> None:
    for name in _OF_THIS_MACHINE:
        if getattr(options, name) is not None:
            raise AutoMLError(f"--{name.replace('_', '-')} is for a run on this machine: leave it or --compute out")
    if options.resume:
        raise AutoMLError("--resume is for a run on this machine: a job begins anew")


def _inputs(workspace: Workspace, request: Request) -> Mapping[str, Mapping[str, str]]:
    from workspace_jobs.automl.validation import Asked

    options = request.options
    validation = Asked.parse(options.validation).file
    wanted = {"data": request.data, "test": options.test, "validation": validation}
    named = {name: str(table) for name, table in wanted.items() if table is not None}
    return {
        name: _input(workspace, table)
        for name, table in named.items()
        if Path(table).exists() or not tables.is_bundled(table)
    }


def _input(workspace: Workspace, table: str) -> Mapping[str, str]:
    if data_assets.is_data_asset(table) and "://" not in table:
        asset = data_assets.find(workspace, table)
        # As a folder with its files; Azure ML's other ways to mount one need a library of its own.
        mode = {"mode": "ro_mount"} if asset.type == "mltable" else {}
        return {"type": asset.type, "path": asset.reference, **mode}
    if "://" not in table:
        tables.check_exists(Path(table))
    return job_input(workspace, table)


def _judge(request: Request) -> None:
    """What can be known here of data that is here is said before anything is uploaded."""
    tables_of_run = (request.data, request.options.test, request.options.validation)
    if any(data_assets.is_data_asset(table) or "://" in str(table) for table in tables_of_run):
        return
    from workspace_jobs.automl.preparation import prepare_run

    prepare_run(request.data, request.options)

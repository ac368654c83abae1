"""The command `mlws models`: arguments in, results out; the work is done next door."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace_jobs.presentation import echo_json, echo_pairs, echo_table
from workspace_jobs.runs.commands.options import json_option, store_options

if TYPE_CHECKING:
    from workspace_jobs.runs.stores import RunStore


@click.group()
def models() -> None:
    """Registered models: from a run to a version, an alias, and code that predicts."""


@models.command("register")
@click.argument("run")
@click.option("--name", help="The registered model's name; else that of the run's experiment.")
@click.option("--artifact-path", default="model", show_default=True, help="Where the run logged it.")
@click.option("--alias", help="Let this alias mean the version.")
@store_options
@json_option
def register_command(  # noqa: PLR0913 - one parameter an option
    *, run: str, name: str | None, artifact_path: str, alias: str | None, store: "RunStore", as_json: bool
) -> None:
    """Register the model of RUN (an id, the beginning of one, or a name); the same run twice is one version."""
    from workspace_jobs.models.registration import register, set_alias
    from workspace_jobs.models.registry import find_version
    from workspace_jobs.runs.finding import find_run

    found = find_run(store, run)
    name = name or next(e.name for e in store.experiments() if e.id == found.experiment_id)
    version, is_new = register(store, found, name, artifact_path)
    if alias:
        set_alias(store, version, alias)
        version = find_version(store, f"{version.name}@{version.version}")
    if as_json:
        echo_json({**asdict(version), "new": is_new})
    else:
        click.echo(f"{version.name} version {version.version} is {'registered' if is_new else 'registered already'}")


@models.command("list")
@store_options
@json_option
def list_command(*, store: "RunStore", as_json: bool) -> None:
    """List registered models."""
    from workspace_jobs.models.registry import registered_models
    from workspace_jobs.runs.records import moment

    found = registered_models(store)
    if as_json:
        echo_json(found)
        return
    rows = [
        (
            model.name,
            model.versions[0].version if model.versions else "",
            ", ".join(f"{alias}={v.version}" for v in model.versions for alias in v.aliases),
            moment(model.versions[0].created) if model.versions else None,
        )
        for model in found
    ]
    echo_table(("NAME", "NEWEST", "ALIASES", "CREATED"), rows)


@models.command("show")
@click.argument("model", metavar="NAME[@VERSION|ALIAS]")
@store_options
@json_option
def show_command(*, model: str, store: "RunStore", as_json: bool) -> None:
    """Show the versions of a model, or one version."""
    from workspace_jobs.models.registry import find_model, find_version
    from workspace_jobs.runs.records import moment

    if "@" in model:
        version = find_version(store, model)
        if as_json:
            echo_json(version)
        else:
            echo_pairs(
                [
                    *((key, value) for key, value in asdict(version).items() if key not in ("created", "aliases")),
                    ("created", moment(version.created)),
                    ("aliases", ", ".join(version.aliases)),
                ]
            )
        return
    found = find_model(store, model)
    if as_json:
        echo_json(found)
        return
    rows = [(v.version, ", ".join(v.aliases), v.run_id, v.status, moment(v.created)) for v in found.versions]
    echo_table(("VERSION", "ALIASES", "RUN", "STATUS", "CREATED"), rows)


@models.group("alias")
def alias_group() -> None:
    """Names that mean a version: champion, challenger."""


@alias_group.command("set")
@click.argument("model", metavar="NAME@VERSION")
@click.argument("alias")
@store_options
@json_option
def set_alias_command(*, model: str, alias: str, store: "RunStore", as_json: bool) -> None:
    """Let ALIAS mean a version, and no other one."""
    from workspace_jobs.models.registration import set_alias
    from workspace_jobs.models.registry import find_version

    version = find_version(store, model)
    set_alias(store, version, alias)
    if as_json:
        echo_json({"name": version.name, "version": version.version, "alias": alias})
    else:
        click.echo(f"{version.name}@{alias} is version {version.version}")


@alias_group.command("delete")
@click.argument("model", metavar="NAME@ALIAS")
@store_options
@json_option
def delete_alias_command(*, model: str, store: "RunStore", as_json: bool) -> None:
    """Take an alias away; its version stays."""
    from workspace_jobs.models.registration import delete_alias

    name, _, alias = model.partition("@")
    if not alias:
        raise click.UsageError(f"`{model}` names no alias: write NAME@ALIAS")
    delete_alias(store, name, alias)
    if as_json:
        echo_json({"name": name, "alias": alias})
    else:
        click.echo(f"{name}@{alias} is no more")


@models.command("code")
@click.argument("model", metavar="NAME[@VERSION|ALIAS]")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Where to; else a new folder NAME-VERSION.")
@click.option("--no-model", is_flag=True, help="Leave the model in the store, and write its address into the code.")
@store_options
@json_option
def code_command(*, model: str, folder: Path | None, no_model: bool, store: "RunStore", as_json: bool) -> None:
    """Write code that predicts: predict.py, score_batch.py, requirements.txt, and the model beside them."""
    from workspace_jobs.models.code import write_code
    from workspace_jobs.models.registry import find_version

    version = find_version(store, model)
    folder = folder or Path(f"{version.name.replace('/', '_')}-{version.version}")
    files = write_code(store, version, folder, with_model=not no_model)
    if as_json:
        echo_json({"name": version.name, "version": version.version, "files": files})
    else:
        click.echo("\n".join(map(str, files)))
        click.echo(f"try it: python {folder / 'predict.py'} rows.csv", err=True)

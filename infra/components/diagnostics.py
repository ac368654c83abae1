"""What the resources of a stack log about themselves, sent to the stack's Log Analytics."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pulumi
import pulumi_azure_native as azure_native

# Azure takes any name here; the oldest specification, and with it the naming rules, only this one.
_NAME = "service"
_OF_DATA = "data-"
_STORAGE_SERVICES = ("blobs", "files", "queues", "tables")


@dataclass(frozen=True)
class DiagnosticsArgs:
    """How much is logged, where to, and the ids of the resources that log; None of those that the stack has not.

    `network` are those of a network of the stack's own, by their names in the table.
    """

    level: Literal["none", "audit", "all"]
    logs_id: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    storage_id: pulumi.Output[str] | None = None
    key_vault_id: pulumi.Output[str] | None = None
    container_registry_id: pulumi.Output[str] | None = None
    data_storage_id: pulumi.Output[str] | None = None
    network: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


class Diagnostics(pulumi.ComponentResource):
    """A diagnostic setting for each resource that can have one and whose logs are not there anyway."""

    def __init__(self, name: str, args: DiagnosticsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Diagnostics", name, None, opts)
        for key, resource_id in _sources(args).items() if args.level != "none" else ():
            about = _table()[key.removeprefix(_OF_DATA)]
            if args.level == "audit" and not about["audit"]:
                continue
            azure_native.monitor.DiagnosticSetting(
                f"{name}-{key}",
                name=_NAME,
                resource_uri=pulumi.Output.concat(resource_id, about.get("below", "")),
                workspace_id=args.logs_id,
                logs=_logs(about, args.level),
                metrics=_metrics(about, args.level),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})


def _sources(args: DiagnosticsArgs) -> dict[str, pulumi.Output[str]]:
    sources = {
        "key-vault": args.key_vault_id,
        "registry": args.container_registry_id,
        **dict.fromkeys(_STORAGE_SERVICES, args.storage_id),
        **{f"{_OF_DATA}{service}": args.data_storage_id for service in _STORAGE_SERVICES},
        "logs": args.logs_id,
        "workspace": args.workspace_id,
        **args.network,
    }
    return {key: resource_id for key, resource_id in sources.items() if resource_id is not None}


def _logs(about: Mapping[str, Any], level: str) -> list[azure_native.monitor.DiagnosticsLogSettingsArgs]:
    if level == "all":
        return [azure_native.monitor.DiagnosticsLogSettingsArgs(category_group="allLogs", enabled=True)]
    return [
        azure_native.monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in about["audit"]
    ]


def _metrics(about: Mapping[str, Any], level: str) -> list[azure_native.monitor.DiagnosticsMetricSettingsArgs]:
    chosen = about["metrics"] if level == "all" else []
    return [azure_native.monitor.DiagnosticsMetricSettingsArgs(category=category, enabled=True) for category in chosen]


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("diagnostics.toml").read_text(encoding="utf-8"))

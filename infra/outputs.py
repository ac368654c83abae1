"""What a stack tells the outside: all that jobs and people need to reach the workspace, and nothing secret."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.settings.logging_policy import LoggingSettings
from naming import NamingPlan


@dataclass(frozen=True)
class StackOutputs:
    """The outputs of a stack that are not names of its own plan."""

    subscription_id: str
    resource_group: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    workspace_name: pulumi.Output[str]
    mlflow_tracking_uri: pulumi.Output[str]
    storage_account_name: pulumi.Input[str]
    training_data_container: pulumi.Output[str] | None
    data_storage_account_name: pulumi.Output[str] | None
    data_containers: list[pulumi.Output[str]]
    key_vault_uri: pulumi.Input[str]
    storage_key_secret: pulumi.Output[str] | None
    secrets: list[str]
    model_registry_name: pulumi.Output[str] | None
    compute_name: pulumi.Output[str] | None
    compute_names: Mapping[str, Mapping[str, pulumi.Output[str]]]
    logging: LoggingSettings
    plan: NamingPlan


def export(outputs: StackOutputs) -> None:
    """Make them the stack's outputs."""
    for name, value in {
        "config_json": config_json(outputs),
        "mlflow_tracking_uri": outputs.mlflow_tracking_uri,
        "resource_group": outputs.resource_group,
        "workspace_id": outputs.workspace_id,
        "workspace_name": outputs.workspace_name,
        "storage_account_name": outputs.storage_account_name,
        "training_data_container": outputs.training_data_container,
        "data_storage_account_name": outputs.data_storage_account_name,
        "data_containers": outputs.data_containers,
        "key_vault_uri": outputs.key_vault_uri,
        "storage_key_secret": outputs.storage_key_secret,
        "secrets": outputs.secrets,
        "model_registry_name": outputs.model_registry_name,
        "compute_name": outputs.compute_name,
        "compute_names": outputs.compute_names,
        "resources": [{"name": planned.name, "type": planned.type} for planned in outputs.plan],
    }.items():
        pulumi.export(name, value)


def config_json(outputs: StackOutputs) -> pulumi.Output[str]:
    """The text of the `config.json` that Azure ML studio offers to download, with the workspace's logging policy.

    The SDKs read the first three keys; what submits a job of ours reads `logging` too.
    """
    logging = outputs.logging.model_dump(by_alias=True)
    return pulumi.Output.all(outputs.resource_group, outputs.workspace_name).apply(
        lambda names: json.dumps(
            {
                "subscription_id": outputs.subscription_id,
                "resource_group": names[0],
                "workspace_name": names[1],
                "logging": logging,
            },
            indent=4,
        )
    )

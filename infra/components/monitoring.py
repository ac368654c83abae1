"""Log Analytics, and Application Insights on top of it: where the workspace's logs and metrics end up."""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.network_access import Access
from infra.components.resource_group import Place
from infra.settings.operations import MonitoringSettings


@dataclass(frozen=True)
class MonitoringArgs:
    """The names of the two, where they go, their settings, and from where they are reached."""

    log_analytics_name: str
    application_insights_name: str
    place: Place
    settings: MonitoringSettings
    access: Access


class Monitoring(pulumi.ComponentResource):
    """A Log Analytics workspace, and an Application Insights component that keeps its data there."""

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Monitoring", name, None, opts)
        # Azure Monitor has no lists of addresses: it is open to the internet, or closed.
        public = args.access.public_network
        logs = azure_native.operationalinsights.Workspace(
            f"{name}-logs",
            workspace_name=args.log_analytics_name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            sku=azure_native.operationalinsights.WorkspaceSkuArgs(
                name=azure_native.operationalinsights.WorkspaceSkuNameEnum.PER_GB2018
            ),
            retention_in_days=args.settings.retention_days,
            public_network_access_for_ingestion=public,
            public_network_access_for_query=public,
            opts=pulumi.ResourceOptions(parent=self),
        )
        insights = azure_native.applicationinsights.Component(
            f"{name}-insights",
            resource_name_=args.application_insights_name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            kind="web",
            application_type=azure_native.applicationinsights.ApplicationType.WEB,
            ingestion_mode=azure_native.applicationinsights.IngestionMode.LOG_ANALYTICS,
            workspace_resource_id=logs.id,
            public_network_access_for_ingestion=public,
            public_network_access_for_query=public,
            # Whoever has it can write metrics and logs there, as with the connection string, which Pulumi knows of.
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["instrumentation_key"]),
        )
        self.logs_id = logs.id
        self.insights_id = insights.id
        self.register_outputs({})

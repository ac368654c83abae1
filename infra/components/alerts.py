"""Who is told when jobs fail or cores run out: an action group, and the metric alerts of the workspace."""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.settings.operations import AlertSettings

_EVERYWHERE = "global"
_NAMESPACE = "Microsoft.MachineLearningServices/workspaces"
_WARNING = 2


@dataclass(frozen=True)
class AlertsArgs:
    """The names of the action group and of the alerts' beginning, where they go, what is watched, and the settings."""

    action_group_name: str
    alert_name: str
    place: Place
    workspace_id: pulumi.Output[str]
    settings: AlertSettings


@dataclass(frozen=True)
class _Alert:
    key: str
    metric: str
    aggregation: azure_native.monitor.AggregationTypeEnum
    above: int
    description: str


class Alerts(pulumi.ComponentResource):
    """Alerts that send mail; nothing at all where there is nobody to send it to."""

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Alerts", name, None, opts)
        if args.settings.emails:
            group = self._action_group(name, args)
            for alert in _alerts(args.settings):
                self._alert(f"{name}-{alert.key}", alert, args, group.id)
        self.register_outputs({})

    def _action_group(self, name: str, args: AlertsArgs) -> azure_native.monitor.ActionGroup:
        return azure_native.monitor.ActionGroup(
            f"{name}-group",
            action_group_name=args.action_group_name,
            resource_group_name=args.place.resource_group,
            location=_EVERYWHERE,
            group_short_name="mlws",
            enabled=True,
            email_receivers=[
                azure_native.monitor.MicrosoftCommonEmailReceiverArgs(
                    name=email, email_address=email, use_common_alert_schema=True
                )
                for email in sorted(args.settings.emails)
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _alert(self, name: str, alert: _Alert, args: AlertsArgs, group_id: pulumi.Output[str]) -> None:
        criterion = azure_native.monitor.MetricCriteriaArgs(
            criterion_type="StaticThresholdCriterion",
            name=alert.key,
            metric_namespace=_NAMESPACE,
            metric_name=alert.metric,
            operator=azure_native.monitor.Operator.GREATER_THAN,
            threshold=alert.above,
            time_aggregation=alert.aggregation,
        )
        azure_native.monitor.MetricAlert(
            name,
            rule_name=f"{args.alert_name}-{alert.key}",
            resource_group_name=args.place.resource_group,
            location=_EVERYWHERE,
            description=alert.description,
            enabled=True,
            severity=_WARNING,
            scopes=[args.workspace_id],
            evaluation_frequency="PT15M",
            window_size="PT1H",
            criteria=azure_native.monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
                odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", all_of=[criterion]
            ),
            actions=[azure_native.monitor.MetricAlertActionArgs(action_group_id=group_id)],
            opts=pulumi.ResourceOptions(parent=self),
        )


def _alerts(settings: AlertSettings) -> tuple[_Alert, ...]:
    """The metrics are Azure's: learn.microsoft.com/azure/machine-learning/monitor-azure-machine-learning-reference."""
    kinds = azure_native.monitor.AggregationTypeEnum
    return (
        _Alert("failed-runs", "Failed Runs", kinds.TOTAL, settings.failed_runs, "Jobs failed within an hour."),
        _Alert(
            "quota", "Quota Utilization Percentage", kinds.AVERAGE, settings.quota_percent, "The cores' quota runs out."
        ),
    )

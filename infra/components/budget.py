"""What the stack may cost in a month, and who hears of it before it is spent."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pulumi
import pulumi_azure_native as azure_native

from infra.settings.operations import BudgetSettings

_FORECAST_PERCENT = 100


@dataclass(frozen=True)
class BudgetArgs:
    """The budget's name, the id of what it is about, who is told, and its settings."""

    name: str
    resource_group_id: pulumi.Output[str]
    emails: tuple[str, ...]
    settings: BudgetSettings


class Budget(pulumi.ComponentResource):
    """A monthly budget of the resource group; none without an amount."""

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Budget", name, None, opts)
        if args.settings.monthly_amount is not None:
            azure_native.consumption.Budget(
                name,
                budget_name=args.name,
                scope=args.resource_group_id,
                amount=args.settings.monthly_amount,
                category=azure_native.consumption.CategoryType.COST,
                time_grain=azure_native.consumption.TimeGrainType.MONTHLY,
                time_period=azure_native.consumption.BudgetTimePeriodArgs(start_date=_start_of_this_month()),
                notifications=_notifications(args),
                # Azure wants a first of the month that is not past; the month it was made in is no difference later.
                opts=pulumi.ResourceOptions(parent=self, ignore_changes=["timePeriod"]),
            )
        self.register_outputs({})


def _start_of_this_month() -> str:
    return datetime.now(UTC).strftime("%Y-%m-01T00:00:00Z")


def _notifications(args: BudgetArgs) -> dict[str, azure_native.consumption.NotificationArgs]:
    kinds = azure_native.consumption.ThresholdType
    told = {f"actual-{percent}": (kinds.ACTUAL, percent) for percent in args.settings.thresholds}
    told["forecast"] = (kinds.FORECASTED, _FORECAST_PERCENT)
    return {
        key: azure_native.consumption.NotificationArgs(
            enabled=True,
            operator=azure_native.consumption.OperatorType.GREATER_THAN_OR_EQUAL_TO,
            threshold_type=kind,
            threshold=percent,
            contact_emails=sorted(args.emails),
            contact_roles=["Owner"],
        )
        for key, (kind, percent) in told.items()
    }

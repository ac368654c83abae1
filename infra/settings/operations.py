"""What a stack may say about watching it: logs and how long they stay, who is told of trouble, what it may cost."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from infra.settings.section import Section

Email = Annotated[
    str,
    StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254),
    Field(description="An e-mail address, as `ml-platform@contoso.com`."),
]
Percent = Annotated[int, Field(ge=1, le=1000)]


class MonitoringSettings(Section):
    """Log Analytics, where logs and Application Insights data end up."""

    retention_days: int = Field(ge=30, le=730, description="Days for which logs are kept.")
    diagnostics: Literal["none", "audit", "all"] = Field(
        description="What resources log about themselves: `audit` who changed or deleted what, `all` everything, with"
        " metrics. Logs cost by the gigabyte."
    )


class AlertSettings(Section):
    """Who is told when jobs fail or a quota runs out, and of the budget. With nobody to tell there is no alert."""

    emails: tuple[Email, ...] = Field(default=(), max_length=50, description="E-mail addresses that are told.")
    failed_runs: int = Field(default=0, ge=0, le=10000, description="How many jobs may fail in an hour without alert.")
    quota_percent: int = Field(default=80, ge=1, le=100, description="Share of the cores' quota that is too much.")


class BudgetSettings(Section):
    """What the resource group may cost in a month; Azure tells of it and stops nothing."""

    monthly_amount: int | None = Field(
        default=None, ge=1, description="Amount in the currency of the subscription; without one there is no budget."
    )
    thresholds: tuple[Percent, ...] = Field(
        default=(50, 80, 100),
        min_length=1,
        max_length=4,
        description="Percentages of the amount at which the owners of the subscription, and the e-mail addresses of"
        " `mlws:alerts`, are told. Default: 50, 80 and 100, and 100 as a forecast.",
    )

    @model_validator(mode="after")
    def _thresholds_rise(self) -> "BudgetSettings":
        if list(self.thresholds) != sorted(set(self.thresholds)):
            raise ValueError(f"the thresholds {list(self.thresholds)} must rise; write {sorted(set(self.thresholds))}")
        return self

"""Compute instances, the machines that people work on, and when they start and stop."""

import re
import tomllib
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator, model_validator

from infra.settings.compute import SubnetId
from infra.settings.section import Section

ScheduleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
WeekDay = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_CRON_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_CRON_ITEM = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/([1-9]\d*))?")
# In which frequency each part of a recurrence has a meaning.
_PARTS = {"week_days": "Week", "month_days": "Month"}


class ComputeInstanceSettings(Section):
    """Compute instances, each for one person, by a name of one to four letters or digits that stands in the instance's.

    Nobody else gets in, not even who created it; it has no SSH. It is stopped when it is idle, and costs its disk then.
    A change of its size, owner, times or network makes a new one, without what was on its disk; files in the
    workspace's file share stay.
    """

    owner: UUID = Field(description="Object id, in Microsoft Entra ID, of the user whom it belongs to; no group.")
    vm_size: Annotated[str, StringConstraints(min_length=1)] = Field(
        default="Standard_D4s_v3", description="Azure VM size, as in `Standard_D4s_v3`."
    )
    idle_minutes: int = Field(
        default=60, ge=15, le=4320, description="Minutes without activity after which Azure stops it."
    )
    schedules: tuple[ScheduleName, ...] = Field(
        default=(), max_length=10, description="Names of `mlws:computeSchedules` that start and stop it."
    )
    subnet_id: SubnetId | None = Field(
        default=None,
        description="Resource id of the subnet that it is in; it has no public address then. Default: Azure's own"
        " network, or the workspace's managed one.",
    )


class ComputeSchedule(Section):
    """When compute instances start or stop, by a name of your own that `mlws:computeInstances` refer to.

    Either `cron` or `frequency` says when.
    """

    action: Literal["start", "stop"] = Field(description="What happens to the instances.")
    cron: str | None = Field(
        default=None, description="Five fields, minute hour day month weekday, as in `0 19 * * 1-5`; quote it."
    )
    frequency: Literal["Day", "Week", "Month"] | None = Field(default=None, description="Unit of `interval`.")
    interval: int = Field(default=1, ge=1, le=1000, description="Every how many days, weeks or months.")
    hours: tuple[Annotated[int, Field(ge=0, le=23)], ...] = Field(default=(), description="Hours, with `frequency`.")
    minutes: tuple[Annotated[int, Field(ge=0, le=59)], ...] = Field(
        default=(0,), min_length=1, description="Minutes past each hour, with `frequency`. Default: on the hour."
    )
    week_days: tuple[WeekDay, ...] = Field(default=(), description="Days, with the frequency `Week`.")
    month_days: tuple[Annotated[int, Field(ge=1, le=31)], ...] = Field(
        default=(), description="Days, with the frequency `Month`."
    )
    time_zone: str = Field(
        default="UTC", description="Windows' name of the time zone, as in `W. Europe Standard Time`."
    )
    start_time: str | None = Field(
        default=None,
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$",
        description="When it holds from, as in `2026-12-01T00:00:00`. Default: at once.",
    )

    @field_validator("cron")
    @classmethod
    def _is_cron(cls, cron: str | None) -> str | None:
        if cron is not None:
            _check_cron(cron)
        return cron

    @field_validator("time_zone")
    @classmethod
    def _azure_knows_the_time_zone(cls, time_zone: str) -> str:
        if time_zone not in time_zones():
            near = get_close_matches(time_zone, time_zones(), n=1, cutoff=0.5)
            instead = f"did you mean '{near[0]}'?" if near else "write one such as 'W. Europe Standard Time' or 'UTC'"
            raise ValueError(f"'{time_zone}' is not a time zone of Windows; {instead}")
        return time_zone

    @model_validator(mode="after")
    def _says_when(self) -> "ComputeSchedule":
        if (self.cron is None) == (self.frequency is None):
            raise ValueError("it needs either cron or frequency, and not both")
        for part, frequency in _PARTS.items():
            alias = type(self).model_fields[part].alias
            if getattr(self, part) and self.frequency != frequency:
                raise ValueError(f"{alias} has a meaning with the frequency {frequency} only; leave one of them out")
            if self.frequency == frequency and not getattr(self, part):
                raise ValueError(f"the frequency {frequency} needs {alias}")
        if bool(self.hours) != (self.frequency is not None):
            raise ValueError("hours and frequency belong together; write both, or cron alone")
        return self


@cache
def time_zones() -> tuple[str, ...]:
    """The names of time zones that Azure's schedules take."""
    text = Path(__file__).with_name("time_zones.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["names"])


def _check_cron(cron: str) -> None:
    fields = cron.split()
    if len(fields) != len(_CRON_FIELDS):
        raise ValueError(
            f"'{cron}' has {len(fields)} fields; write five, minute hour day month weekday, as in '0 19 * * 1-5'"
        )
    for text, (name, least, most) in zip(fields, _CRON_FIELDS, strict=True):
        for item in text.split(","):
            found = _CRON_ITEM.fullmatch(item)
            bounds = [int(bound) for bound in found.groups()[:2] if bound is not None] if found else []
            if found is None or bounds != sorted(bounds) or any(not least <= bound <= most for bound in bounds):
                raise ValueError(f"'{cron}': '{item}' is no {name}; write {least} to {most}, *, a range or a step")

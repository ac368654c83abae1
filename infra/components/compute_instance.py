"""Compute instances: a machine each, for one person and nobody else, that stops when it is idle.

Azure changes nothing of an instance once it is there, save by calls of their own, so that another size, owner or
schedule is another instance.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.compute_network import public_address, subnet
from infra.components.resource_group import Place
from infra.settings.compute_instance import ComputeInstanceSettings, ComputeSchedule


@dataclass(frozen=True)
class ComputeInstanceArgs:
    """The instance's name, its workspace, the tenant of its owner, its settings, and the schedules there are."""

    name: str
    place: Place
    workspace_name: pulumi.Output[str]
    tenant_id: str
    settings: ComputeInstanceSettings
    schedules: Mapping[str, ComputeSchedule]
    is_private: bool = False


class ComputeInstance(pulumi.ComponentResource):
    """A virtual machine that one person works on."""

    def __init__(self, name: str, args: ComputeInstanceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:ComputeInstance", name, None, opts)
        instance = azure_native.machinelearningservices.Compute(
            name,
            compute_name=args.name,
            workspace_name=args.workspace_name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            properties=azure_native.machinelearningservices.ComputeInstanceArgs(
                compute_type="ComputeInstance", disable_local_auth=True, properties=_properties(args)
            ),
            # Its name is fixed: the old one must go before there can be a new one.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["properties"], delete_before_replace=True),
        )
        self.name = instance.name
        self.register_outputs({"name": self.name})


def _properties(args: ComputeInstanceArgs) -> azure_native.machinelearningservices.ComputeInstancePropertiesArgs:
    settings = args.settings
    return azure_native.machinelearningservices.ComputeInstancePropertiesArgs(
        vm_size=settings.vm_size,
        compute_instance_authorization_type=(
            azure_native.machinelearningservices.ComputeInstanceAuthorizationType.PERSONAL
        ),
        application_sharing_policy=azure_native.machinelearningservices.ApplicationSharingPolicy.PERSONAL,
        personal_compute_instance_settings=azure_native.machinelearningservices.PersonalComputeInstanceSettingsArgs(
            assigned_user=azure_native.machinelearningservices.AssignedUserArgs(
                object_id=str(settings.owner), tenant_id=args.tenant_id
            )
        ),
        ssh_settings=azure_native.machinelearningservices.ComputeInstanceSshSettingsArgs(
            ssh_public_access=azure_native.machinelearningservices.SshPublicAccess.DISABLED
        ),
        idle_time_before_shutdown=f"PT{settings.idle_minutes}M",
        schedules=_schedules([args.schedules[name] for name in settings.schedules]),
        subnet=subnet(settings.subnet_id),
        enable_node_public_ip=public_address(settings.subnet_id, is_private=args.is_private),
    )


def _schedules(schedules: list[ComputeSchedule]) -> azure_native.machinelearningservices.ComputeSchedulesArgs | None:
    if not schedules:
        return None
    return azure_native.machinelearningservices.ComputeSchedulesArgs(
        compute_start_stop=[_start_stop(schedule) for schedule in schedules]
    )


def _start_stop(schedule: ComputeSchedule) -> azure_native.machinelearningservices.ComputeStartStopScheduleArgs:
    actions = azure_native.machinelearningservices.ComputePowerAction
    triggers = azure_native.machinelearningservices.ComputeTriggerType
    return azure_native.machinelearningservices.ComputeStartStopScheduleArgs(
        action=actions.START if schedule.action == "start" else actions.STOP,
        status=azure_native.machinelearningservices.ScheduleStatus.ENABLED,
        trigger_type=triggers.CRON if schedule.cron is not None else triggers.RECURRENCE,
        cron=_cron(schedule) if schedule.cron is not None else None,
        recurrence=_recurrence(schedule) if schedule.cron is None else None,
    )


def _cron(schedule: ComputeSchedule) -> azure_native.machinelearningservices.CronArgs:
    return azure_native.machinelearningservices.CronArgs(
        expression=schedule.cron, start_time=schedule.start_time, time_zone=schedule.time_zone
    )


def _recurrence(schedule: ComputeSchedule) -> azure_native.machinelearningservices.RecurrenceArgs:
    return azure_native.machinelearningservices.RecurrenceArgs(
        frequency=schedule.frequency,
        interval=schedule.interval,
        start_time=schedule.start_time,
        time_zone=schedule.time_zone,
        schedule=azure_native.machinelearningservices.ComputeRecurrenceScheduleArgs(
            hours=list(schedule.hours),
            minutes=list(schedule.minutes),
            week_days=list(schedule.week_days) or None,
            month_days=list(schedule.month_days) or None,
        ),
    )

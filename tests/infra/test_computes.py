"""Clusters, instances and their schedules: settings, names, and what the program asks Azure for."""

from pathlib import Path
from typing import Any

import pytest

from infra.check import check_stack
from infra.compute_names import compute_names
from infra.errors import SettingsError
from infra.guards.deployer import EMBEDDED_TENANT_ID
from infra.names import planned_names
from infra.settings import Settings, settings_from
from infra.settings.compute_instance import time_zones
from infra.settings.vm_sizes import nearest, vm_size, vm_sizes
from tests.infra.changes import changed
from tests.infra.configurations import STACKS, configuration
from tests.infra.program import ROOT, TENANT, Registered, Run, created, principal_of

JANE = "11111111-2222-4333-8444-555555555555"
GROUP = "/subscriptions/3f2504e0-4f89-41d3-9a0c-0305e82c3301/resourceGroups/rg-net/providers/"
SUBNET = f"{GROUP}Microsoft.Network/virtualNetworks/vnet/subnets/computes"
IDENTITY = f"{GROUP}Microsoft.ManagedIdentity/userAssignedIdentities/id-jobs"
MANAGED = {"isolation": "AllowInternetOutbound"}
EVENING = {"action": "stop", "cron": "0 19 * * 1-5", "timeZone": "W. Europe Standard Time"}


def settings(**ours: Any) -> Settings:
    return settings_from(configuration(**ours), "dev")


def sentence(**ours: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(**ours)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def compute(run: Run, name: str) -> Registered:
    [found] = [one for one in run.all("machinelearningservices:Compute") if one.name == name]
    return found


def properties(run: Run, name: str) -> dict[str, Any]:
    found: dict[str, Any] = compute(run, name).inputs["properties"]["properties"]
    return found


def test_the_table_tells_what_a_size_is() -> None:
    size = vm_size("STANDARD_ds3_V2")
    gpus = vm_size("Standard_NC64as_T4_v3")

    assert size is not None
    assert (size.name, size.family, size.vcpus, size.memory_gib, size.gpus) == (
        "Standard_DS3_v2",
        "standardDSv2Family",
        4,
        14,
        0,
    )
    assert gpus is not None
    assert (gpus.gpus, gpus.low_priority) == (4, False)


def test_every_size_of_the_table_is_one_machine() -> None:
    for size in vm_sizes().values():
        assert size.name.startswith("Standard_")
        assert size.vcpus > 0
        assert size.memory_gib > 0


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Standard_DS3v2", "Standard_DS3_v2"),
        ("standard_nc4as_t4v3", "Standard_NC4as_T4_v3"),
        ("Standard_NC4as", "Standard_NC4as_T4_v3"),
        ("D4s_v3", "Standard_D4s_v3"),
    ],
)
def test_a_size_that_there_is_not_has_a_nearest_one(written: str, meant: str) -> None:
    found = nearest(written)

    assert found is not None
    assert found.name == meant


def test_a_size_that_is_like_none_has_no_nearest_one() -> None:
    assert nearest("gpu") is None


def test_a_size_that_is_not_known_is_told_with_the_nearest_one() -> None:
    said = sentence(computeCluster={"vmSize": "Standard_DS3v2"})

    assert said.startswith("Pulumi.dev.yaml: mlws:computeCluster.vmSize: 'Standard_DS3v2'")
    assert "did you mean 'Standard_DS3_v2'?" in said
    assert "mlws:unlistedVmSizes" in said


def test_a_size_that_is_newer_than_the_table_is_taken_when_it_is_named_twice() -> None:
    new = settings(computeCluster={"vmSize": "Standard_D4s_v99"}, unlistedVmSizes=["standard_D4s_v99"])

    assert new.compute_cluster.vm_size == "Standard_D4s_v99"


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (
            {"computeClusters": {"gpu": {"vmSize": "Standard_NC64as_T4_v3", "priority": "low"}}},
            "mlws:computeClusters.gpu.vmSize: Azure has no low-priority node of 'Standard_NC64as_T4_v3'",
        ),
        (
            {"computeInstances": {"jane": {"owner": JANE, "vmSize": "Standard_L8s_v3"}}},
            "mlws:computeInstances.jane.vmSize: Azure Machine Learning has 'Standard_L8s_v3' for clusters only",
        ),
        ({"computeClusters": {"nightly": {}}}, "one to four lower-case letters or digits"),
        ({"computeClusters": {"gpu": {"vmsize": "Standard_D2"}}}, "did you mean 'mlws:computeClusters.gpu.vmSize'?"),
        ({"computeClusters": {"gpu": "Standard_D2"}}, "'Standard_D2' is not a mapping"),
        ({"computeCluster": {"identityId": "id-jobs"}}, "mlws:computeCluster.identityId: 'id-jobs'"),
        ({"computeCluster": {"subnetId": "snet"}}, "mlws:computeCluster.subnetId: 'snet'"),
        ({"computeInstances": {"jane": {}}}, "mlws:computeInstances.jane.owner is missing"),
        ({"computeInstances": {"jane": {"owner": JANE, "idleMinutes": 5}}}, "15 to 4320"),
        (
            {
                "computeInstances": {"jane": {"owner": JANE, "schedules": ["evenin"]}},
                "computeSchedules": {"evening": EVENING},
            },
            "mlws:computeInstances.jane.schedules: there is no schedule 'evenin'; did you mean 'evening'?",
        ),
        (
            {"computeSchedules": {"evening": {**EVENING, "timeZone": "W Europe Standard Time"}}},
            "did you mean 'W. Europe Standard Time'?",
        ),
        ({"computeSchedules": {"evening": {**EVENING, "cron": "0 25 * * *"}}}, "'25' is no hour; write 0 to 23"),
        ({"computeSchedules": {"evening": {**EVENING, "cron": "0 5-3 * * *"}}}, "'5-3' is no hour"),
        ({"computeSchedules": {"evening": {**EVENING, "cron": "0 19 * *"}}}, "has 4 fields; write five"),
        ({"computeSchedules": {"evening": {"action": "stop"}}}, "either cron or frequency, and not both"),
        ({"computeSchedules": {"evening": {**EVENING, "frequency": "Day"}}}, "either cron or frequency, and not both"),
        ({"computeSchedules": {"evening": {**EVENING, "hours": [19]}}}, "hours and frequency belong together"),
        ({"computeSchedules": {"evening": {"action": "stop", "frequency": "Day"}}}, "hours and frequency belong"),
        (
            {"computeSchedules": {"evening": {"action": "stop", "frequency": "Week", "hours": [19]}}},
            "the frequency Week needs weekDays",
        ),
        (
            {"computeSchedules": {"evening": {**EVENING, "monthDays": [1]}}},
            "monthDays has a meaning with the frequency Month only",
        ),
    ],
)
def test_what_cannot_be_is_told(ours: dict[str, Any], said: str) -> None:
    assert said in sentence(**ours)


def test_a_further_cluster_is_like_the_default_one_where_it_says_nothing() -> None:
    found = settings(computeCluster={"idleSeconds": 120}, computeClusters={"gpu": {"vmSize": "Standard_NC6s_v3"}})
    gpu = found.compute_clusters["gpu"]

    assert (gpu.vm_size, gpu.idle_seconds, gpu.max_nodes) == ("Standard_NC6s_v3", 120, found.compute_cluster.max_nodes)


def test_time_zones_are_those_of_the_sdk() -> None:
    constants = pytest.importorskip("azure.ai.ml.constants")

    assert set(time_zones()) == {zone.value for zone in constants.TimeZone}


def test_names_are_the_convention_s_with_the_name_in_the_stack_file() -> None:
    found = settings(computeClusters={"gpu": {}}, computeInstances={"jane": {"owner": JANE}})
    names = compute_names(found, planned_names(found, ROOT, "here"), ROOT, "here")

    assert names.clusters == {"gpu": "cpu-gpu-churn-euw-dev"}
    assert names.instances == {"jane": "ci-jane-churn-euw-dev"}


def test_two_computes_are_never_called_alike() -> None:
    found = settings(instance="01", computeClusters={"01": {}})

    with pytest.raises(SettingsError, match="would be called 'cpu-01-churn-euw-dev' like mlws:computeCluster"):
        compute_names(found, planned_names(found, ROOT, "here"), ROOT, "here")


def test_checking_a_stack_file_tells_the_names_and_the_cores_to_ask_azure_for(tmp_path: Path) -> None:
    (tmp_path / "naming.toml").write_bytes((ROOT / "naming.toml").read_bytes())
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n  azure-native:location: westeurope\n  mlws:tags: {owner: me, costCentre: '1'}\n"
        "  mlws:computeCluster: {vmSize: Standard_DS3_v2, maxNodes: 3}\n"
        "  mlws:computeClusters: {low: {priority: low, maxNodes: 5}, gpu: {vmSize: Standard_NC6s_v3, maxNodes: 2}}\n"
        f"  mlws:computeInstances: {{jane: {{owner: {JANE}, vmSize: Standard_DS3_v2}}}}\n"
    )

    checked = check_stack(tmp_path, "dev")

    assert checked.names["compute_cluster.gpu"] == "cpu-gpu-churn-euw-dev"
    assert checked.names["compute_instance.jane"] == "ci-jane-churn-euw-dev"
    assert checked.cores == {"standardDSv2Family": 16, "low priority": 20, "standardNCSv3Family": 12}


@pytest.mark.parametrize("stack", STACKS)
def test_the_default_cluster_is_what_it_has_been(stack: str) -> None:
    tenant = {"tenant": EMBEDDED_TENANT_ID} if stack == "local" else {}
    cluster = compute(created(stack, configuration(), **tenant), "cluster").inputs

    assert cluster["properties"]["properties"]["scaleSettings"]["minNodeCount"] == 0
    assert cluster["properties"]["properties"]["vmPriority"] == "Dedicated"
    assert cluster["properties"]["disableLocalAuth"] is True
    assert cluster["identity"] == {"type": "SystemAssigned"}
    assert "subnet" not in cluster["properties"]["properties"]


def test_a_further_cluster_scales_to_zero_and_has_an_identity_with_the_same_rights() -> None:
    before = created("dev", configuration())
    run = created(
        "dev", configuration(computeClusters={"gpu": {"vmSize": "Standard_NC6s_v3", "priority": "low", "maxNodes": 2}})
    )

    assert properties(run, "cluster-gpu")["vmPriority"] == "LowPriority"
    assert properties(run, "cluster-gpu")["scaleSettings"]["minNodeCount"] == 0
    assert changed(before, run) == {"cluster-gpu", "cluster-gpu-blobs", "cluster-gpu-registry"}
    granted = {one.inputs["principalId"] for one in run.azure if one.name.startswith("cluster-gpu-")}
    assert granted == {principal_of("cpu-gpu-churn-euw-dev")}
    assert run.outputs["compute_names"]["clusters"] == {"gpu": "cpu-gpu-churn-euw-dev"}
    assert run.outputs["compute_name"] == before.outputs["compute_name"]


def test_a_cluster_with_a_given_identity_gets_no_rights_from_us() -> None:
    run = created("dev", configuration(computeClusters={"job": {"identityId": IDENTITY}}))

    assert compute(run, "cluster-job").inputs["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": [IDENTITY],
    }
    assert not [one for one in run.azure if one.name.startswith("cluster-job-")]


def test_computes_in_a_subnet_have_no_public_address() -> None:
    run = created(
        "dev",
        configuration(
            computeClusters={"net": {"subnetId": SUBNET}},
            computeInstances={"jane": {"owner": JANE, "subnetId": SUBNET}},
        ),
    )

    for name in ("cluster-net", "instance-jane"):
        assert properties(run, name)["subnet"] == {"id": SUBNET}
        assert properties(run, name)["enableNodePublicIp"] is False


def test_an_instance_is_for_its_owner_alone_and_stops_when_it_is_idle() -> None:
    jane = {"owner": JANE, "vmSize": "Standard_DS3_v2", "idleMinutes": 30}
    run = created("dev", configuration(computeInstances={"jane": jane}))
    instance = compute(run, "instance-jane").inputs

    assert instance["properties"]["computeType"] == "ComputeInstance"
    assert instance["properties"]["disableLocalAuth"] is True
    assert instance["properties"]["properties"] == {
        "vmSize": "Standard_DS3_v2",
        "computeInstanceAuthorizationType": "personal",
        "applicationSharingPolicy": "Personal",
        "personalComputeInstanceSettings": {"assignedUser": {"objectId": JANE, "tenantId": TENANT}},
        "enableSSO": True,
        "sshSettings": {"sshPublicAccess": "Disabled"},
        "idleTimeBeforeShutdown": "PT30M",
    }
    assert run.outputs["compute_names"]["instances"] == {"jane": "ci-jane-churn-euw-dev"}


def test_schedules_start_and_stop_the_instances_that_name_them() -> None:
    weekly = {"action": "start", "frequency": "Week", "hours": [8], "minutes": [30], "weekDays": ["Monday"]}
    run = created(
        "dev",
        configuration(
            computeSchedules={"evening": EVENING, "morning": weekly},
            computeInstances={"jane": {"owner": JANE, "schedules": ["evening", "morning"]}},
        ),
    )

    assert properties(run, "instance-jane")["schedules"]["computeStartStop"] == [
        {
            "action": "Stop",
            "status": "Enabled",
            "triggerType": "Cron",
            "cron": {"expression": "0 19 * * 1-5", "timeZone": "W. Europe Standard Time"},
        },
        {
            "action": "Start",
            "status": "Enabled",
            "triggerType": "Recurrence",
            "recurrence": {
                "frequency": "Week",
                "interval": 1,
                "timeZone": "UTC",
                "schedule": {"hours": [8], "minutes": [30], "weekDays": ["Monday"]},
            },
        },
    ]


def test_a_schedule_touches_only_the_instances_that_name_it() -> None:
    instances = {"jane": {"owner": JANE, "schedules": ["evening"]}, "joe": {"owner": JANE}}
    runs = [
        created(
            "dev", configuration(computeSchedules={"evening": {**EVENING, "cron": cron}}, computeInstances=instances)
        )
        for cron in ("0 19 * * 1-5", "0 20 * * 1-5")
    ]

    assert changed(*runs) == {"instance-jane"}


def test_nodes_of_a_private_stack_have_no_public_address() -> None:
    private = {"access": "private"}
    run = created("dev", configuration(network=private, containerRegistry={"sku": "Premium"}, managedNetwork=MANAGED))

    assert properties(run, "cluster")["enableNodePublicIp"] is False


def test_a_managed_network_takes_no_subnet_beside_it() -> None:
    said = sentence(computeCluster={"subnetId": SUBNET}, managedNetwork=MANAGED)

    assert "mlws:computeCluster.subnetId: computes of a workspace with a managed network are in that one" in said

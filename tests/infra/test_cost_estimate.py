"""What a plan costs: fixed, an hour, by use, and what is not known."""

from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.cost.estimate import Estimate, estimate, meters
from infra.cost.meters import _METERS, _free_types, meters_of
from infra.cost.plan import PlannedResource, planned_resources
from infra.cost.price_table import PriceTable, load
from tests.infra.test_cost_plan import _JSON, LOCAL

_CLUSTER = "azure-native:machinelearningservices:Compute"


def priced(*resources: PlannedResource) -> Estimate:
    return estimate("dev", resources, load(), "USD")


def cluster(size: str = "Standard_D4s_v3", kind: str = "AmlCompute", **settings: Any) -> PlannedResource:
    inputs = {"properties": {"computeType": kind, "properties": {"vmSize": size, **settings}}}
    return PlannedResource(_CLUSTER, "cluster", "westeurope", inputs)


def registry(sku: str, region: str = "westeurope") -> PlannedResource:
    return PlannedResource("azure-native:containerregistry:Registry", "registry", region, {"sku": {"name": sku}})


def test_every_resource_of_the_real_plan_is_priced_free_or_listed_as_unknown() -> None:
    found = estimate("local", planned_resources(LOCAL, "local.json"), load(), "USD")
    assert [(line.meter.title, line.monthly) for line in found.fixed] == [("registry, Basic", Decimal("5.00"))]
    assert {line.meter.title for line in found.usage} >= {"logs taken in"}
    assert ("cluster", "Standard_DS3_v2") in {(line.resource, line.what) for line in found.unknown}
    assert all(line.charge is not None for line in found.unknown), "a type of our own program has no known meters"


def test_a_cluster_that_scales_to_zero_costs_nothing_while_nothing_runs() -> None:
    found = priced(cluster(scaleSettings={"minNodeCount": 0, "maxNodeCount": 4}))
    (line,) = found.compute
    assert (line.node_hour, line.least_hour, line.most_hour) == (Decimal("0.24"), Decimal(0), Decimal("0.96"))
    assert found.monthly == 0
    assert found.is_complete


def test_nodes_that_never_go_away_are_a_fixed_cost() -> None:
    found = priced(cluster(scaleSettings={"minNodeCount": 2, "maxNodeCount": 4}))
    assert found.monthly == Decimal("350.40")


def test_a_cluster_without_a_minimum_has_none_as_in_azure() -> None:
    assert priced(cluster(scaleSettings={"maxNodeCount": 4})).compute[0].meter.minimum == 0


@pytest.mark.parametrize("scale", [{"minNodeCount": 0}, {"minNodeCount": "x", "maxNodeCount": 2}, "x"])
def test_a_cluster_of_unknown_size_is_not_guessed(scale: object) -> None:
    found = priced(cluster(scaleSettings=scale))
    assert found.compute == ()
    assert found.unknown[0].why == "the plan does not tell how many nodes it has"


def test_low_priority_nodes_do_not_get_the_price_of_dedicated_ones() -> None:
    found = priced(cluster(vmPriority="LowPriority", scaleSettings={"minNodeCount": 0, "maxNodeCount": 4}))
    assert found.compute == ()
    assert found.unknown[0].what == "Standard_D4s_v3"


def test_windows_nodes_do_not_get_the_price_of_linux_ones() -> None:
    assert priced(cluster(osType="Windows", scaleSettings={"maxNodeCount": 4})).compute == ()


def test_an_instance_that_nothing_stops_runs_all_month_and_one_that_stops_does_not() -> None:
    always = priced(cluster(kind="ComputeInstance"))
    stops = priced(cluster(kind="ComputeInstance", idleTimeBeforeShutdown="PT30M"))
    assert always.monthly == Decimal("175.20")
    assert stops.compute[0].monthly == 0
    assert not stops.is_complete, "its disk stays, and has no price in the table"


@pytest.mark.parametrize(("action", "fewest"), [("Stop", 0), ("Start", 1)])
def test_a_schedule_that_only_starts_an_instance_stops_nothing(action: str, fewest: int) -> None:
    scheduled = priced(cluster(kind="ComputeInstance", schedules={"computeStartStop": [{"action": action}]}))
    assert scheduled.compute[0].meter.minimum == fewest


def test_the_size_of_a_machine_is_found_in_any_case() -> None:
    assert priced(cluster("STANDARD_D4S_V3", scaleSettings={"maxNodeCount": 1})).compute


def test_a_price_of_another_region_is_not_taken() -> None:
    found = priced(registry("Basic", "northeurope"))
    assert found.fixed == ()
    assert found.unknown[0].why == "no price in USD for it in the table"
    assert not found.is_complete


def test_a_meter_that_costs_the_same_everywhere_is_found_in_every_region() -> None:
    found = priced(PlannedResource("azure-native:network:PrivateEndpoint", "endpoint", "northeurope"))
    assert found.monthly == Decimal("7.30")


def test_logs_kept_for_the_included_time_have_no_meter_for_it() -> None:
    def titles(days: float) -> set[str]:
        inputs = {"retentionInDays": days, "sku": {"name": "PerGB2018"}}
        found = priced(PlannedResource("azure-native:operationalinsights:Workspace", "logs", "westeurope", inputs))
        return {line.meter.title for line in found.usage}

    assert titles(30) == {"logs taken in"}
    assert titles(90.0) == {"logs taken in", "logs kept beyond 31 days"}


@pytest.mark.parametrize(
    ("network", "complete", "listed"),
    [
        (None, True, []),
        ({"isolationMode": "AllowInternetOutbound"}, True, []),
        ({"isolationMode": "AllowOnlyApprovedOutbound"}, True, ["firewall, if a rule names a host"]),
        (
            {"isolationMode": "AllowOnlyApprovedOutbound", "outboundRules": {"pypi": {"type": "FQDN"}}},
            False,
            ["firewall"],
        ),
        ({"isolationMode": "AllowOnlyApprovedOutbound", "firewallSku": "Basic"}, False, ["firewall"]),
    ],
)
def test_a_workspace_costs_what_the_firewall_of_its_network_does(
    network: object, complete: bool, listed: list[str]
) -> None:
    type_ = "azure-native:machinelearningservices:Workspace"
    found = priced(PlannedResource(type_, "workspace", "westeurope", {"managedNetwork": network}))
    assert ([line.what for line in found.unknown], found.is_complete) == (listed, complete)


@pytest.mark.parametrize(
    ("service_side", "listed"), [(None, {"AI Search", "Cosmos DB", "Storage"}), (True, {"AI Search"})]
)
def test_a_customers_key_costs_what_the_metadata_is_kept_in(service_side: bool | None, listed: set[str]) -> None:
    inputs = {"encryption": {"status": "Enabled"}, "enableServiceSideCMKEncryption": service_side}
    type_ = "azure-native:machinelearningservices:Workspace"
    found = priced(PlannedResource(type_, "workspace", "westeurope", inputs))

    assert {line.what.removesuffix(" of the encrypted metadata") for line in found.unknown} == listed
    assert not found.is_complete


@pytest.mark.parametrize(("kind", "monthly"), [("PrivateEndpoint", "7.30"), ("FQDN", "0"), ("ServiceTag", "0")])
def test_of_the_rules_of_a_managed_network_private_endpoints_cost(kind: str, monthly: str) -> None:
    type_ = "azure-native:machinelearningservices:ManagedNetworkSettingsRule"
    found = priced(PlannedResource(type_, "outbound-one", "westeurope", {"properties": {"type": kind}}))

    assert found.monthly == Decimal(monthly)
    assert found.is_complete


def test_a_type_that_nobody_described_is_unknown_and_makes_the_sum_incomplete() -> None:
    found = priced(registry("Basic"), PlannedResource("azure-native:network:AzureFirewall", "firewall", "westeurope"))
    assert [(line.resource, line.charge) for line in found.unknown] == [("firewall", None)]
    assert not found.is_complete


def test_a_meter_is_asked_for_once_however_many_resources_have_it() -> None:
    assert len(meters([registry("Basic"), registry("Basic")])) == 3


@pytest.mark.parametrize("type_", sorted({*_METERS, *_free_types()}))
def test_each_type_is_one_of_the_provider(type_: str) -> None:
    spec = find_spec("pulumi_azure_native")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("pulumi_azure_native is not installed")
    _, module, _ = type_.split(":")
    sources = (Path(spec.submodule_search_locations[0]) / module).glob("*.py")
    assert any(f"'{type_}'" in source.read_text(encoding="utf-8") for source in sources)


@given(st.sampled_from(sorted(_METERS)), _JSON)
def test_any_inputs_of_a_known_type_are_priced_or_listed(type_: str, inputs: Any) -> None:
    resource = PlannedResource(type_, "r", "westeurope", inputs if isinstance(inputs, dict) else {})
    found = estimate("dev", [resource], load(), "USD")
    lines = len(found.fixed) + len(found.compute) + len(found.usage) + len(found.unknown)
    assert lines == len(meters_of(resource) or ())


def test_without_any_price_nothing_is_summed() -> None:
    found = estimate("local", planned_resources(LOCAL, "local.json"), PriceTable({}), "USD")
    assert (found.monthly, found.is_complete) == (Decimal(0), False)

"""Which meters run for a planned resource. To add a resource type, write its function and name it in `_METERS`.

Names of services, products and meters are those of the Azure Retail Prices API. A meter that only the use of a resource
moves is listed as usage; how much of it there will be is not guessed.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from infra.cost.meter import DEDICATED, GLOBAL, LOW_PRIORITY, VIRTUAL_MACHINES, ZONE_1, Charge, Meter
from infra.cost.plan import PlannedResource

_INCLUDED_RETENTION_DAYS = 31
_STORAGE_PRODUCTS = {False: "General Block Blob v2", True: "Azure Data Lake Storage Gen2 Hierarchical Namespace"}
_STORAGE_OPERATIONS = {
    "writes": "Write Operations",
    "lists and new containers": "List and Create Container Operations",
    "reads": "Read Operations",
    "other operations": "All Other Operations",
}


def meters_of(resource: PlannedResource) -> tuple[Meter, ...] | None:
    """The meters of `resource`, none where Azure bills nothing for it, `None` where its type is not known here."""
    if resource.type in _free_types():
        return ()
    make = _METERS.get(resource.type)
    return None if make is None else tuple(make(resource))


@cache
def _free_types() -> frozenset[str]:
    path = Path(__file__).with_name("free_types.toml")
    return frozenset(tomllib.loads(path.read_text(encoding="utf-8")))


def _container_registry(resource: PlannedResource) -> Iterator[Meter]:
    sku = resource.text("sku", "name")
    for title, charge, meter in (
        (f"registry, {sku or 'tier not known yet'}", Charge.FIXED, f"{sku} Registry Unit".strip()),
        ("images beyond what the tier includes", Charge.USAGE, "Data Stored"),
        ("image builds", Charge.USAGE, "Task vCPU Duration"),
    ):
        yield _meter(resource, title, charge, ("Container Registry", "Container Registry", sku, meter))


def _log_analytics(resource: PlannedResource) -> Iterator[Meter]:
    plan = resource.text("sku", "name", default="PerGB2018")
    if plan != "PerGB2018":
        yield _meter(resource, f"plan {plan}", Charge.FIXED, ("Log Analytics", "Log Analytics", plan, plan))
    logs = ("Log Analytics", "Log Analytics", "Analytics Logs")
    yield _meter(resource, "logs taken in", Charge.USAGE, (*logs, "Data Ingestion"))
    if (resource.count("retentionInDays") or 0) > _INCLUDED_RETENTION_DAYS:
        yield _meter(resource, "logs kept beyond 31 days", Charge.USAGE, (*logs, "Data Retention"))


def _application_insights(resource: PlannedResource) -> Iterator[Meter]:
    # Workspace-based: its data is billed as ingestion of the Log Analytics workspace, which has that meter.
    if resource.text("ingestionMode") != "LogAnalytics":
        meter = ("Application Insights", "Application Insights", "Enterprise", "Data Ingestion")
        yield _meter(resource, "telemetry taken in", Charge.USAGE, meter)


def _storage_account(resource: PlannedResource) -> Iterator[Meter]:
    redundancy = resource.text("sku", "name").rpartition("_")[2]
    premium = resource.text("sku", "name").startswith("Premium")
    tier = "Premium" if premium else resource.text("accessTier", default="Hot")
    product = "Premium Block Blob" if premium else _STORAGE_PRODUCTS[resource.value("isHnsEnabled") is True]
    sku = f"{tier} {redundancy}".strip()
    yield _meter(resource, f"blobs stored, {sku}", Charge.USAGE, ("Storage", product, sku, "Data Stored"))
    for title, meter in _STORAGE_OPERATIONS.items():
        yield _meter(resource, title, Charge.USAGE, ("Storage", product, sku, meter))


def _key_vault(resource: PlannedResource) -> Iterator[Meter]:
    sku = resource.text("properties", "sku", "name").capitalize()
    yield _meter(resource, "operations", Charge.USAGE, ("Key Vault", "Key Vault", sku, "Operations"))


def _compute(resource: PlannedResource) -> Iterator[Meter]:
    kind = resource.text("properties", "computeType")
    size = resource.text("properties", "properties", "vmSize")
    if kind not in ("AmlCompute", "ComputeInstance"):
        yield _meter(resource, f"compute of type {kind or 'not known yet'}", Charge.FIXED, ("", "", size, kind))
        return
    least, most = _instance_nodes(resource) if kind == "ComputeInstance" else _cluster_nodes(resource)
    low = resource.text("properties", "properties", "vmPriority") == "LowPriority"
    yield Meter(
        resource=resource.name,
        title=size or "VM size not known yet",
        charge=Charge.COMPUTE,
        service=VIRTUAL_MACHINES,
        product="",
        sku=size,
        meter=_operating_system(resource) + (LOW_PRIORITY if low else DEDICATED).removeprefix("Linux"),
        region=resource.region,
        minimum=least,
        maximum=most,
    )
    if kind == "ComputeInstance":
        disk = ("Storage", "Premium SSD Managed Disks", "P10 LRS", "P10 LRS Disk")
        yield _meter(resource, "system disk, also while it is stopped", Charge.FIXED, disk)


def _operating_system(resource: PlannedResource) -> str:
    return resource.text("properties", "properties", "osType", default="Linux")


def _cluster_nodes(resource: PlannedResource) -> tuple[int | None, int | None]:
    scale = ("properties", "properties", "scaleSettings")
    least = resource.count(*scale, "minNodeCount")
    return (0 if resource.value(*scale, "minNodeCount") is None else least), resource.count(*scale, "maxNodeCount")


def _instance_nodes(resource: PlannedResource) -> tuple[int, int]:
    properties = ("properties", "properties")
    schedules = resource.value(*properties, "schedules", "computeStartStop")
    stops = [one for one in schedules or () if isinstance(one, dict) and one.get("action") == "Stop"]
    return (0 if stops or resource.value(*properties, "idleTimeBeforeShutdown") else 1), 1


def _workspace(resource: PlannedResource) -> Iterator[Meter]:
    # Azure Machine Learning itself is not billed.
    yield from _firewall(resource)
    yield from _encrypted_metadata(resource)


def _encrypted_metadata(resource: PlannedResource) -> Iterator[Meter]:
    # With a customer's key Azure bills what it keeps the metadata in; it does not say of which sizes that is.
    if resource.text("encryption", "status") != "Enabled":
        return
    kept_in = (
        ["AI Search"] if resource.value("enableServiceSideCMKEncryption") else ["AI Search", "Cosmos DB", "Storage"]
    )
    for service in kept_in:
        yield _meter(resource, f"{service} of the encrypted metadata", Charge.FIXED, (service, "", "", ""))


def _firewall(resource: PlannedResource) -> Iterator[Meter]:
    # A managed network gets one with its first rule that names a host; the program states its tier only then.
    if resource.text("managedNetwork", "isolationMode") != "AllowOnlyApprovedOutbound":
        return
    rules = resource.value("managedNetwork", "outboundRules")
    named = [rule.get("type") for rule in rules.values() if isinstance(rule, dict)] if isinstance(rules, dict) else []
    sku = resource.text("managedNetwork", "firewallSku", default="Standard")
    title, charge = (
        ("firewall", Charge.FIXED)
        if "FQDN" in named or resource.value("managedNetwork", "firewallSku") is not None
        else ("firewall, if a rule names a host", Charge.USAGE)
    )
    yield _meter(resource, title, charge, ("Azure Firewall", "Azure Firewall", sku, "Deployment"))


def _model_registry(resource: PlannedResource) -> Iterator[Meter]:
    # Azure ML bills nothing for it, Azure does for what is behind it: in each region a storage account and the
    # container registry, of which every region but one has a replica at the price of a registry.
    details = resource.value("regionDetails")
    for detail in details if isinstance(details, list) else ():
        region = str(detail.get("location") or resource.region)
        images = ("Container Registry", "Container Registry", "Premium", "Premium Registry Unit")
        yield _meter(resource, f"images in {region}, Premium", Charge.FIXED, images, region)
        for account in detail.get("storageAccountDetails") or ():
            type_ = str((account.get("systemCreatedStorageAccount") or {}).get("storageAccountType") or "")
            sku = f"Hot {type_.rpartition('_')[2]}"
            blobs = ("Storage", _STORAGE_PRODUCTS[False], sku, "Data Stored")
            yield _meter(resource, f"blobs stored in {region}, {sku}", Charge.USAGE, blobs, region)


def _private_endpoint(resource: PlannedResource) -> Iterator[Meter]:
    link = ("Virtual Network", "Virtual Network Private Link", "Standard")
    for title, charge, meter in (
        ("private endpoint", Charge.FIXED, "Standard Private Endpoint"),
        ("data in", Charge.USAGE, "Standard Data Processed - Ingress"),
        ("data out", Charge.USAGE, "Standard Data Processed - Egress"),
    ):
        yield _meter(resource, title, charge, (*link, meter), GLOBAL)


def _outbound_rule(resource: PlannedResource) -> Iterator[Meter]:
    # The firewall that a rule about a host needs is billed with the workspace: one, however many rules.
    if resource.text("properties", "type") == "PrivateEndpoint":
        yield from _private_endpoint(resource)


def _private_zone(resource: PlannedResource) -> Iterator[Meter]:
    zone = ("Azure DNS", "Azure DNS", "Private")
    yield _meter(resource, "private DNS zone", Charge.FIXED, (*zone, "Private Zone"), ZONE_1)
    yield _meter(resource, "queries", Charge.USAGE, (*zone, "Private Queries"), ZONE_1)


def _meter(
    resource: PlannedResource, title: str, charge: Charge, names: tuple[str, ...], region: str | None = None
) -> Meter:
    service, product, sku, meter = names
    return Meter(resource.name, title, charge, service, product, sku, meter, region or resource.region)


_METERS: dict[str, Callable[[PlannedResource], Iterable[Meter]]] = {
    "azure-native:applicationinsights:Component": _application_insights,
    "azure-native:containerregistry:Registry": _container_registry,
    "azure-native:keyvault:Vault": _key_vault,
    "azure-native:machinelearningservices:Compute": _compute,
    "azure-native:machinelearningservices:ManagedNetworkSettingsRule": _outbound_rule,
    "azure-native:machinelearningservices:Registry": _model_registry,
    "azure-native:machinelearningservices:Workspace": _workspace,
    "azure-native:network:PrivateEndpoint": _private_endpoint,
    "azure-native:operationalinsights:Workspace": _log_analytics,
    "azure-native:privatedns:PrivateZone": _private_zone,
    "azure-native:storage:StorageAccount": _storage_account,
}

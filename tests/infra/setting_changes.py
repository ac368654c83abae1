"""For each setting a stack before and after its change, and the resources that it concerns; of stack prod."""

from typing import Any

from tests.infra.matrix import COSMOS_DB, OFFLINE_STORE
from tests.infra.program import HUB_ID, REGISTRY_ID, SUBSCRIPTION

Sections = dict[str, Any]

JANE, TEAM = "11111111-2222-4333-8444-555555555555", "22222222-2222-4333-8444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/net"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/jobs"
REDIS = f"{GROUP}/providers/Microsoft.Cache/redis/fast"
LAKE, OTHER_LAKE = (f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{name}" for name in ("lake", "pond"))
VAULT, OTHER_VAULT = (f"{GROUP}/providers/Microsoft.KeyVault/vaults/{name}" for name in ("kv-keys", "kv-more"))
KEY, OTHER_KEY, THIRD_KEY = (
    f"https://{vault}.vault.azure.net/keys/ml/{digit * 32}"
    for vault, digit in (("kv-keys", "a"), ("kv-keys", "b"), ("kv-more", "a"))
)
READ = "Microsoft.MachineLearningServices/workspaces/*/read"

MANAGED: Sections = {"managedNetwork": {"isolation": "AllowOnlyApprovedOutbound"}}
PRIVATE: Sections = {**MANAGED, "network": {"access": "private"}}
LISTED: Sections = {**MANAGED, "network": {"access": "allow-listed", "allowedAddresses": ["203.0.113.7"]}}


def outbound(**rule: Any) -> Sections:
    return {**MANAGED, "outboundRules": {"one": rule}}


def cluster(**settings: Any) -> Sections:
    return {"computeClusters": {"gpu": settings}}


def instance(**settings: Any) -> Sections:
    return {"computeInstances": {"jane": {"owner": JANE, **settings}}}


def schedule(**settings: Any) -> Sections:
    weekly = {"action": "stop", "frequency": "Week", "hours": [19], "weekDays": ["Friday"]}
    kept = {key: value for key, value in {**weekly, **settings}.items() if value is not None}
    return {**instance(schedules=["evening"]), "computeSchedules": {"evening": kept}}


def grant(**settings: Any) -> Sections:
    own = {} if "principal" in settings else {"objectId": TEAM, "type": "group"}
    return {
        "principals": {"jane": {"objectId": JANE, "role": "reader"}},
        "access": {"one": {**own, "role": "AzureML Compute Operator", **settings}},
    }


def role(**settings: Any) -> Sections:
    own = {"description": "Looks.", "actions": [READ], **settings}
    return {
        "workspaceRoles": {"Looker": own},
        "access": {"one": {"objectId": TEAM, "type": "group", "role": "Looker"}},
    }


def rules(section: str, **settings: Any) -> Sections:
    days = {"prefixes": ["tmp"], "coolAfterDays": 30, "coldAfterDays": 60, "deleteAfterDays": 90}
    containers = ["tmp", "old"]
    return {
        "storage": {"containers": containers},
        "dataStorage": {"containers": containers},
        section: {"tmp": {**days, **settings}},
    }


def principal(**settings: Any) -> Sections:
    return {"principals": {"jane": {"objectId": JANE, "role": "reader", **settings}}}


def given_key(key: str, vault: str = VAULT) -> Sections:
    return {"encryption": {"key": "given", "keyId": key, "keyVaultId": vault}}


def own_key(**settings: Any) -> Sections:
    return {"encryption": {"key": "own-vault", "cosmosDbObjectId": COSMOS_DB, **settings}}


def store(**settings: Any) -> Sections:
    return {"workspace": {"kind": "FeatureStore"}, "featureStore": {"offlineStore": OFFLINE_STORE, **settings}}


def project(**hub: str) -> Sections:
    return {"workspace": {"kind": "Project", **hub}}


TAGGED = "what has tags"
BLOB_RULE = {"type": "PrivateEndpoint", "resourceId": LAKE, "subresource": "blob"}
TAG_RULE = {"type": "ServiceTag", "serviceTag": "AzureMonitor", "ports": "443"}
EMAILS = {"emails": ["a@example.org"]}

# Setting to the names of what its change touches, as patterns; the stack before and after, in sections of prod's file.
CHANGES: dict[str, tuple[set[str], Sections, Sections]] = {
    "tags.owner": ({TAGGED}, {}, {"tags": {"owner": "others", "costCentre": "4711"}}),
    "tags.costCentre": ({TAGGED}, {}, {"tags": {"owner": "ml-platform", "costCentre": "1"}}),
    "tags.dataClassification": (
        {TAGGED},
        {},
        {"tags": {"owner": "ml-platform", "costCentre": "4711", "dataClassification": "restricted"}},
    ),
    "tags.extra": ({TAGGED}, {}, {"tags": {"owner": "ml-platform", "costCentre": "4711", "extra": {"a": "b"}}}),
    "workspace.hubId": ({"workspace"}, project(hubId=HUB_ID), project(hubId=HUB_ID.replace("hub-a", "hub-b"))),
    "workspace.hubStack": (
        {"workspace"},
        project(hubId=HUB_ID.replace("hub-a", "hub-b")),
        project(hubStack="prod-hub"),
    ),
    "workspace.highBusinessImpact": ({"workspace"}, {}, {"workspace": {"highBusinessImpact": True}}),
    "workspace.purgeDeleted": (set(), {}, {"workspace": {"purgeDeleted": True}}),
    "workspace.imageBuilds": ({"workspace"}, {}, {"workspace": {"imageBuilds": "cluster"}}),
    "featureStore.offlineStore": ({"feature-offline-store"}, store(), store(offlineStore=OFFLINE_STORE + "2")),
    "featureStore.onlineStore": ({"feature-online-store", "workspace"}, store(), store(onlineStore=REDIS)),
    "featureStore.sparkVersion": ({"workspace"}, store(), store(sparkVersion="3.5")),
    "encryption.key": ({"encryption", "key-vault", "workspace"}, {}, own_key()),
    "encryption.keyName": ({"encryption", "workspace"}, own_key(), own_key(keyName="other")),
    "encryption.keyId": ({"workspace"}, given_key(KEY), given_key(OTHER_KEY)),
    "encryption.keyVaultId": ({"encryption-identity", "workspace"}, given_key(KEY), given_key(THIRD_KEY, OTHER_VAULT)),
    "encryption.cosmosDbObjectId": ({"key-vault"}, own_key(), own_key(cosmosDbObjectId=TEAM)),
    "encryption.serviceSide": ({"workspace"}, own_key(), own_key(serviceSide=True)),
    "managedNetwork.isolation": ({"workspace"}, {}, MANAGED),
    "managedNetwork.firewallSku": (
        {"workspace"},
        outbound(type="FQDN", host="contoso.com"),
        {"managedNetwork": {"isolation": "AllowOnlyApprovedOutbound", "firewallSku": "Basic"}},
    ),
    "managedNetwork.provisionNow": (
        {"workspace"},
        MANAGED,
        {"managedNetwork": {"isolation": "AllowOnlyApprovedOutbound", "provisionNow": True}},
    ),
    "outboundRules.type": (
        {"outbound-one", "workspace"},
        outbound(type="FQDN", host="contoso.com"),
        outbound(**TAG_RULE),
    ),
    "outboundRules.host": (
        {"outbound-one"},
        outbound(type="FQDN", host="contoso.com"),
        outbound(type="FQDN", host="*.contoso.com"),
    ),
    "outboundRules.resourceId": (
        {"outbound-one"},
        outbound(**BLOB_RULE),
        outbound(**{**BLOB_RULE, "resourceId": OTHER_LAKE}),
    ),
    "outboundRules.subresource": (
        {"outbound-one"},
        outbound(**BLOB_RULE),
        outbound(**{**BLOB_RULE, "subresource": "dfs"}),
    ),
    "outboundRules.spark": ({"outbound-one"}, outbound(**BLOB_RULE), outbound(**BLOB_RULE, spark=True)),
    "outboundRules.serviceTag": (
        {"outbound-one"},
        outbound(**TAG_RULE),
        outbound(**{**TAG_RULE, "serviceTag": "AzureDataLake"}),
    ),
    "outboundRules.protocol": ({"outbound-one"}, outbound(**TAG_RULE), outbound(**TAG_RULE, protocol="UDP")),
    "outboundRules.ports": ({"outbound-one"}, outbound(**TAG_RULE), outbound(**{**TAG_RULE, "ports": "80"})),
    "serverlessCompute.subnetId": ({"workspace"}, {}, {"serverlessCompute": {"subnetId": SUBNET}}),
    "serverlessCompute.publicIp": (
        {"workspace"},
        {"serverlessCompute": {"subnetId": SUBNET}},
        {"serverlessCompute": {"subnetId": SUBNET, "publicIp": False}},
    ),
    "principals.objectId": (
        {"access-jane-storage-storage-blob-data-reader", "access-jane-workspace-reader", "key-vault"},
        principal(),
        principal(objectId=TEAM),
    ),
    "principals.role": (
        {
            "access-jane-container-registry-acrpush",
            "access-jane-storage-storage-blob-data-contributor",
            "access-jane-storage-storage-blob-data-reader",
            "access-jane-workspace-azureml-data-scientist",
            "access-jane-workspace-reader",
            "key-vault",
        },
        principal(),
        principal(role="ci"),
    ),
    "principals.type": (
        {"access-jane-storage-storage-blob-data-reader", "access-jane-workspace-reader"},
        principal(),
        principal(type="group"),
    ),
    "keyVault.access": (
        {"key-vault", "key-vault-deployer", "key-vault-workspace"},
        {},
        {"keyVault": {"access": "roles"}},
    ),
    "keyVault.softDeleteRetentionDays": ({"key-vault"}, {}, {"keyVault": {"softDeleteRetentionDays": 30}}),
    "keyVault.purgeProtection": ({"key-vault"}, {}, {"keyVault": {"purgeProtection": False}}),
    "storage.redundancy": ({"storage"}, {}, {"storage": {"redundancy": "ZRS"}}),
    "storage.access": ({"storage", "storage-account-key", "workspace"}, {}, {"storage": {"access": "identity"}}),
    "storage.trainingDataContainer": ({"storage-training-data"}, {}, {"storage": {"trainingDataContainer": "images"}}),
    "storage.containers": ({"storage-raw"}, {}, {"storage": {"containers": ["raw"]}}),
    "storage.softDeleteDays": ({"storage-blobs"}, {}, {"storage": {"softDeleteDays": 9}}),
    "storage.versioning": ({"storage-blobs", "storage-lifecycle"}, {}, {"storage": {"versioning": False}}),
    "storage.previousVersionsDays": ({"storage-lifecycle"}, {}, {"storage": {"previousVersionsDays": 9}}),
    "lifecycleRules.prefixes": (
        {"storage-lifecycle"},
        rules("lifecycleRules"),
        rules("lifecycleRules", prefixes=["old"]),
    ),
    "lifecycleRules.coolAfterDays": (
        {"storage-lifecycle"},
        rules("lifecycleRules"),
        rules("lifecycleRules", coolAfterDays=31),
    ),
    "lifecycleRules.coldAfterDays": (
        {"storage-lifecycle"},
        rules("lifecycleRules"),
        rules("lifecycleRules", coldAfterDays=61),
    ),
    "lifecycleRules.deleteAfterDays": (
        {"storage-lifecycle"},
        rules("lifecycleRules"),
        rules("lifecycleRules", deleteAfterDays=91),
    ),
    "dataStorage.redundancy": ({"data-storage"}, {"dataStorage": {}}, {"dataStorage": {"redundancy": "LRS"}}),
    "dataStorage.access": ({"data-storage"}, {"dataStorage": {}}, {"dataStorage": {"access": "key"}}),
    "dataStorage.hierarchicalNamespace": (
        {"data-storage"},
        {"dataStorage": {"versioning": False}},
        {"dataStorage": {"versioning": False, "hierarchicalNamespace": True}},
    ),
    "dataStorage.containers": (
        {"data-storage-raw"},
        {"dataStorage": {}},
        {"dataStorage": {"containers": ["data", "raw"]}},
    ),
    "dataStorage.softDeleteDays": ({"data-storage-blobs"}, {"dataStorage": {}}, {"dataStorage": {"softDeleteDays": 9}}),
    "dataStorage.versioning": (
        {"data-storage-blobs", "data-storage-lifecycle"},
        {"dataStorage": {}},
        {"dataStorage": {"versioning": False}},
    ),
    "dataStorage.previousVersionsDays": (
        {"data-storage-lifecycle"},
        {"dataStorage": {}},
        {"dataStorage": {"previousVersionsDays": 9}},
    ),
    "dataLifecycleRules.prefixes": (
        {"data-storage-lifecycle"},
        rules("dataLifecycleRules"),
        rules("dataLifecycleRules", prefixes=["old"]),
    ),
    "dataLifecycleRules.coolAfterDays": (
        {"data-storage-lifecycle"},
        rules("dataLifecycleRules"),
        rules("dataLifecycleRules", coolAfterDays=31),
    ),
    "dataLifecycleRules.coldAfterDays": (
        {"data-storage-lifecycle"},
        rules("dataLifecycleRules"),
        rules("dataLifecycleRules", coldAfterDays=61),
    ),
    "dataLifecycleRules.deleteAfterDays": (
        {"data-storage-lifecycle"},
        rules("dataLifecycleRules"),
        rules("dataLifecycleRules", deleteAfterDays=91),
    ),
    "containerRegistry.sku": (
        {"registry"},
        {"containerRegistry": {"zoneRedundant": False, "untaggedRetentionDays": None}},
        {"containerRegistry": {"zoneRedundant": False, "untaggedRetentionDays": None, "sku": "Standard"}},
    ),
    "containerRegistry.untaggedRetentionDays": ({"registry"}, {}, {"containerRegistry": {"untaggedRetentionDays": 7}}),
    "containerRegistry.zoneRedundant": ({"registry"}, {}, {"containerRegistry": {"zoneRedundant": False}}),
    "network.access": (
        {"cluster", "key-vault", "monitoring-*", "*network*", "registry", "storage", "workspace"},
        MANAGED,
        PRIVATE,
    ),
    "network.allowedAddresses": (
        {"key-vault", "registry", "storage"},
        LISTED,
        {"network": {"access": "allow-listed", "allowedAddresses": ["203.0.113.8"]}},
    ),
    "network.addressSpace": (
        {"network", "network-endpoints"},
        PRIVATE,
        {"network": {"access": "private", "addressSpace": "10.7.0.0/24"}},
    ),
    "network.subnetId": (
        {
            "*network",
            "*network-rules",
            "network-dns-*-link",
            "network-endpoint-*",
            "network-endpoints",
            "network-monitor",
        },
        PRIVATE,
        {"network": {"access": "private", "subnetId": SUBNET}},
    ),
    "network.dnsZonesGroupId": (
        {"network-dns-*", "network-endpoint-*-records", "network-monitor"},
        PRIVATE,
        {"network": {"access": "private", "dnsZonesGroupId": GROUP}},
    ),
    "monitoring.retentionDays": ({"monitoring-logs"}, {}, {"monitoring": {"retentionDays": 60}}),
    "monitoring.diagnostics": ({"diagnostics-*"}, {}, {"monitoring": {"diagnostics": "audit"}}),
    "sharedRegistry.stack": ({"shared-registry-user"}, {}, {"sharedRegistry": {"stack": "shared"}}),
    "sharedRegistry.id": ({"shared-registry-user"}, {}, {"sharedRegistry": {"id": REGISTRY_ID}}),
    "alerts.emails": ({"alerts-failed-runs", "alerts-group", "alerts-quota", "budget"}, {}, {"alerts": EMAILS}),
    "alerts.failedRuns": ({"alerts-failed-runs"}, {"alerts": EMAILS}, {"alerts": {**EMAILS, "failedRuns": 3}}),
    "alerts.quotaPercent": ({"alerts-quota"}, {"alerts": EMAILS}, {"alerts": {**EMAILS, "quotaPercent": 90}}),
    "budget.monthlyAmount": ({"budget"}, {}, {"budget": {"monthlyAmount": 7}}),
    "budget.thresholds": ({"budget"}, {}, {"budget": {"thresholds": [90]}}),
    "protection.protect": (set(), {}, {"protection": {"protect": False}}),
    "protection.locks": ({"locks-*"}, {}, {"protection": {"locks": False}}),
    "protection.allowReplacing": (
        set(),
        {"protection": {"locks": False}},
        {"protection": {"locks": False, "allowReplacing": ["storage"]}},
    ),
    "computeCluster.vmSize": ({"cluster"}, {}, {"computeCluster": {"vmSize": "Standard_D8s_v3"}}),
    "computeCluster.maxNodes": ({"cluster"}, {}, {"computeCluster": {"maxNodes": 3}}),
    "computeCluster.idleSeconds": ({"cluster"}, {}, {"computeCluster": {"idleSeconds": 120}}),
    "computeCluster.priority": ({"cluster"}, {}, {"computeCluster": {"priority": "low"}}),
    "computeCluster.identityId": (
        {"cluster", "cluster-blobs", "cluster-registry"},
        {},
        {"computeCluster": {"identityId": IDENTITY}},
    ),
    "computeCluster.subnetId": ({"cluster"}, {}, {"computeCluster": {"subnetId": SUBNET}}),
    "computeClusters.vmSize": ({"cluster-gpu"}, cluster(), cluster(vmSize="Standard_D8s_v3")),
    "computeClusters.maxNodes": ({"cluster-gpu"}, cluster(), cluster(maxNodes=3)),
    "computeClusters.idleSeconds": ({"cluster-gpu"}, cluster(), cluster(idleSeconds=120)),
    "computeClusters.priority": ({"cluster-gpu"}, cluster(), cluster(priority="low")),
    "computeClusters.identityId": (
        {"cluster-gpu", "cluster-gpu-blobs", "cluster-gpu-registry"},
        cluster(),
        cluster(identityId=IDENTITY),
    ),
    "computeClusters.subnetId": ({"cluster-gpu"}, cluster(), cluster(subnetId=SUBNET)),
    "computeInstances.owner": ({"instance-jane"}, instance(), instance(owner=TEAM)),
    "computeInstances.vmSize": ({"instance-jane"}, instance(), instance(vmSize="Standard_D8s_v3")),
    "computeInstances.idleMinutes": ({"instance-jane"}, instance(), instance(idleMinutes=30)),
    "computeInstances.schedules": ({"instance-jane"}, {**schedule(), **instance()}, schedule()),
    "computeInstances.subnetId": ({"instance-jane"}, instance(), instance(subnetId=SUBNET)),
    "computeSchedules.action": ({"instance-jane"}, schedule(), schedule(action="start")),
    "computeSchedules.cron": (
        {"instance-jane"},
        schedule(cron="0 19 * * 5", frequency=None, hours=None, weekDays=None),
        schedule(cron="0 20 * * 5", frequency=None, hours=None, weekDays=None),
    ),
    "computeSchedules.frequency": ({"instance-jane"}, schedule(), schedule(frequency="Day", weekDays=None)),
    "computeSchedules.interval": ({"instance-jane"}, schedule(), schedule(interval=2)),
    "computeSchedules.hours": ({"instance-jane"}, schedule(), schedule(hours=[20])),
    "computeSchedules.minutes": ({"instance-jane"}, schedule(), schedule(minutes=[30])),
    "computeSchedules.weekDays": ({"instance-jane"}, schedule(), schedule(weekDays=["Monday"])),
    "computeSchedules.monthDays": (
        {"instance-jane"},
        schedule(frequency="Month", weekDays=None, monthDays=[1]),
        schedule(frequency="Month", weekDays=None, monthDays=[2]),
    ),
    "computeSchedules.timeZone": ({"instance-jane"}, schedule(), schedule(timeZone="W. Europe Standard Time")),
    "computeSchedules.startTime": ({"instance-jane"}, schedule(), schedule(startTime="2026-12-01T00:00:00")),
    "unlistedServiceTags": (set(), {}, {"unlistedServiceTags": ["AzureNews"]}),
    "unlistedVmSizes": (set(), {}, {"unlistedVmSizes": ["Standard_New_v9"]}),
    "access.principal": ({"access-one"}, grant(), grant(principal="jane")),
    "access.objectId": ({"access-one"}, grant(), grant(objectId="33333333-2222-4333-8444-555555555555")),
    "access.type": ({"access-one"}, grant(), grant(type="user")),
    "access.role": ({"access-one"}, grant(), grant(role="Reader")),
    "access.scope": ({"access-one"}, grant(), grant(scope="storage")),
    "workspaceRoles.description": ({"access-role-Looker"}, role(), role(description="Sees.")),
    "workspaceRoles.actions": (
        {"access-role-Looker"},
        role(),
        role(actions=[READ, "Microsoft.MachineLearningServices/workspaces/jobs/cancel/action"]),
    ),
    "workspaceRoles.notActions": (
        {"access-role-Looker"},
        role(),
        role(notActions=["Microsoft.MachineLearningServices/workspaces/jobs/read"]),
    ),
    "workspaceRoles.dataActions": ({"access-role-Looker"}, role(), role(dataActions=[READ])),
    "workspaceRoles.notDataActions": ({"access-role-Looker"}, role(), role(notDataActions=[READ])),
}

# What concerns the whole stack, and what is of another stack or of another form; each with where that is tested.
ELSEWHERE = {
    "environment": "test_program.py: another profile",
    "region": "test_program.py: where everything is",
    "subscriptionId": "of the provider, not of a resource",
    "workload": "test_program.py: all names",
    "instance": "test_program.py: all names",
    "names": "test_adoption.py",
    "workspace.kind": "test_workspace.py: another workspace with other parts",
    "workspace.identity": "test_workspace.py: another identity, and so other rights",
    "secrets": "test_secrets.py, which encrypts them",
    **{
        f"logging.{name}": "test_outputs.py: of config_json, not of a resource"
        for name in ("autolog", "flavours", "models", "signatures", "examples", "datasets")
    },
    "modelRegistry.redundancy": "test_shared_registry.py: of stack shared, which has nothing else",
    "modelRegistry.moreRegions": "test_shared_registry.py: of stack shared, which has nothing else",
}

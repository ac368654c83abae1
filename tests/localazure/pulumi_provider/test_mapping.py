"""azure-native's shape to ARM's and back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from localazure.pulumi_provider import catalogue, mapping
from localazure.pulumi_provider.property_values import UNKNOWN, Properties, Secret

SUBSCRIPTION = "10ca1a2e-0000-4000-8000-000000000001"
CATALOGUE = catalogue.load()
STORAGE = CATALOGUE.resource("azure-native:storage:StorageAccount")
VAULT = CATALOGUE.resource("azure-native:keyvault:Vault")
COMPONENT = CATALOGUE.resource("azure-native:applicationinsights:Component")
LOGS = CATALOGUE.resource("azure-native:operationalinsights:Workspace")
WORKSPACE = CATALOGUE.resource("azure-native:machinelearningservices:Workspace")
COMPUTE = CATALOGUE.resource("azure-native:machinelearningservices:Compute")
DATASTORE = CATALOGUE.resource("azure-native:machinelearningservices:Datastore")
SECRET = CATALOGUE.resource("azure-native:keyvault:Secret")
ENDPOINT = CATALOGUE.resource("azure-native:network:PrivateEndpoint")

STORAGE_INPUTS: Properties = {
    "resourceGroupName": "rg",
    "accountName": "st",
    "location": "westeurope",
    "tags": {"env": "dev", "enableHttpsTrafficOnly": "a tag, no property"},
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "enableHttpsTrafficOnly": True,
    "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": "1.2.3.4", "action": "Allow"}]},
    "encryption": {"keySource": "Microsoft.Storage", "keyVaultProperties": {"keyName": "k"}},
}
LEAVES = st.one_of(st.booleans(), st.integers(0, 99), st.text("abc", max_size=4))
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "keyName", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def put(kind: catalogue.ResourceType, inputs: Properties) -> Any:
    return mapping.put_request(kind, inputs, mapping.resource_path(kind, inputs, SUBSCRIPTION))


def test_a_storage_account_becomes_the_request_that_azure_documents() -> None:
    request = put(STORAGE, STORAGE_INPUTS)

    assert (request.method, request.api_version) == ("PUT", "2024-01-01")
    assert request.path == (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
    )
    assert request.body == {
        "location": "westeurope",
        "tags": {"env": "dev", "enableHttpsTrafficOnly": "a tag, no property"},
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "properties": {
            "supportsHttpsTrafficOnly": True,
            "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "1.2.3.4", "action": "Allow"}]},
            "encryption": {"keySource": "Microsoft.Storage", "keyvaultproperties": {"keyname": "k"}},
        },
    }


def test_outputs_are_flat_and_spelled_as_in_the_sdk() -> None:
    response = {
        "id": "/x",
        "name": "appi",
        "type": "Microsoft.Insights/components",
        "kind": "web",
        "properties": {"Application_Type": "web", "ConnectionString": "InstrumentationKey=1", "Name": None},
    }

    assert mapping.outputs(COMPONENT, response, {}) == {
        "id": "/x",
        "name": "appi",
        "type": "Microsoft.Insights/components",
        "kind": "web",
        "applicationType": "web",
        "connectionString": Secret("InstrumentationKey=1"),
        "azureApiVersion": "2020-02-02",
    }


def test_log_analytics_has_its_sku_inside_properties() -> None:
    inputs = {"resourceGroupName": "rg", "workspaceName": "log", "sku": {"name": "PerGB2018"}}

    assert put(LOGS, inputs).body == {"properties": {"sku": {"name": "PerGB2018"}}}


def test_identity_lists_become_the_map_that_arm_wants_and_come_back_as_inputs() -> None:
    identity = {"type": "UserAssigned", "userAssignedIdentities": ["/id/a"]}
    inputs = {"resourceGroupName": "rg", "workspaceName": "mlw", "identity": identity}

    body = put(WORKSPACE, inputs).body
    assert body == {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id/a": {}}}}

    body["identity"]["userAssignedIdentities"]["/id/a"] = {"principalId": "p", "clientId": "c"}
    assert mapping.as_inputs(WORKSPACE, mapping.outputs(WORKSPACE, body, inputs)) == {"identity": identity}


def test_query_inputs_are_not_in_the_body() -> None:
    inputs = {"resourceGroupName": "r", "workspaceName": "w", "name": "d", "skipValidation": True, "properties": {}}

    request = put(DATASTORE, inputs)

    assert request.query == {"skipValidation": "true"}
    assert request.body == {"properties": {}}


def test_a_vault_keeps_the_policies_that_other_resources_gave_it() -> None:
    inputs: Properties = {"resourceGroupName": "rg", "vaultName": "kv", "properties": {"tenantId": "t"}}
    current = {"properties": {"tenantId": "t", "accessPolicies": [{"objectId": "o"}]}}

    assert mapping.with_kept(VAULT, inputs, None)["properties"]["accessPolicies"] == []
    assert mapping.with_kept(VAULT, inputs, current)["properties"]["accessPolicies"] == [{"objectId": "o"}]
    assert mapping.outputs(VAULT, current, inputs)["properties"]["accessPolicies"] == []
    assert mapping.function_result(VAULT, current)["properties"]["accessPolicies"] == [{"objectId": "o"}]


def test_policies_that_the_program_gives_are_the_programs() -> None:
    properties = {"tenantId": "t", "accessPolicies": [{"objectId": "mine"}]}
    inputs: Properties = {"resourceGroupName": "rg", "vaultName": "kv", "properties": properties}
    current = {"properties": {"tenantId": "t", "accessPolicies": [{"objectId": "theirs"}]}}

    assert mapping.with_kept(VAULT, inputs, current) == inputs
    assert mapping.outputs(VAULT, current, inputs)["properties"]["accessPolicies"] == [{"objectId": "theirs"}]


def test_what_is_secret_in_the_inputs_stays_secret_in_the_outputs_and_is_plain_on_the_wire() -> None:
    inputs = {
        "resourceGroupName": "rg",
        "vaultName": "kv",
        "secretName": "s",
        "properties": {"value": Secret("v"), "contentType": Secret("text/plain")},
    }

    body = put(SECRET, inputs).body

    assert body == {"properties": {"value": "v", "contentType": "text/plain"}}
    assert mapping.outputs(SECRET, {"properties": {"contentType": "text/plain"}}, inputs)["properties"] == {
        "contentType": Secret("text/plain")
    }


def test_a_preview_knows_the_inputs_and_not_what_azure_computes_inside_them() -> None:
    inputs = {
        "resourceGroupName": "rg",
        "workspaceName": "mlw",
        "computeName": "cpu",
        "identity": {"type": "SystemAssigned"},
        "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "x"}},
    }

    outputs = mapping.preview_outputs(COMPUTE, inputs, {})

    assert outputs["name"] == "cpu"
    assert outputs["type"] == "Microsoft.MachineLearningServices/workspaces/computes"
    assert outputs["identity"] == {"type": "SystemAssigned", "principalId": UNKNOWN, "tenantId": UNKNOWN}
    assert outputs["properties"]["properties"]["vmSize"] == "x"
    assert outputs["properties"]["properties"]["currentNodeCount"] is UNKNOWN
    assert "resourceGroupName" not in outputs


def test_a_preview_of_an_update_keeps_what_azure_had_computed() -> None:
    inputs: Properties = {
        "resourceGroupName": "rg",
        "vaultName": "kv",
        "tags": {"env": "qa"},
        "properties": {"tenantId": "t", "createMode": "default"},
    }
    olds = {"tags": {"env": "dev"}, "properties": {"tenantId": "t", "vaultUri": "https://kv/"}}

    outputs = mapping.preview_outputs(VAULT, inputs, olds)

    assert outputs["tags"] == {"env": "qa"}
    assert outputs["properties"]["vaultUri"] == "https://kv/"
    assert "createMode" not in outputs["properties"]


def test_an_identity_that_is_not_made_yet_leaves_the_map_unknown() -> None:
    identity = {"type": "UserAssigned", "userAssignedIdentities": [UNKNOWN]}
    inputs = {"resourceGroupName": "rg", "workspaceName": UNKNOWN, "identity": identity}

    assert mapping.preview_outputs(WORKSPACE, inputs, {})["identity"]["userAssignedIdentities"] is UNKNOWN


@given(st.dictionaries(st.sampled_from(sorted({path[0] for path in COMPONENT.rename if len(path) == 1})), JSON))
def test_renamed_properties_come_back_under_the_name_they_left_with(properties: Properties) -> None:
    writable = {key: value for key, value in properties.items() if (key,) not in COMPONENT.read_only}
    inputs = {"resourceGroupName": "rg", "resourceName": "appi", **writable}

    response = put(COMPONENT, inputs).body

    assert mapping.as_inputs(COMPONENT, mapping.outputs(COMPONENT, response, inputs)) == writable


@given(st.sampled_from(sorted(CATALOGUE.resources)), st.dictionaries(st.sampled_from(["tags", "foo", "bar"]), JSON))
def test_any_type_gives_back_what_it_was_given(token: str, given_inputs: Properties) -> None:
    kind = CATALOGUE.resource(token)
    body = given_inputs if not kind.nested else {"properties": given_inputs}
    if ("properties",) in kind.read_only:
        body = {}
    names = dict.fromkeys(kind.path.parameters, "x")
    inputs = {**body, **names}
    path = mapping.resource_path(kind, inputs, SUBSCRIPTION)

    response = {**mapping.put_request(kind, inputs, path).body, "id": path, "name": "x"}  # type: ignore[dict-item]  # a PUT has a body

    assert mapping.inputs_from(kind, path, mapping.function_result(kind, response)) == inputs


def test_without_drift_the_refreshed_inputs_are_the_programs() -> None:
    before = {
        "location": "westeurope",
        "tags": {"env": "dev"},
        "sku": {"name": "S", "tier": "T"},
        "dnsEndpointType": "d",
    }
    inputs = {"accountName": "st", "location": "West Europe", "tags": {"env": Secret("dev")}, "sku": {"name": "S"}}

    assert mapping.refreshed_inputs(STORAGE, inputs, before, dict(before)) == inputs


def test_drift_is_adopted_where_the_program_had_a_say() -> None:
    inputs = {"accountName": "st", "tags": {"env": "dev", "owner": "me"}, "sku": {"name": "S"}, "accessTier": "Hot"}
    before = {"tags": {"env": "dev", "owner": "me"}, "sku": {"name": "S", "tier": "T"}, "accessTier": "Hot"}
    after = {"tags": {"env": "qa", "new": "1"}, "sku": {"name": "P", "tier": "U"}, "primaryLocation": "elsewhere"}

    assert mapping.refreshed_inputs(STORAGE, inputs, before, after) == {
        "accountName": "st",
        "tags": {"env": "qa", "new": "1"},
        "sku": {"name": "P"},
    }


def test_parts_of_a_resource_that_are_resources_too_have_properties_of_their_own() -> None:
    connection = {"name": "c", "privateLinkServiceId": "/st", "groupIds": ["blob"]}
    inputs = {"resourceGroupName": "rg", "privateEndpointName": "pep", "privateLinkServiceConnections": [connection]}

    body = put(ENDPOINT, inputs).body

    assert body == {
        "properties": {
            "privateLinkServiceConnections": [
                {"name": "c", "properties": {"privateLinkServiceId": "/st", "groupIds": ["blob"]}}
            ]
        }
    }
    body["properties"]["privateLinkServiceConnections"][0]["properties"]["provisioningState"] = "Succeeded"
    assert mapping.as_inputs(ENDPOINT, mapping.outputs(ENDPOINT, body, inputs)) == {
        "privateLinkServiceConnections": [connection]
    }
    assert mapping.preview_outputs(ENDPOINT, inputs, {})["privateLinkServiceConnections"] == [connection]

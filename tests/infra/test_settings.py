"""Settings: the same from the engine as from a stack file, defaults by profile, and a sentence for every mistake."""

import json
from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import profiles, settings_from
from tests.infra.configurations import STACKS, configuration

ALICE = "11111111-2222-4333-8444-555555555555"


def sentence(config: dict[str, Any], stack: str = "dev") -> str:
    with pytest.raises(SettingsError) as caught:
        settings_from(config, stack)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("stack", STACKS)
def test_a_region_and_tags_are_enough_for_every_stack(stack: str) -> None:
    settings = settings_from(configuration(), stack)

    assert settings.environment == stack
    assert settings.region == "westeurope"
    assert settings.storage.redundancy == profiles()[stack]["storage"]["redundancy"]


def test_the_local_stack_needs_no_tags() -> None:
    assert settings_from({"azure-native:location": "westeurope"}, "local").tags.owner == "local"


def test_strings_from_the_engine_mean_the_same_as_a_stack_file() -> None:
    plain = configuration(
        computeCluster={"maxNodes": 3},
        keyVault={"purgeProtection": False},
        principals={"alice": {"objectId": ALICE, "role": "admin"}},
        tags={"owner": "me", "costCentre": 4711, "extra": {"data": "public"}},
    )
    engine = {key: value if isinstance(value, str) else json.dumps(value) for key, value in plain.items()}

    assert settings_from(engine, "dev") == settings_from(plain, "dev")


def test_a_stack_file_overrides_one_key_of_a_profile_and_keeps_the_others() -> None:
    cluster = settings_from(configuration(computeCluster={"maxNodes": 17}), "prod").compute_cluster

    assert cluster.max_nodes == 17
    assert cluster.idle_seconds == profiles()["prod"]["computeCluster"]["idleSeconds"]


def test_the_environment_chooses_the_profile_of_a_stack_with_another_name() -> None:
    settings = settings_from(configuration(environment="prod"), "europe")

    assert settings.container_registry.sku == "Premium"


def test_settings_of_other_packages_are_none_of_our_business() -> None:
    config = configuration() | {
        "github:token": "x",
        "azure-native:useOidc": "true",
        "azure-native:tenantId": "x",
        "pulumi:tags": "{}",
        "aws:region": "x",
    }

    assert settings_from(config, "dev").region == "westeurope"


def test_the_names_of_the_extra_tags_are_the_users_own() -> None:
    tags = {"owner": "me", "costCentre": "1", "extra": {"Data Class": "internal"}}

    assert settings_from(configuration(tags=tags), "dev").tags.extra == {"Data Class": "internal"}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (configuration(computCluster={}), "'mlws:computCluster' is not a setting; did you mean 'mlws:computeCluster'?"),
        (configuration(computecluster={}), "did you mean 'mlws:computeCluster'?"),
        (configuration(key_vault={}), "did you mean 'mlws:keyVault'?"),
        (
            configuration(computeCluster={"maxNode": 3}),
            "'mlws:computeCluster.maxNode' is not a setting; did you mean 'mlws:computeCluster.maxNodes'?",
        ),
        (configuration(zebra=1), "'mlws:zebra' is not a setting; the settings are mlws:environment,"),
        (configuration(region="westeurope"), "did you mean 'azure-native:location'?"),
        (configuration() | {"environment": "dev"}, "'environment' has no namespace; did you mean 'mlws:environment'?"),
        (configuration() | {"MLWS:environment": "dev"}, "did you mean 'mlws:environment'?"),
        (configuration() | {"azure_native:location": "x"}, "did you mean 'azure-native:location'?"),
        (configuration() | {"azure-native:subscriptonId": "x"}, "did you mean 'azure-native:subscriptionId'?"),
        (configuration() | {"mlsw:storage": {}}, "did you mean 'mlws:storage'?"),
        (
            configuration(storage={"softDeleteDays": True}),
            "mlws:storage.softDeleteDays: 'true' is no number; write one",
        ),
        (
            configuration(computeCluster={"maxNodes": "many"}),
            "mlws:computeCluster.maxNodes: 'many' is not a whole number; write 1 to 1000",
        ),
        (
            configuration(computeCluster={"maxNodes": 0}),
            "mlws:computeCluster.maxNodes: '0' is not possible; write 1 to 1000, the nearest is 1",
        ),
        (
            configuration(computeCluster={"vmSize": "DS3"}),
            "mlws:computeCluster.vmSize: 'DS3' is not among the VM sizes",
        ),
        (configuration(computeCluster="big"), "mlws:computeCluster: 'big' is not a mapping"),
        (configuration(computeCluster="{oops"), "mlws:computeCluster holds '{oops', which is not valid JSON"),
        (configuration(keyVault={"softDeleteRetentionDays": 3}), "mlws:keyVault.softDeleteRetentionDays: '3'"),
        (configuration(storage={"redundancy": "GZR"}), "write LRS, ZRS, GRS, GZRS, RAGRS or RAGZRS (did you mean"),
        (configuration(storage={"trainingDataContainer": "Data"}), "mlws:storage.trainingDataContainer: 'Data'"),
        (configuration(storage={"trainingDataContainer": "a--b"}), "mlws:storage.trainingDataContainer: 'a--b'"),
        (configuration(containerRegistry={"sku": "premium"}), "did you mean 'Premium'?"),
        (configuration(tags={"owner": "me"}), "mlws:tags.costCentre is missing; write where the cost is booked"),
        ({"azure-native:location": "westeurope"}, "mlws:tags is missing; write tags of every resource"),
        (configuration(tags={"owner": "", "costCentre": "1"}), "mlws:tags.owner: it is empty; write team or person"),
        (
            configuration(principals={"bob": {"objectId": "bob@example.org", "role": "admin"}}),
            "mlws:principals.bob.objectId: 'bob@example.org' is not a UUID; write object id of the user",
        ),
        (
            configuration(principals={"bob": {"objectId": ALICE, "role": "data scientist"}}),
            "'data scientist' is not possible; write admin, data-scientist, ci or reader (did you mean",
        ),
        (
            configuration(
                principals={"a": {"objectId": ALICE, "role": "admin"}, "b": {"objectId": ALICE, "role": "reader"}}
            ),
            f"mlws:principals.b.objectId: '{ALICE}' is the object id of 'a' too",
        ),
        (configuration(principals=["alice"]), "mlws:principals: '[\"alice\"]' is not a mapping"),
        (
            configuration() | {"azure-native:subscriptionId": "mine"},
            "azure-native:subscriptionId: 'mine' is not a UUID",
        ),
        (configuration(environment="prd"), "mlws:environment: 'prd' is not an environment; set mlws:environment to"),
        (configuration(environment=["prod"]), "is not an environment"),
        ({"mlws:tags": {}}, "azure-native:location is missing; write the region"),
        ({"azure-native:locaton": "westeurope"}, "missing (there is 'azure-native:locaton')"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_key_value_and_what_to_write(config: dict[str, Any], said: str) -> None:
    assert sentence(config).startswith("Pulumi.dev.yaml: ")
    assert said in sentence(config)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a/b", "must have 1 to 128 characters and none of"),
        ("x" * 129, "must have 1 to 128 characters"),
        ("Microsoft-thing", "begins with a word that Azure keeps for itself"),
        ("Owner", "is set by the program"),
    ],
)
def test_a_tag_that_azure_refuses_is_refused_first(name: str, said: str) -> None:
    tags = {"owner": "me", "costCentre": "1", "extra": {name: "x"}}

    assert said in sentence(configuration(tags=tags))


def test_tags_that_differ_in_case_only_are_refused() -> None:
    tags = {"owner": "me", "costCentre": "1", "extra": {"Team": "a", "team": "b"}}

    assert "differ in case only" in sentence(configuration(tags=tags))


def test_a_stack_whose_name_is_no_environment_is_told_to_set_one() -> None:
    said = sentence(configuration(), stack="prodd")

    assert said == (
        "Pulumi.prodd.yaml: the stack's name 'prodd' is not an environment; set mlws:environment to"
        " local, dev, qa, prod or shared (did you mean 'prod'?)"
    )

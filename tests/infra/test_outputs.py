"""The outputs of a stack: what jobs and people need, in the shape that they read, and nothing secret."""

import json

import pytest

from infra.errors import SettingsError
from infra.names import planned_names
from infra.settings import settings_from
from tests.infra.configurations import configuration
from tests.infra.program import ACCOUNT_KEY, ROOT, SUBSCRIPTION, created


def test_config_json_is_the_file_that_studio_offers() -> None:
    run = created("dev", configuration())
    plan = planned_names(settings_from(configuration(), "dev"), ROOT, "the file")

    config = json.loads(run.outputs["config_json"])
    config.pop("logging")
    assert config == {
        "subscription_id": SUBSCRIPTION,
        "resource_group": plan["resource_group"],
        "workspace_name": plan["workspace"],
    }


def test_config_json_carries_the_logging_policy_of_the_stack() -> None:
    run = created("prod", configuration(logging={"autolog": False, "flavours": {"sklearn": True}, "models": False}))
    stated = {"autolog": "off", "flavours": {"sklearn": "on"}, "models": False}
    expected = {**stated, "signatures": True, "examples": False, "datasets": True}
    assert json.loads(run.outputs["config_json"])["logging"] == expected


def test_a_policy_that_contradicts_itself_is_refused() -> None:
    stated = {"autolog": "explicit-only", "flavours": {"sklearn": "on"}}
    with pytest.raises(SettingsError, match="autolog: 'off'"):
        settings_from(configuration(logging=stated), "dev")


def test_the_other_outputs_name_what_was_created() -> None:
    outputs = created("dev", configuration()).outputs
    plan = planned_names(settings_from(configuration(), "dev"), ROOT, "the file")

    assert outputs["mlflow_tracking_uri"] == f"azureml://somewhere/{plan['workspace']}"
    assert outputs["resource_group"] == plan["resource_group"]
    assert outputs["workspace_name"] == plan["workspace"]
    assert outputs["storage_account_name"] == plan["storage_account"]
    assert outputs["key_vault_uri"] == f"https://{plan['key_vault']}.vault.azure.net/"
    assert outputs["training_data_container"] == "training-data"
    assert outputs["storage_key_secret"] == "storage-account-key"
    assert outputs["compute_name"] == plan["compute_cluster"]
    assert {"name": plan["key_vault"], "type": "Microsoft.KeyVault/vaults"} in outputs["resources"]
    assert len(outputs["resources"]) == len(plan)


def test_no_output_holds_the_key_of_the_account() -> None:
    run = created("dev", configuration())

    assert ACCOUNT_KEY not in run.raw_outputs
    assert run.raw_outputs

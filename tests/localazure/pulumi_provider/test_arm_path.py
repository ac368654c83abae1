"""Paths: filled from names, matched against ids, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.pulumi_provider import catalogue
from localazure.pulumi_provider.arm_path import ArmPath
from localazure.pulumi_provider.errors import ProviderError

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._()-]{0,20}", fullmatch=True)
PATHS = sorted({kind.path.template for kind in catalogue.load().resources.values()})


@given(st.sampled_from(PATHS), st.data())
def test_the_id_of_any_type_gives_back_the_names_it_was_made_of(template: str, data: st.DataObject) -> None:
    path = ArmPath(template)
    names = {name: data.draw(NAMES) for name in ("subscriptionId", *path.parameters)}

    assert path.match(path.fill(names)) == {name: names[name] for name in path.match(path.fill(names))}
    assert set(path.parameters) <= set(path.match(path.fill(names)))


def test_a_scope_is_a_whole_resource_id_with_or_without_its_leading_slash() -> None:
    path = ArmPath.parse("/{scope}/providers/Microsoft.Authorization/locks/{lockName}")
    expected = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/locks/l"

    assert path.fill({"scope": "/subscriptions/s/resourceGroups/g", "lockName": "l"}) == expected
    assert path.fill({"scope": "subscriptions/s/resourceGroups/g", "lockName": "l"}) == expected
    assert path.match(expected) == {"scope": "/subscriptions/s/resourceGroups/g", "lockName": "l"}


def test_ids_are_matched_whatever_their_case() -> None:
    path = ArmPath.parse("Microsoft.KeyVault/vaults/{vaultName}")

    found = path.match("/subscriptions/s/resourcegroups/g/providers/microsoft.keyvault/VAULTS/kv")

    assert found == {"subscriptionId": "s", "resourceGroupName": "g", "vaultName": "kv"}


def test_the_type_leaves_out_fixed_names_in_the_path() -> None:
    path = ArmPath.parse("Microsoft.Storage/storageAccounts/{a}/blobServices/default/containers/{c}")

    assert path.arm_type == "Microsoft.Storage/storageAccounts/blobServices/containers"


def test_an_id_of_another_type_is_refused_with_the_form_that_is_wanted() -> None:
    with pytest.raises(ProviderError, match=r"is not an id of the form .*vaults/\{vaultName\}"):
        ArmPath.parse("Microsoft.KeyVault/vaults/{vaultName}").match("/subscriptions/s/resourceGroups/g")

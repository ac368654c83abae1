"""The check of the lint's tables of types against what others say: that it finds what is there, and what is not."""

from tools.naming_rules.verification import called, imported, unconfirmed, unconfirmed_imports

GO = """
    autorest.WithPathParameters("/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}", pathParameters)
    autorest.WithPathParameters("/subscriptions/{subscriptionId}/providers/Microsoft.Web/checknameavailability", pathParameters)
    "/{scope}/providers/Microsoft.Insights/diagnosticSettings/{name}"
"""  # noqa: E501 - as it is written in the SDK
DOCUMENTATION = """
    $ pulumi import azure:keyvault/keyVault:KeyVault example /subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/vault1
    $ pulumi import azure:storage/table:Table table1 "https://example.table.core.windows.net/Tables('t')"
"""  # noqa: E501 - as it is written there


def test_a_row_is_confirmed_by_a_url_with_the_same_holes_in_any_case() -> None:
    rows = {
        "secret": "Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}",
        "variant": "Microsoft.KeyVault/vaults/{vaultName}/secrets[RSA]/{secretName}",
        "setting": "microsoft.insights/diagnosticSettings/{name}",
        "check": "Microsoft.Web/checkNameAvailability",
        "other hole": "Microsoft.KeyVault/vaults/{vaultName}/secrets/{name}",
        "other type": "Microsoft.KeyVault/vaults/{vaultName}/keys/{secretName}",
    }
    assert unconfirmed(rows, called([GO])) == ["other hole", "other type"]


def test_a_row_of_terraform_is_confirmed_by_the_id_that_is_imported() -> None:
    rows = {
        "azurerm_key_vault": "Microsoft.KeyVault/vaults[x]/{name}",
        "azurerm_storage_table": "Microsoft.Storage/storageAccounts/{a}/tableServices/default/tables/{name}",
        "azurerm_recovery_services_vault": "Microsoft.KeyVault/vaults/{name}",
    }
    assert unconfirmed_imports(rows, imported([DOCUMENTATION])) == [
        "azurerm_storage_table",
        "azurerm_recovery_services_vault",
    ]

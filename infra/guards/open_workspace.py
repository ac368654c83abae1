"""Says what listed addresses leave open: the workspace itself.

Azure lets a workspace list addresses (`ipAllowlist`) in preview versions of its API only, and azure-native 3.29 has the
stable one: https://learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2024-10-01-preview/workspaces
"""

import pulumi

from infra.settings.network import NetworkSettings


def tell_of_open_workspace(settings: NetworkSettings) -> None:
    """Warn where others are kept out of storage, vault and registry, and the workspace still answers everybody."""
    if settings.access == "allow-listed":
        pulumi.log.warn(
            "mlws:network.access 'allow-listed' closes storage, Key Vault and container registry; the workspace itself"
            " stays reachable from everywhere, for whoever signs in: write 'private' to close it too"
        )

"""Configurations of stacks that tests start from."""

from typing import Any

STACKS = ("local", "dev", "qa", "prod")
# What `mlws:network` needs besides, where its access is not public.
WITH_A_NETWORK: dict[str, Any] = {
    "containerRegistry": {"sku": "Premium"},
    "managedNetwork": {"isolation": "AllowInternetOutbound"},
}
STACK_FILES = (*STACKS, "shared")
"""Every stack of the project; the last has no workspace."""


def configuration(**ours: Any) -> dict[str, Any]:
    """A valid configuration, with keys of ours added or replaced."""
    config: dict[str, Any] = {"tags": {"owner": "ml-platform", "costCentre": "4711"}, **ours}
    return {"azure-native:location": "westeurope"} | {f"mlws:{key}": value for key, value in config.items()}

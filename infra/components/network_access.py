"""From where a service can be reached, in the words that the components hand to Azure.

Rules are stated also where they let everybody in: a service that was closed must be told that it is open again.
"""

from dataclasses import dataclass
from typing import Literal

from infra.settings.network import NetworkSettings

# Azure's own services come in where they are trusted and have a role: the workspace needs that.
TRUSTED = "AzureServices"


@dataclass(frozen=True)
class Access:
    """Whether a service has an address on the internet, and who gets in there; nobody is named where all do."""

    is_public: bool
    addresses: tuple[str, ...]

    @classmethod
    def of(cls, settings: NetworkSettings) -> "Access":
        """What the stack's settings say."""
        return cls(settings.access != "private", settings.allowed_addresses)

    @property
    def public_network(self) -> str:
        """Azure's word for whether the internet reaches the service at all."""
        return "Enabled" if self.is_public else "Disabled"

    @property
    def others(self) -> Literal["Allow", "Deny"]:
        """Azure's word for what becomes of a caller whose address is not listed."""
        return "Allow" if self.is_public and not self.addresses else "Deny"

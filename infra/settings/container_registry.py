"""The container registry."""

from typing import Literal

from pydantic import Field, model_validator

from infra.settings.section import Section


class ContainerRegistrySettings(Section):
    """The container registry that holds the workspace's images."""

    sku: Literal["Basic", "Standard", "Premium"] = Field(description="Service tier of the registry.")
    untagged_retention_days: int | None = Field(
        default=None, ge=1, le=365, description="Days until images without a tag are deleted; of Premium only."
    )
    zone_redundant: bool = Field(
        default=False,
        description="Images are kept in several zones of the region; of Premium only, and fixed at creation.",
    )

    @model_validator(mode="after")
    def _only_premium_has_zones(self) -> "ContainerRegistrySettings":
        if self.zone_redundant and self.sku != "Premium":
            raise ValueError(f"zoneRedundant needs sku 'Premium', not '{self.sku}'; write false or change sku")
        return self

    @model_validator(mode="after")
    def _only_premium_deletes(self) -> "ContainerRegistrySettings":
        if self.untagged_retention_days is not None and self.sku != "Premium":
            raise ValueError(f"untaggedRetentionDays needs sku 'Premium', not '{self.sku}'; leave it out or change sku")
        return self

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

    @model_validator(mode="after")
    def _only_premium_deletes(self) -> "ContainerRegistrySettings":
        if self.untagged_retention_days is not None and self.sku != "Premium":
            raise ValueError(f"untaggedRetentionDays needs sku 'Premium', not '{self.sku}'; leave it out or change sku")
        return self

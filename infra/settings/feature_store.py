"""What a stack may say about a feature store: where features are written to, and what computes them."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from infra.settings.resource_id import resource_id
from infra.settings.section import Section

ContainerId = Annotated[str, AfterValidator(resource_id("Microsoft.Storage/storageAccounts/blobServices/containers"))]
RedisId = Annotated[str, AfterValidator(resource_id("Microsoft.Cache/redis"))]


class FeatureStoreSettings(Section):
    """The stores of a workspace of kind `FeatureStore`, which it reaches as its user-assigned identity."""

    offline_store: ContainerId | None = Field(
        default=None,
        description="The id of the container that features are materialized to, in an account with hierarchical"
        " namespace. A feature store needs it.",
    )
    online_store: RedisId | None = Field(
        default=None, description="The id of the Redis cache that serves features with low latency."
    )
    spark_version: Annotated[str, StringConstraints(pattern=r"^3\.\d+(\.\d+)?$")] = Field(
        default="3.4", description="The version of Spark that materializes features."
    )

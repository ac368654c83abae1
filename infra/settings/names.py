"""Names of what existed before the stack, which the stack therefore cannot make up."""

from typing import Annotated, Literal

from pydantic import StringConstraints

Role = Literal[
    "resource_group",
    "workspace",
    "storage_account",
    "key_vault",
    "application_insights",
    "log_analytics",
    "container_registry",
    "managed_identity",
    "compute_cluster",
    "model_registry",
]
"""What a name is for: the roles of the naming plan."""

AcceptedName = Annotated[str, StringConstraints(min_length=1, max_length=260)]

"""What a stack may say about the resources that hold what cannot be made again."""

from typing import Literal

from pydantic import Field, model_validator

from infra.settings.section import Section


class ProtectionSettings(Section):
    """Whether the resources that hold data, secrets, logs or the workspace itself can be deleted."""

    protect: bool = Field(
        description="Pulumi refuses to delete or to replace them. Turn it off and run `pulumi up` before you destroy."
    )
    locks: bool = Field(
        description="Azure refuses to delete storage account, Key Vault, registry and Log Analytics, whoever asks,"
        " and so to take away role assignments on them."
    )
    allow_replacing: tuple[
        Literal[
            "workspace", "key-vault", "storage", "data-storage", "container-registry", "log-analytics", "model-registry"
        ],
        ...,
    ] = Field(
        default=(),
        description="With `protect`: what `pulumi up` may delete or replace all the same. A preview says what"
        " would be lost, protected or not."
        " Any of `workspace`, `key-vault`, `storage`, `data-storage`, `container-registry`, `log-analytics` and"
        " `model-registry`.",
    )

    @model_validator(mode="after")
    def _locks_step_aside(self) -> "ProtectionSettings":
        """A replacement deletes role assignments and diagnostic settings on what is locked, with the last step."""
        if self.locks and self.allow_replacing:
            raise ValueError(
                "allowReplacing needs `locks: false` beside it, for a lock would stop the replacement half-way; take"
                " both out again afterwards"
            )
        return self

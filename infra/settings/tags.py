"""The tags of every resource."""

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from infra.settings.section import Section

TagValue = Annotated[str, StringConstraints(min_length=1, max_length=256)]

_RESERVED_TAG_PREFIXES = ("microsoft", "azure", "windows")
_OWN_TAGS = ("environment", "workload", "owner", "cost-centre", "data-classification", "managed-by")
_MOST_OWN_TAGS = 50 - len(_OWN_TAGS)


class TagSettings(Section):
    """The tags that every resource of the stack carries, beside environment, workload and managed-by."""

    owner: TagValue = Field(description="Team or person that answers for the environment (tag `owner`).")
    cost_centre: TagValue = Field(description="Where the cost is booked (tag `cost-centre`).")
    data_classification: Literal["public", "internal", "confidential", "restricted"] = Field(
        default="confidential",
        description="How far the most delicate data of the environment may go (tag `data-classification`).",
    )
    extra: dict[str, TagValue] = Field(
        default_factory=dict,
        max_length=_MOST_OWN_TAGS,
        description="Tags of your own, name to value. `[lint.required-tags]` of naming.toml says which ones every stack"
        " must have, and which values they may have.",
    )

    @field_validator("extra")
    @classmethod
    def _azure_accepts_the_names(cls, extra: dict[str, str]) -> dict[str, str]:
        for name in extra:
            if not name or len(name) > 128 or re.search(r"[<>%&\\?/]", name):  # noqa: PLR2004 - storage's limit
                raise ValueError(f"the tag name '{name}' must have 1 to 128 characters and none of < > % & \\ ? /")
            if name.lower().startswith(_RESERVED_TAG_PREFIXES):
                raise ValueError(f"the tag name '{name}' begins with a word that Azure keeps for itself")
            if name.lower() in _OWN_TAGS:
                raise ValueError(f"the tag '{name}' is set by the program; Azure takes no second one of that name")
        if len({name.lower() for name in extra}) < len(extra):
            raise ValueError("two tag names differ in case only, and Azure takes them for the same")
        return extra

"""What every part of a stack's settings has in common."""

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, keys are spelled in camel case, values never change."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, coerce_numbers_to_str=True, regex_engine="python-re"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _yes_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - whatever the file says
        """Refuse what Pydantic would take for 1 or 0."""
        field = cls.model_fields[str(info.field_name)]
        types = {field.annotation, *get_args(field.annotation)}
        if isinstance(value, bool) and int in types and bool not in types:
            raise ValueError(f"'{str(value).lower()}' is no number; write one")
        return value

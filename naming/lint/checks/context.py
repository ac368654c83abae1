"""What a check may ask besides the resource itself: the convention and the settings."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one run of the linter; `convention` is None where there is none to follow."""

    configuration: "Configuration"
    convention: "Convention | None" = None

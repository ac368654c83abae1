"""What flows through the linter: resources with names on one side, findings on the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from naming.rulebook import rule_for

if TYPE_CHECKING:
    from naming.rule import Rule

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class NamedResource:
    """A name, what it is the name of, and where it was read.

    `type` is the ARM type as its rule spells it, `variant` ARM's kind of it where the source tells, such as
    ComputeInstance. `scope_path` is what the name has to be unique within, as far as the source tells: the
    resource id of its parent or resource group, or the source itself. `tags` is None where the source does not
    know tags, empty where it knows that there are none. `address` is what the source itself calls the resource:
    a Pulumi URN, a Terraform address, an ARM resource id. `environment` is set where the source says which one
    the resource belongs to, `location` where it says in which region it is.
    """

    type: str
    variant: str | None
    name: str
    scope_path: str = ""
    tags: Mapping[str, str] | None = None
    file: str = ""
    line: int | None = None
    address: str | None = None
    environment: str | None = None
    location: str | None = None

    @property
    def rule(self) -> "Rule":
        """The rule of its type and variant; a variant that has no rule of its own is judged by its type's first.

        Raises:
            NamingError: there is no rule for the type; a source leaves out such resources.
        """
        return rule_of(self.type, self.variant)

    @property
    def where(self) -> str:
        """The file and, where it is known, the line: `names.csv:12`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a resource. `id` is stable and documented; `suggestion` is a better name, or None."""

    id: str
    resource: NamedResource
    message: str
    severity: Severity = "error"
    suggestion: str | None = None


@cache
def rule_of(resource_type: str, variant: str | None) -> "Rule":
    """Return the rule of a type and of a variant that it may not have.

    Raises:
        NamingError: there is no rule for the type.
    """
    from naming.errors import NamingError

    first = rule_for(resource_type)
    if variant is None:
        return first
    try:
        return rule_for(resource_type, variant)
    except NamingError:
        return first

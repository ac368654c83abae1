"""What flows through the linter: resources with names on one side, findings on the other."""

from dataclasses import dataclass

from naming.rule import Rule


@dataclass(frozen=True, slots=True)
class NamedResource:
    """A name, the rule of its type, and where it was read.

    `container` is what the name has to be unique within, as far as the source tells: a resource group, a
    workspace, or the source itself.
    """

    rule: Rule
    name: str
    file: str
    line: int
    container: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a name. `id` is stable: NAM1xx is what Azure itself refuses, NAM3xx is uniqueness."""

    id: str
    resource: NamedResource
    message: str
    severity: str = "error"
    suggestion: str | None = None

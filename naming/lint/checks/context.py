"""What a check may ask besides the resource itself: the settings, the convention and what it makes of the name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from naming.errors import NamingError

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.configuration import Configuration
    from naming.lint.model import NamedResource
    from naming.parse import ParsedName


@dataclass(slots=True)
class Context:
    """The surroundings of one run of the linter; `convention` is None where there is none to follow."""

    configuration: "Configuration"
    convention: "Convention | None" = None
    _parsed: "tuple[NamedResource, ParsedName | None] | None" = None

    def parsed(self, resource: "NamedResource") -> "ParsedName | None":
        """Return the name as the convention reads it, or None where the convention does not name the type."""
        if self._parsed is None or self._parsed[0] is not resource:
            self._parsed = (resource, self._parse(resource))
        return self._parsed[1]

    def _parse(self, resource: "NamedResource") -> "ParsedName | None":
        if self.convention is None:
            return None
        from naming.parse import parse

        try:
            return parse(self.convention, resource.rule, resource.name)
        except NamingError:
            return None

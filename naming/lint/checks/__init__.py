"""The checks: each is a module whose docstring is its published page, docs/reference/lint/.

A check judges one resource, or remembers those it has seen. A new one is a new module and a line in `catalogue`.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from naming.lint.model import Finding, NamedResource

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.checks.judgement import Judgement
    from naming.lint.configuration import Configuration

Check = Callable[[NamedResource], Iterable[Finding]]


def registry(convention: "Convention | None" = None, configuration: "Configuration | None" = None) -> "Judgement":
    """Return the checks that the configuration selects, none of which has seen anything yet.

    Without a convention nothing is checked against one (NAM2xx); without a configuration everything is.
    """
    from naming.lint.checks.judgement import Judgement
    from naming.lint.configuration import Configuration

    return Judgement(convention, configuration or Configuration())

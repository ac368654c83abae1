"""How findings are written down: each reporter turns them into pieces of text, as they come where the format permits.

A reporter is a module with `report(findings)`. A new one is a new module and a line in `REPORTERS`.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from naming.lint.model import Finding

Reporter = Callable[[Iterable[Finding]], Iterator[str]]


def _lazy(module: str) -> Reporter:
    """Return the reporter of a module that is imported when it reports: one run needs one."""

    def report(findings: Iterable[Finding]) -> Iterator[str]:
        yield from import_module(f"naming.lint.reporters.{module}").report(findings)

    return report


REPORTERS: dict[str, Reporter] = {
    "text": _lazy("text"),
    "json": _lazy("as_json"),
    "sarif": _lazy("sarif"),
    "junit": _lazy("junit"),
    "github": _lazy("github"),
    "azure-devops": _lazy("azure_devops"),
    "statistics": _lazy("statistics"),
}

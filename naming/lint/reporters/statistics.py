"""How often each check found something, the most frequent first: where to begin in an existing estate."""

from collections import Counter
from collections.abc import Iterable, Iterator

from naming.lint.checks.pages import title
from naming.lint.model import Finding


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one line for each check that found something."""
    counted = Counter(finding.id for finding in findings)
    width = len(str(max(counted.values(), default=0)))
    for check_id, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>{width}}  {check_id}  {title(check_id)}\n"

"""What a reader leaves out, counted: a name that nobody judged must not look like a good one."""

from collections import Counter

UNRESOLVED = "their names are known only once they are deployed"
NAMELESS = "they have no name"
_SHOWN = 3


class Notes:
    """Counts what was left out of the sources, by reason and by type."""

    def __init__(self) -> None:
        self._reasons: Counter[tuple[str, str]] = Counter()
        self._types: dict[str, Counter[str]] = {}
        self._unasked: dict[str, Counter[str]] = {}
        self._columns: list[str] = []
        self._judged = 0

    def count(self, judged: int) -> None:
        """Count names that were judged."""
        self._judged += judged

    def leave_out(self, file: str, reason: str) -> None:
        """Count one resource of `file` that can't be judged, for a reason that is the end of a sentence."""
        self._reasons[file, reason] += 1

    def unknown_type(self, file: str, resource_type: str) -> None:
        """Count one resource of `file` whose type has no rule."""
        self._types.setdefault(file, Counter())[resource_type] += 1

    def no_tag(self, file: str, column: str) -> None:
        """Count a column of a table that is called as a tag is, and is not read as one."""
        self._columns.append(f"{file}: the column {column!r} is not read: call it tag:{column} if it is the tag.")

    def not_asked(self, label: str, reason: str) -> None:
        """Count one name that Azure was not asked about, for a reason that is the end of a sentence."""
        self._unasked.setdefault(reason, Counter())[label] += 1

    def sentences(self) -> list[str]:
        """Return what was left out, one sentence for each file and reason."""
        found = self._columns + [
            f"{file}: {_resources(count)} left out, since {reason}." for (file, reason), count in self._reasons.items()
        ]
        for file, types in self._types.items():
            shown = ", ".join(str(name)[:100] for name, _ in types.most_common(_SHOWN))
            more = f" and {len(types) - _SHOWN} more" if len(types) > _SHOWN else ""
            found.append(f"{file}: {_resources(types.total())} left out, since no rule is known for {shown}{more}.")
        for reason, labels in self._unasked.items():
            names = "1 name" if labels.total() == 1 else f"{labels.total()} names"
            shown = ", ".join(sorted(labels))
            found.append(f"--online did not ask whether {names} of these types are free, since {reason}: {shown}.")
        return found

    def nothing_judged(self) -> list[str]:
        """Return a sentence where not a single name was judged."""
        return [] if self._judged else ["0 names checked: no source has a name that can be judged."]


def _resources(count: int) -> str:
    return "1 resource was" if count == 1 else f"{count} resources were"

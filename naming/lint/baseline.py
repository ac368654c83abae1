"""A baseline: the findings that an estate has today, so that a build fails only for new ones.

A finding is known again by its check, its type, its name and, where the source tells, the subscription and group that
it is in; neither by its line, which moves, nor by its file. What occurs twice is in it twice: a third one is new.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from naming.errors import NamingError
from naming.lint.model import Finding
from naming.lint.replacing import replace_text

_VERSION = 1
_SHOWN = 3
_KEYS = ("id", "type", "name", "scope")

_Known = tuple[str, str, str, str]


class Baseline:
    """The findings that are known; `new` takes each out once."""

    def __init__(self, file: str, known: "Counter[_Known]") -> None:
        self._file = file
        self._left = known.copy()

    @classmethod
    def read(cls, path: Path) -> "Baseline":
        """Read the baseline of a file.

        Raises:
            NamingError: the file is missing, or is none that `write_baseline` wrote.
        """
        try:
            read = json.loads(path.read_text("utf-8"))
            entries = [(tuple(entry[key] for key in _KEYS), entry["count"]) for entry in read["findings"]]
        except OSError as error:
            hint = "write it with --write-baseline"
            raise NamingError(f"the baseline {path} can't be read: {error.strerror}; {hint}.") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise NamingError(f"{path} is no baseline: write it anew with --write-baseline.") from error
        if read.get("version") != _VERSION or not all(_is_entry(known, count) for known, count in entries):
            raise NamingError(f"{path} is no baseline of this version: write it anew with --write-baseline.")
        return cls(path.name, Counter(dict(entries)))

    def new(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that are not in the baseline, as they come."""
        for finding in findings:
            known = _known(finding)
            if self._left[known] > 0:
                self._left[known] -= 1
            else:
                yield finding

    def gone(self) -> str | None:
        """Say which entries did not occur, when all findings have been seen; None when every one did."""
        left = [f"{check_id} {name!r}" for (check_id, _, name, _), count in self._left.items() if count > 0]
        if not left:
            return None
        more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        entries = "1 entry no longer occurs" if len(left) == 1 else f"{len(left)} entries no longer occur"
        return f"{self._file}: {entries} ({', '.join(left[:_SHOWN])}{more}): write it anew with --write-baseline."


def write_baseline(path: Path, findings: Iterable[Finding]) -> int:
    """Write all `findings` to a baseline, in an order of its own, and return how many they are.

    Raises:
        NamingError: the file can't be written.
    """
    known = Counter(map(_known, findings))
    entries = [{**dict(zip(_KEYS, key, strict=True)), "count": count} for key, count in sorted(known.items())]
    lines = ",\n".join(f"    {json.dumps(entry)}" for entry in entries)
    body = f"[\n{lines}\n  ]" if entries else "[]"
    replace_text(path, f'{{\n  "version": {_VERSION},\n  "findings": {body}\n}}\n')
    return known.total()


def _known(finding: Finding) -> _Known:
    resource = finding.resource
    scope = resource.scope_path if resource.scope_path.startswith("/subscriptions/") else ""
    return (finding.id, resource.rule.key, resource.name, scope.lower())


def _is_entry(known: tuple[object, ...], count: object) -> bool:
    return all(isinstance(part, str) for part in known) and isinstance(count, int) and count > 0

"""Remembers names as hashes, 8 bytes each, so that a table of millions fits; equal hashes are looked at again."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from naming.lint.containers import container_of
from naming.lint.model import NamedResource

# So many hashes are looked at together when those that occur twice are sought: about 40 MB.
_TOGETHER = 262_144
_MOST_PARTS = 6  # as a power of two
# So many names are known well enough to suggest none of them again: about 30 MB, and only where something is suggested.
_MOST_AVOIDED = 250_000


@dataclass
class SeenNames:
    """The hashes of all names that were judged: equal names in one scope have equal hashes."""

    _hashes: "array[int]" = field(default_factory=lambda: array("q"))
    _counted: Counter[int] = field(default_factory=Counter)
    _uncounted: int = 0

    def add(self, resource: NamedResource) -> None:
        """Remember a resource that was judged by itself."""
        salt = self.salt(resource)
        self._hashes.append(salt ^ hash(resource.name.lower()))

    def add_all(self, hashes: Iterable[int]) -> None:
        """Remember the hashes of many names."""
        self._hashes.extend(hashes)

    def is_taken(self, resource: NamedResource, former: str) -> bool:
        """Whether another resource has the name of this one, which is called `former` so far."""
        if self._uncounted < min(len(self._hashes), _MOST_AVOIDED):
            self._counted.update(self._hashes[self._uncounted : _MOST_AVOIDED])
            self._uncounted = len(self._hashes)
        salt = self.salt(resource)
        own = resource.name.lower() == former.lower()
        return self._counted[salt ^ hash(resource.name.lower())] > own

    @staticmethod
    def salt(resource: NamedResource) -> int:
        """Return what tells the names of one type and scope from equal ones elsewhere."""
        return hash((resource.type, container_of(resource.rule)(resource)))

    def repeated(self) -> frozenset[int]:
        """Return the hashes that occur more than once, looking at a part of them at a time."""
        parts = 1 << min(_MOST_PARTS, (len(self._hashes) // _TOGETHER).bit_length())
        found: set[int] = set()
        for part in range(parts):
            hashes = [one for one in self._hashes if one & (parts - 1) == part]
            if len(set(hashes)) != len(hashes):
                found.update(one for one, count in Counter(hashes).items() if count > 1)
        return frozenset(found)

"""The VM sizes of Azure Machine Learning, and which of them a size that is not among them was meant to be."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

_STANDARD = "standard_"


@dataclass(frozen=True)
class VmSize:
    """A size, and whether an instance, or a low-priority node, can have it. `family` is what Azure counts quotas by."""

    name: str
    family: str
    vcpus: int
    memory_gib: float
    gpus: int = 0
    instance: bool = True
    low_priority: bool = True


def vm_size(name: str) -> VmSize | None:
    """The size of that name, which Azure takes in any case; `None` where the table has no such size."""
    return vm_sizes().get(name.lower())


def nearest(name: str) -> VmSize | None:
    """The size that is spelled most like `name`, if any is."""
    # Every size begins alike: only what follows says which was meant.
    spelled = {size.removeprefix(_STANDARD): known for size, known in vm_sizes().items()}
    written = name.strip().lower().replace(" ", "_").removeprefix(_STANDARD)
    found = get_close_matches(written, spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else None


@cache
def vm_sizes() -> Mapping[str, VmSize]:
    """Every size of the table, by its name in lower case."""
    families = tomllib.loads(Path(__file__).with_name("vm_sizes.toml").read_text(encoding="utf-8"))
    return {
        name.lower(): VmSize(name, family, **about)
        for family, sizes in families.items()
        for name, about in sizes.items()
    }

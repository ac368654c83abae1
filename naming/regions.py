"""The regions of Azure and their published short codes, from `naming/regions.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "regions.toml"


@dataclass(frozen=True, slots=True)
class Region:
    """A region by the name Azure's API uses (`westeurope`), the label people read, and its codes by table."""

    name: str
    label: str
    codes: dict[str, str]


@cache
def regions() -> dict[str, Region]:
    """Return every known region by its name."""
    read = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        name: Region(name, entry["label"], {table: entry[table] for table in read["tables"] if table in entry})
        for name, entry in read["regions"].items()
    }


@cache
def code_tables() -> dict[str, str]:
    """Return the published tables of region codes: name and where it comes from."""
    tables: dict[str, str] = tomllib.loads(_FILE.read_text("utf-8"))["tables"]
    return tables


def region_name(spelling: str) -> str:
    """Return the API's spelling of a region: "West Europe" becomes "westeurope"."""
    return spelling.replace(" ", "").lower()

"""`python -m tools.naming_rules.verification --sdk FOLDER [--imports FOLDER]`: checks the lint's tables of types.

An SDK of Microsoft's for Azure's management API (the Go module github.com/Azure/azure-sdk-for-go, a package
azure-mgmt-*) calls URLs that name each type and what stands in it; the documentation of pulumi-azure, which is made
from hashicorp's azurerm, shows the resource id of each azurerm resource. Unpack what is wanted and give its folder.
"""

import argparse
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

_LINT = Path(__file__).parents[2] / "naming" / "lint"
_URL = re.compile(r'"(/?[^"\s]*/providers/[^"\s]+|/?providers/[^"\s]+)"')
_IMPORT = re.compile(r'pulumi import azure:\w+/\w+:(\w+) \S+ "?([^\s"]+)')


def main() -> None:
    """Say of each table how many rows are confirmed, and name those that are not."""
    parser = argparse.ArgumentParser(prog="python -m tools.naming_rules.verification", description=__doc__)
    parser.add_argument("--sdk", type=Path, action="append", default=[], metavar="FOLDER", help="with .go or .py files")
    parser.add_argument("--imports", type=Path, metavar="FOLDER", help="where pulumi_azure is unpacked")
    given = parser.parse_args()
    paths = called(text for folder in given.sdk for text in _texts(folder))
    for name, rows in _read("sources/pulumi_types.toml").items():
        _report(f"pulumi_types.toml [{name}]", rows, unconfirmed(rows, paths))
    asked = {key: row["path"] for key, row in _read("availability.toml").items()}
    _report("availability.toml", asked, unconfirmed(asked, paths))
    if given.imports:
        rows = _read("sources/terraform_types.toml")["types"]
        _report("terraform_types.toml", rows, unconfirmed_imports(rows, imported(_texts(given.imports))))


def called(texts: Iterable[str]) -> frozenset[str]:
    """Return what stands behind the last /providers/ of each URL in the sources, in lower case."""
    return frozenset(
        url.rpartition("providers/")[2].rstrip("/").lower() for text in texts for url in _URL.findall(text)
    )


def unconfirmed(rows: Mapping[str, str], paths: frozenset[str]) -> list[str]:
    """Return the rows whose path, with the names of its holes, no URL has."""
    return [key for key, row in rows.items() if re.sub(r"\[[^]]*\]", "", row).lower() not in paths]


def imported(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return the class and the ARM type of each resource id that the documentation imports, in lower case."""
    found = (it for text in texts for it in _IMPORT.findall(text))
    return frozenset((word.lower(), _type_of(resource_id.partition("|")[0])) for word, resource_id in found)


def unconfirmed_imports(rows: Mapping[str, str], ids: frozenset[tuple[str, str]]) -> list[str]:
    """Return the azurerm types of which no class that ends their name has an id of the row's type."""
    missing = []
    for azurerm, row in rows.items():
        namespace, *parts = re.sub(r"\[[^]]*\]", "", row).lower().split("/")
        meant, words = "/".join([namespace, *parts[::2]]), azurerm.replace("_", "")
        if not any(type_ == meant and words.endswith(word) for word, type_ in ids):
            missing.append(azurerm)
    return missing


def _type_of(resource_id: str) -> str:
    namespace, *parts = resource_id.rpartition("/providers/")[2].lower().split("/")
    return "/".join([namespace, *parts[::2]])


def _texts(folder: Path) -> Iterable[str]:
    return (file.read_text("utf-8", "replace") for file in folder.rglob("*") if file.suffix in {".go", ".py"})


def _read(file: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_LINT / file).read_text("utf-8"))


def _report(table: str, rows: Mapping[str, str], missing: list[str]) -> None:
    print(f"{table}: {len(rows) - len(missing)} of {len(rows)} rows confirmed")
    print("".join(f"  not: {key} = {rows[key]}\n" for key in missing), end="")


if __name__ == "__main__":
    main()

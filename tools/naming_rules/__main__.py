"""`python -m tools.naming_rules [--facts FOLDER]`: writes naming/rules/types/ anew.

Without facts, only the rules written by hand are brought up to date: run it after a change in naming/rules/*.toml.
With a folder of facts (arm_name_rules.json, ant_resourcetypes.json) the others are derived again.
"""

import argparse
from pathlib import Path

from tools.naming_rules import curated, documentation, facts, published, store
from tools.naming_rules.derivation import by_type, derive


def main() -> None:
    """Write the files and say how many rules there are."""
    parser = argparse.ArgumentParser(prog="python -m tools.naming_rules", description=__doc__)
    parser.add_argument("--facts", type=Path, metavar="FOLDER", help="where the facts about the other types are")
    folder = parser.parse_args().facts
    derived = _derived(folder) if folder else store.derived()
    texts = store.files(curated.read(), derived, curated.reserved_words(), published.read())
    store.write(texts)
    print(f"{len(derived)} derived types, {sum(1 for _ in curated.read())} rules by hand, {len(texts)} files")


def _derived(folder: Path) -> list[store.Entry]:
    documented = by_type(documentation.read())
    specified = by_type(facts.arm(folder / "arm_name_rules.json"))
    by_naming_tool = facts.naming_tool(folder / "ant_resourcetypes.json")
    return [
        derive(documented.get(key), specified.get(key), by_naming_tool.get(key))
        for key in sorted(documented.keys() | specified.keys())
    ]


if __name__ == "__main__":
    main()

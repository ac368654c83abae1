"""How fast `mlws lint` is, beside what a user would pick instead: whole processes, in turn, on this machine.

    python -m benchmarks.lint_speed 5 --patterns resourceDefinition.json --typer PYTHON --checkov CHECKOV

Each peer is left out where its option is: the patterns' file is read from where it is given, typer and checkov are
installed into environments of their own beforehand.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = 1_000_000
STRANGE = 100_000
RESOURCES = 500
WRONG = 0.001
_LINT = [sys.executable, "-m", "mlws", "lint"]
_WORDS = ("churn", "sales", "risk", "fraud", "ocr")
_FORMS = {
    "Microsoft.Resources/resourceGroups": "rg-{}-{}-dev-euw",
    "Microsoft.KeyVault/vaults": "kv-{}-{}-dev",
    "Microsoft.Storage/storageAccounts": "st{}{}dev",
    "Microsoft.ContainerRegistry/registries": "cr{}{}dev",
    "Microsoft.MachineLearningServices/workspaces": "mlw-{}-{}-dev",
    "Microsoft.MachineLearningServices/workspaces/computes": "cpu-{}{}-dev",
    "Microsoft.MachineLearningServices/workspaces/datastores": "{}_{}",
    "Microsoft.Insights/components": "appi-{}-{}-dev",
    "Microsoft.OperationalInsights/workspaces": "log-{}-{}-dev",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "id-{}-{}-dev",
    "Microsoft.Network/virtualNetworks": "vnet-{}-{}-dev",
    "Microsoft.Network/networkSecurityGroups": "nsg-{}-{}-dev",
    "Microsoft.Compute/virtualMachines": "vm{}{}",
    "Microsoft.Web/sites": "app-{}-{}-dev",
    "Microsoft.Sql/servers": "sql-{}-{}-dev",
}


def main() -> None:
    """Measure, and print one line for each figure."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        table, tagged, strange = (Path(folder) / name for name in ("names.csv", "tagged.csv", "strange.csv"))
        plan, convention = Path(folder) / "plan.json", Path(folder) / "convention.toml"
        _write_table(table, NAMES, "type,name", lambda _: "")
        _write_table(tagged, NAMES, "type,name,resource group,tag:owner,tag:environment", _group_and_tags)
        _write_table(strange, STRANGE, "type,name", lambda _: "")
        _write_plan(plan)
        convention.write_text((ROOT / "naming.toml").read_text("utf-8"), "utf-8")
        peer = [sys.executable, "-m", "benchmarks.lint_speed_patterns"]
        tables = [[*_LINT, str(table)], *([*peer, patterns, str(table)] for patterns in options.patterns)]
        _print("a table of 1,000,000 names", _medians(tables, options.rounds, folder), NAMES)
        tables = [[*_LINT, str(tagged)]]
        _print("a table of 1,000,000 names with groups and tags", _medians(tables, options.rounds, folder), NAMES)
        tables = [[*_LINT, str(strange), "--convention", str(convention)]]
        title = f"a table of {STRANGE:,} names of which most break the convention"
        _print(title, _medians(tables, options.rounds, folder), STRANGE)
        start = [[*_LINT, "kv=kv--churn"], [sys.executable, "-c", "pass"]]
        if options.typer:
            start.append([options.typer, "-c", "import typer"])
        _print("from the start to the first finding", _medians(start, 3 * options.rounds, folder), None)
        plans = [[*_LINT, str(plan)]]
        if options.checkov:
            plans.append([options.checkov, "-f", str(plan), "--framework", "terraform_plan", "--compact", "--quiet"])
        _print(f"a Terraform plan of {RESOURCES} resources", _medians(plans, options.rounds, folder), RESOURCES)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--patterns", action="append", default=[])
    parser.add_argument("--typer")
    parser.add_argument("--checkov")
    return parser.parse_args()


def _medians(commands: Sequence[Sequence[str]], rounds: int, folder: str) -> list[tuple[str, float, float, float]]:
    """Return of each command what it is, its median seconds, those on a core, and its memory in MB; they take turns."""
    taken: list[list[float]] = [[] for _ in commands]
    busy: list[list[float]] = [[] for _ in commands]
    memory = [0.0] * len(commands)
    for _ in range(rounds):
        for position, command in enumerate(commands):
            began = time.perf_counter()
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            # Linters exit 1 for findings.
            assert process.returncode in ((0, 1) if command[1:3] == _LINT[1:3] or "-f" in command else (0,)), command
            busy[position].append(usage.ru_utime + usage.ru_stime)
            taken[position].append(time.perf_counter() - began)
            memory[position] = max(memory[position], usage.ru_maxrss / 1024)
    return [
        (" ".join(Path(part).name for part in command[:5]), statistics.median(wall), statistics.median(core), most)
        for command, wall, core, most in zip(commands, taken, busy, memory, strict=True)
    ]


def _print(title: str, measured: list[tuple[str, float, float, float]], count: int | None) -> None:
    print(title)
    first = measured[0][1]
    for name, seconds, core, most in measured:
        rate = f", {count / core:>9,.0f} a second of a core" if count else ""
        print(
            f"  {seconds * 1000:>8,.0f} ms, {core * 1000:>8,.0f} ms of a core{rate}, {most:>4.0f} MB, "
            f"ours takes {first / seconds:.2f} times as long: {name}"
        )


def _write_table(table: Path, count: int, header: str, more: Callable[[random.Random], str]) -> None:
    draw = random.Random(4)  # noqa: S311 - the same names each time
    types = list(_FORMS)
    with table.open("w", encoding="utf-8") as out:
        out.write(f"{header}\n")
        for number in range(count):
            kind = draw.choice(types)
            name = _FORMS[kind].format(draw.choice(_WORDS), number)
            out.write(f"{kind},{name}{'--!' if draw.random() < WRONG else ''}{more(draw)}\n")


def _group_and_tags(draw: random.Random) -> str:
    return f",rg-{draw.choice(_WORDS)},team-{draw.randrange(20)},dev"


def _write_plan(plan: Path) -> None:
    resources = [
        {
            "address": f"azurerm_storage_account.a{number}",
            "mode": "managed",
            "type": "azurerm_storage_account",
            "name": f"a{number}",
            "provider_name": "registry.terraform.io/hashicorp/azurerm",
            "schema_version": 4,
            "values": {"name": f"stchurn{number}dev", "resource_group_name": "rg-churn", "location": "westeurope"},
        }
        for number in range(RESOURCES)
    ]
    changes = [
        {**resource, "change": {"actions": ["create"], "before": None, "after": resource["values"]}}
        for resource in resources
    ]
    values = {"root_module": {"resources": resources}}
    content = {"format_version": "1.2", "terraform_version": "1.9.8", "planned_values": values}
    plan.write_text(json.dumps({**content, "resource_changes": changes, "configuration": {}}), "utf-8")


if __name__ == "__main__":
    main()

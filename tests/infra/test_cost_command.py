"""`mlws cost stack` as people and CI call it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infra.cost import retail_api
from infra.cost.cli import cost
from infra.cost.price_table import TABLE, load
from tests.infra.test_cost_plan import LOCAL, step
from tests.infra.test_cost_prices import item, page, price_list

_FIXTURE = str(Path(__file__).with_name("test_cost_preview_local.json"))


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cost, ["stack", *arguments], input=stdin)


@pytest.fixture
def dear(tmp_path: Path) -> str:
    """The preview of a stack with a Premium registry and two nodes that stay."""
    scale = {"minNodeCount": 2, "maxNodeCount": 8}
    inner = {"vmSize": "Standard_D4s_v3", "scaleSettings": scale}
    steps = [
        step(
            "azure-native:containerregistry:Registry",
            "registry",
            {"location": "westeurope", "sku": {"name": "Premium"}},
        ),
        step(
            "azure-native:machinelearningservices:Compute",
            "cluster",
            {"location": "westeurope", "properties": {"computeType": "AmlCompute", "properties": inner}},
        ),
    ]
    path = tmp_path / "prod.json"
    path.write_text(json.dumps({"steps": steps}))
    return str(path)


def pulumi(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `pulumi` on the PATH that does as `script` says."""
    (folder / "pulumi").write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
    (folder / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_estimate_of_the_real_plan_has_its_sum_and_what_is_not_known() -> None:
    output = run("local", "--preview", _FIXTURE).output
    assert "registry  registry, Basic  5.00" in output
    assert "cluster    Standard_DS3_v2           an hour  westeurope  no price in USD for it in the table" in output
    assert "\n5.00 USD a month before any use\n" in output
    assert "prices read 2026-11-21; 4 without the day from which they hold" in output


def test_a_preview_can_come_from_standard_input() -> None:
    assert run("local", "--preview", "-", stdin=LOCAL).output == run("local", "--preview", _FIXTURE).output


def test_json_has_exact_amounts_as_text_and_the_source_of_each_price(dear: str) -> None:
    found = json.loads(run("prod", "--preview", dear, "--json").output)
    assert (found["monthly"], found["complete"]) == ("400.40", True)
    (cluster,) = found["compute"]
    assert (cluster["node_hour"], cluster["nodes"], cluster["hour"]) == ("0.24", [2, 8], ["0.48", "1.92"])
    assert all(line["source"] and line["read"] for line in found["fixed"] + found["compute"] + found["usage"])


def test_two_stacks_stand_side_by_side(dear: str) -> None:
    rows = [line.split("  ") for line in run("local", "--preview", _FIXTURE, "--compare", dear).output.splitlines()]
    cells = {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in rows if row[0]}
    assert cells["registry: registry, a month"] == ["5.00", "50.00"]
    assert cells["cluster: nodes that stay, a month"] == ["-", "350.40"]
    assert cells["cluster: a node, an hour"] == ["Standard_DS3_v2 unknown", "Standard_D4s_v3 0.2400"]
    assert cells["registry: images beyond what the tier includes"] == ["0.10 per 1 GB/Month", "unknown"]
    assert cells["fixed a month"] == ["5.00 USD", "400.40 USD"]


def test_two_stacks_in_json_are_a_list(dear: str) -> None:
    found = json.loads(run("local", "--preview", _FIXTURE, "--compare", dear, "--json").output)
    assert [each["stack"] for each in found] == ["local", "prod"]


def test_two_plans_of_one_stack_are_kept_apart(tmp_path: Path, dear: str) -> None:
    found = json.loads(run("prod", "--preview", _FIXTURE, "--compare", dear, "--json").output)
    assert [each["monthly"] for each in found] == ["5.00", "400.40"]


def test_the_engine_is_asked_where_no_preview_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tmp_path / "asked"
    script = f"open({str(asked)!r}, 'w').write(' '.join(sys.argv[1:]))\nprint(open({_FIXTURE!r}).read())"
    pulumi(tmp_path, script, monkeypatch)
    assert "5.00 USD a month" in run("local").output
    assert asked.read_text() == "preview --stack local --json --show-sames --non-interactive"


def test_without_the_engine_a_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error: Any = run("dev").exception
    assert str(error).startswith("pulumi is not on the PATH; install it")
    assert error.exit_code == 1


_TRACEBACK = json.dumps(
    {
        "diagnostics": [
            {
                "severity": "error",
                "message": "error: Program failed with an unhandled exception:\nTraceback:\n  main()\nKeyError: 1\n",
            }
        ]
    }
)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            """print('{"diagnostics": [{"severity": "error", "message": "no stack\\\\nmore"}]}'); sys.exit(255)""",
            "no stack",
        ),
        ("print('error: no login', file=sys.stderr); print('bye', file=sys.stderr); sys.exit(1)", "no login"),
        (f"print({_TRACEBACK!r}); sys.exit(255)", "KeyError: 1"),
        ("sys.exit(3)", "it gave no reason"),
    ],
)
def test_a_preview_that_fails_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    pulumi(tmp_path, script, monkeypatch)
    error: Any = run("dev").exception
    assert str(error) == f"the preview of stack 'dev' failed: {reason}"
    assert error.exit_code == 1


def test_a_stack_without_a_file_is_told_before_the_engine_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    error: Any = run("prd").exception
    assert str(error) == "there is no stack 'prd', for there is no Pulumi.prd.yaml; did you mean 'prod'?"
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--preview", "nowhere.json"), "nowhere.json: cannot be read"),
        (("--preview", _FIXTURE, "--currency", "euro"), "--currency: 'euro' is no currency code"),
        (("--preview", _FIXTURE, "--currency", "EUR"), "only in USD; add --refresh"),
        (("--preview", _FIXTURE, "--prices", "nowhere.toml"), "nowhere.toml: not a readable price table"),
        (("--preview", str(TABLE)), "not valid JSON in line 1"),
    ],
)
def test_a_wrong_call_is_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    error: Any = run("local", *arguments).exception
    assert sentence in str(error)
    assert error.exit_code == 2


def test_refresh_rewrites_the_table_and_prices_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "prices.toml"
    table.write_text(TABLE.read_text())
    with price_list(page(item(currencyCode="EUR", retailPrice=0.2))) as served:
        monkeypatch.setattr(retail_api, "PRICE_LIST", served.url)
        output = run("local", "--preview", _FIXTURE, "--prices", str(table), "--refresh", "--currency", "eur").output
    assert "registry  registry, Basic  6.00" in output
    assert len(load(table).prices) == len(load().prices) + 1
    assert [path.name for path in tmp_path.iterdir()] == ["prices.toml"]


def test_a_table_of_ones_own_begins_with_the_built_in_prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with price_list(page()) as served:
        monkeypatch.setattr(retail_api, "PRICE_LIST", served.url)
        run("local", "--preview", _FIXTURE, "--prices", str(tmp_path / "own.toml"), "--refresh")
    assert load(tmp_path / "own.toml") == load()


def test_a_table_that_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with price_list(page()) as served:
        monkeypatch.setattr(retail_api, "PRICE_LIST", served.url)
        table = tmp_path / "nowhere" / "own.toml"
        error: Any = run("local", "--preview", _FIXTURE, "--prices", str(table), "--refresh").exception
    assert "cannot be written (No such file or directory); give a file of your own with --prices" in str(error)
    assert error.exit_code == 1


def test_a_refresh_that_fails_leaves_the_table_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "prices.toml"
    table.write_text(TABLE.read_text())
    with price_list(page(item(retailPrice=9)), 500) as served:
        monkeypatch.setattr(retail_api, "PRICE_LIST", served.url)
        error: Any = run("local", "--preview", _FIXTURE, "--prices", str(table), "--refresh").exception
    assert error.exit_code == 1
    assert table.read_text() == TABLE.read_text()


def test_the_command_imports_neither_pulumi_nor_requests() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from infra.cost.cli import cost;"
        f"CliRunner().invoke(cost, ['stack', 'local', '--preview', {_FIXTURE!r}], catch_exceptions=False);"
        "sys.exit(', '.join({'pulumi', 'requests', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "\n"

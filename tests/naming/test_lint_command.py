import json
import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from naming import NamingError
from naming.lint.command import lint
from naming.lint.sources.notes import Notes
from naming.lint.sources.recognition import read


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(lint, arguments, input=stdin)


def ids(result: Result) -> list[str]:
    return [line.split(": ")[1].split()[0] for line in result.output.splitlines()]


@pytest.mark.parametrize(
    "argument",
    [
        "kv=kv-churn-dev",
        "key vault=kv-churn-dev",
        "Microsoft.KeyVault/vaults=kv-churn-dev",
        "Microsoft.MachineLearningServices/workspaces/computes[AmlCompute]=cpu-cluster",
        "microsoft.machinelearningservices/workspaces/computes=cpu-cluster",
    ],
)
def test_good_names_say_nothing_and_exit_0(argument: str) -> None:
    result = run(argument)
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("kv=k", ["NAM101", "NAM102"]),
        ("kv=", ["NAM101"]),
        ("st=stChurn", ["NAM102"]),
        ("cr=login123", ["NAM103"]),
        ("kv=kv--" + "a" * 30, ["NAM101", "NAM102"]),
        ("Microsoft.MachineLearningServices/workspaces/computes[ComputeInstance]=" + "a" * 25, ["NAM101"]),
        ("appi=churn ", ["NAM105"]),
        ("appi=a=b", []),
    ],
)
def test_what_azure_refuses_is_found_under_its_id(argument: str, found: list[str]) -> None:
    result = run(argument)
    assert ids(result) == found
    assert result.exit_code == (1 if found else 0)


def test_a_list_is_read_without_its_comments_and_findings_name_the_line(tmp_path: Path) -> None:
    listed = tmp_path / "names.txt"
    listed.write_text("\ufeff# vaults\nkv = kv-good   # fine\n\n  kv=kv--bad\r\nrg=rg-ü\n", "utf-8")
    for arguments in ([str(listed)], ["--file", str(listed)]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.output.startswith(f"{listed}:4: NAM102 'kv--bad' does not fit a key vault")
        assert len(result.output.splitlines()) == 1


def test_standard_input_is_a_list() -> None:
    assert run("-", stdin="kv=kv--bad\n").output.startswith("<stdin>:1: NAM102")
    assert run("--file", "-", stdin="kv=kv-good\n").exit_code == 0


def test_json_is_an_array_of_findings() -> None:
    result = run("kv=kv--bad", "rg=rg", "--json")
    assert result.exit_code == 1
    (finding,) = json.loads(result.output)
    assert finding == {
        "id": "NAM102",
        "severity": "error",
        "type": "Microsoft.KeyVault/vaults",
        "name": "kv--bad",
        "message": finding["message"],
        "suggestion": "kv-bad",
        "file": "<argument>",
        "line": 1,
    }
    assert json.loads(run("kv=kv-good", "--format", "json").output) == []
    assert len(json.loads(run("kv=k", "--format", "json").output)) == 2


@pytest.mark.parametrize("output", ["json", "sarif"])
def test_a_source_that_fails_later_leaves_a_whole_report(tmp_path: Path, output: str) -> None:
    good, target = tmp_path / "names.txt", tmp_path / "report"
    good.write_text("kv=kv--bad\nkv=kv--worse\n")
    result = run(str(good), "missing.txt", "--format", output, "--output", str(target))
    assert isinstance(result.exception, NamingError)
    assert "missing.txt can't be read" in str(result.exception)
    report = json.loads(target.read_text())
    found = report if output == "json" else report["runs"][0]["results"]
    assert len(found) == 2


def test_a_source_that_fails_before_anything_is_found_leaves_no_report(tmp_path: Path) -> None:
    target = tmp_path / "report.xml"
    result = run("missing.txt", "kv=kv-good", "--format", "junit", "--output", str(target))
    assert isinstance(result.exception, NamingError)
    assert not target.exists()
    assert result.output == ""


def test_names_that_differ_by_case_alone_are_one_name() -> None:
    result = run("kv=kv-churn", "rg=kv-churn", "key vault=KV-Churn")
    assert ids(result) == ["NAM302"]
    assert "'kv-churn', the name of another key vault at <argument>:1" in result.output


def test_computes_of_different_kinds_share_their_names() -> None:
    assert ids(run("compute cluster=jane", "compute instance=jane")) == ["NAM301"]


def test_only_names_with_a_wide_scope_collide_across_lists(tmp_path: Path) -> None:
    dev, prod = tmp_path / "dev.txt", tmp_path / "prod.txt"
    for listed in (dev, prod):
        listed.write_text("kv=kv-churn\ncompute cluster=cpu-cluster\n")
    result = run(str(dev), str(prod))
    assert ids(result) == ["NAM301"]
    assert result.output.startswith(f"{prod}:1:")


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        ([], None, "nothing to judge"),
        (["kvv=x"], None, "<argument>:1: no naming rule for the resource type 'kvv': did you mean 'kv'?"),
        (["missing.txt"], None, "missing.txt can't be read"),
        (["-"], "kv=kv-good\nkv-churn\n", "<stdin>:2: 'kv-churn' is no TYPE=NAME"),
        (["-"], b"kv=kv-good\nkv=\xff\n", "<stdin>:2: the line is not UTF-8"),
        (["-"], "x" * 100_000, "no TYPE=NAME"),
        (["-"], "=name\n", "no TYPE=NAME"),
        (["."], None, "can't be read"),
    ],
)
def test_input_that_cannot_be_judged_is_one_sentence(
    arguments: list[str], stdin: str | bytes | None, sentence: str
) -> None:
    error = run(*arguments, stdin=stdin).exception
    assert isinstance(error, NamingError)
    assert sentence in str(error)
    assert len(str(error)) < 300
    assert error.exit_code == 2


@given(st.binary(max_size=200))
def test_any_list_gives_names_or_a_sentence(content: bytes) -> None:
    error = run("-", stdin=content).exception
    assert error is None or isinstance(error, NamingError | SystemExit)


def test_nothing_to_judge_is_said(tmp_path: Path) -> None:
    for content in ("", "# nobody\n", "type,name\n", "[]"):
        source = tmp_path / "names.txt"
        source.write_text(content)
        result = run(str(source), "--json")
        assert (result.exit_code, json.loads(result.stdout)) == (0, [])
        assert result.stderr == "note: 0 names checked: no source has a name that can be judged.\n"
    assert "0 names" not in run("kv=kv-good").stderr


def test_a_pipe_with_nothing_in_it_is_no_success() -> None:
    error = run("-", stdin="").exception
    assert isinstance(error, NamingError)
    assert str(error).startswith("<stdin> is empty, 0 names checked")


def test_a_list_is_read_as_it_is_needed(tmp_path: Path) -> None:
    listed = tmp_path / "names.txt"
    listed.write_text("kv=kv-first\nthis line is wrong\n")
    assert next(read(str(listed), Notes())).name == "kv-first"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"deployment": {"resources": {"a": 1}}}', 'resources is {"a": 1} where a list should be'),
        ('{"steps": [{}, 7]}', "steps[1] is 7 where an object should be"),
        ('{"format_version": "1", "planned_values": {"root_module": [1]}}', "root_module is [1] where an object"),
        ('{"format_version": "1", "planned_values": {"root_module": {"resources": ["x"]}}}', "resources[0] is"),
    ],
)
def test_json_of_another_shape_than_it_seems_is_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(content, "utf-8")
    with pytest.raises(NamingError, match=re.escape(sentence)) as raised:
        list(read(str(file), Notes()))
    assert str(raised.value).startswith(f"{file}: ")


def test_a_pipe_that_has_a_name_is_read_as_standard_input_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for content, said in (("kv=kv--a\n", f"{pipe}:1: NAM102"), ("", f"{pipe} is empty")):
        writer = Thread(target=pipe.write_text, args=(content, "utf-8"))
        writer.start()
        result = run(str(pipe))
        writer.join()
        assert result.exit_code == 1
        assert said in f"{result.output}{result.exception}"


@pytest.mark.parametrize(("selected", "code"), [("NAM", 1), ("N", 1), ("NAM2", 1), ("NAM204,NAM1", 1), ("NAM1", 0)])
def test_a_prefix_that_covers_the_convention_loads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, selected: str, code: int
) -> None:
    (tmp_path / "naming.toml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("rg=rg-dev-churn", "--select", selected).exit_code == code


@pytest.mark.parametrize(
    ("argument", "label"),
    [("mlw[Hub]", "AI hub"), ("vm[windows]", "Windows"), ("online endpoint[Kubernetes]", "Kubernetes")],
)
def test_an_abbreviation_takes_every_variant_of_its_type(argument: str, label: str) -> None:
    result = run(f"{argument}=-")
    assert result.exit_code == 1, result.output
    assert label.lower() in result.output.lower()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("arguments", [["lint", "kv=kv--a"], ["names", "explain"]])
def test_output_that_cannot_be_written_is_one_sentence(arguments: list[str]) -> None:
    command = [sys.executable, "-c", "import mlws; mlws.main()", *arguments]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("error: the output can't be written: ")


def test_a_list_and_a_table_leave_out_types_that_no_rule_knows(tmp_path: Path) -> None:
    unknown = "Microsoft.Nothing/ever"
    (tmp_path / "names.txt").write_text(f"{unknown}=x\nkv=kv--a\n", "utf-8")
    (tmp_path / "names.csv").write_text(f"type,name\n{unknown},x\nkv,kv--a\n", "utf-8")
    for file in ("names.txt", "names.csv"):
        result = run(str(tmp_path / file))
        assert result.exit_code == 1
        assert "NAM102" in result.stdout
        assert f"1 resource was left out, since no rule is known for {unknown}." in result.stderr


def test_a_column_that_is_called_as_a_required_tag_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "naming.toml").write_text("[lint.required-tags]\nowner = []\n", "utf-8")
    (tmp_path / "names.csv").write_text("type,name,Owner,costs\nvnet,vnet-a,ml,1\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    result = run("names.csv", "--select", "NAM4")
    assert result.stderr == "note: names.csv: the column 'owner' is not read: call it tag:owner if it is the tag.\n"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("computes", "did you mean 'Microsoft.MachineLearningServices/workspaces/computes'?"),
        ("Microsoft.Foo/bars", "write an ARM type such as"),
        ("Microsoft.KeyVault/vault", "did you mean 'Microsoft.KeyVault/vaults'?"),
        ("key vualt", "did you mean 'key vault'?"),
    ],
)
def test_what_is_meant_is_near(key: str, sentence: str) -> None:
    assert sentence in str(run(f"{key}=x").exception)


def test_a_type_of_any_length_is_left_out(tmp_path: Path) -> None:
    kind = f"Microsoft.{'a' * 100_000}/b"
    for name, content in (("n.txt", f"{kind}=x\n"), ("n.json", json.dumps([{"type": kind, "name": "x"}]))):
        (tmp_path / name).write_text(content, "utf-8")
        result = run(str(tmp_path / name))
        assert result.exit_code == 0, result.exception
        assert "left out, since no rule is known for" in result.stderr
    assert isinstance(run(f"{kind}=x").exception, NamingError)


def test_what_is_said_of_a_name_of_100_000_characters_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "naming.toml").write_text("")
    names = tmp_path / "names.txt"
    names.write_text("".join(f"kv={piece * 50_000}\n" for piece in ("-1", "a-", "A1", "ab", "a-")))
    result = CliRunner().invoke(lint, [str(names), "--convention", str(tmp_path / "naming.toml")])
    assert {"NAM101", "NAM201", "NAM207", "NAM301"} <= set(re.findall(r"NAM\d+", result.stdout))
    assert max(map(len, result.stdout.splitlines())) < 500
    assert len(result.stdout.splitlines()) < 200


def test_an_environment_that_the_convention_lacks_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "naming.toml").write_text("")
    error = run("rg=rg-churn-dev-euw", "--convention", str(tmp_path / "naming.toml"), "--environment", "prd").exception
    assert isinstance(error, NamingError)
    assert str(error) == "--environment is 'prd', which naming.toml does not know: did you mean 'prod'?"


def test_without_a_convention_nothing_that_reads_one_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from naming.lint.command import lint; lint(['kv=kv--churn'], standalone_mode=False); "
        "print([name for name in ('naming.parse', 'naming.convention', 'yaml', 'csv') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "library", "extra"),
    [(["infra", "check"], "pydantic", "infra"), (["local", "status"], "aiohttp", "local")],
)
def test_where_the_linter_alone_is_installed_other_commands_say_what_they_need(
    arguments: list[str], library: str, extra: str
) -> None:
    code = f"import sys; sys.modules[{library!r}] = None; import mlws; mlws.main()"
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    sentence = f"error: {library} is not installed: install mlws with its extra, mlws[{extra}]\n"
    assert (result.returncode, result.stderr) == (2, sentence)


def test_a_module_of_our_own_that_is_missing_is_a_defect_and_no_matter_of_extras() -> None:
    code = "import sys, mlws; sys.modules['naming.lint.command'] = None; mlws.main()"
    command = [sys.executable, "-c", code, "lint", "kv=kv-a"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" in result.stderr


@pytest.mark.parametrize("options", [["--output"], ["--write-baseline", "--baseline"]])
def test_a_source_is_never_written_over(tmp_path: Path, options: list[str]) -> None:
    names = tmp_path / "names.csv"
    names.write_text("type,name\nkv,kv--a\n")
    error = run(str(names), *options, str(tmp_path / "." / "names.csv")).exception
    assert isinstance(error, NamingError)
    assert "is a source, and would be written over: name another file." in str(error)
    assert names.read_text() == "type,name\nkv,kv--a\n"

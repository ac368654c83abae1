import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localazure.runner.errors import RunnerError
from localazure.runner.templating import render

PRINT = "import os, sys; sys.stdout.buffer.write(b'\\0'.join(map(os.fsencode, sys.argv[1:])))"
HOSTILE = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
    st.lists(
        st.sampled_from(
            [
                "'",
                '"',
                "\\",
                "$",
                "(",
                ")",
                "`",
                ";",
                "\n",
                " ",
                "$(touch pwned)",
                "${HOME}",
                "*",
                "#",
                "!",
                "a",
            ]
        ),
        max_size=12,
    ).map("".join),
)


def arguments(command: str, **inputs: str) -> list[str]:
    """What a real program is given when a real bash runs the rendered command."""
    line = render(command.replace("PRINT", f'{sys.executable} -c "$CODE"'), inputs, {})
    done = subprocess.run(
        ["bash", "-c", line], env={"CODE": PRINT, "PATH": "/usr/bin:/bin"}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8").split("\0")


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("PRINT ${{inputs.x}} end", "", ""),
        ("PRINT --x=${{inputs.x}} end", "--x=", ""),
        ("PRINT 'a ${{inputs.x}} b' end", "a ", " b"),
        ('PRINT "a ${{inputs.x}} $" end', "a ", " $"),
        ('PRINT "$(printf %s. "${{ inputs.x }}")" end', "", "."),
        ('PRINT "$(printf %s. ${{inputs.x}})" end # it\'s only a comment', "", "."),
        ("# it's a comment\nPRINT ${{inputs.x}} end", "", ""),
        ('(echo "it\'s" >&2); PRINT "don\\"t ${{inputs.x}}" end', 'don"t ', ""),
    ],
)
@settings(max_examples=12, deadline=None)
@given(value=HOSTILE)
def test_a_hostile_value_reaches_the_program_as_one_argument(command: str, before: str, after: str, value: str) -> None:
    assert arguments(command, x=value) == [before + value + after, "end"]


@pytest.mark.parametrize(
    "command",
    [
        "cat <<EOF\n${{inputs.x}}\nEOF",
        "echo `cat ${{inputs.x}}`",
        "echo $'${{inputs.x}}'",
        'echo "${A:-${{inputs.x}}}"',
        "echo \\${{inputs.x}}",
        'echo "$${{inputs.x}}"',
        "echo # ${{inputs.x}}",
    ],
)
def test_where_no_quoting_is_safe_a_special_value_is_refused(command: str) -> None:
    with pytest.raises(RunnerError, match="can't be quoted safely"):
        render(command, {"x": "(a b)'"}, {})


def test_a_plain_value_stays_readable_in_the_command() -> None:
    assert render("p ${{inputs.lr}} ${{outputs.m}}", {"lr": "0.1"}, {"m": "/jobs/a/m"}) == "p 0.1 /jobs/a/m"


def test_an_optional_block_is_dropped_only_when_an_input_in_it_is_missing() -> None:
    command = "p $[[--a ${{inputs.a}}]] $[[--b ${{inputs.b}} ${{ inputs.a }}]]"
    assert render(command, {"a": "1"}, {}).split() == ["p", "--a", "1"]
    assert render(command, {"a": "1", "b": "2"}, {}).split() == ["p", "--a", "1", "--b", "2", "1"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("p ${{inputs.dtaa}}", "write 'data'"),
        ("p ${{outputs.model}}", "the job has no outputs"),
        ("p ${{search_space.lr}}", "which means nothing here"),
    ],
)
def test_an_unknown_name_is_an_error_that_says_what_to_write(command: str, sentence: str) -> None:
    with pytest.raises(RunnerError, match=sentence):
        render(command, {"data": "d", "zzz": "1"}, {})


def test_a_value_is_never_read_as_a_template_again() -> None:
    assert arguments("PRINT ${{inputs.x}} $[[${{inputs.y}}]]", x="${{inputs.y}} $[[z]]", y="2") == [
        "${{inputs.y}} $[[z]]",
        "2",
    ]


def test_a_nul_character_is_refused() -> None:
    with pytest.raises(RunnerError, match="NUL"):
        render("p ${{inputs.x}}", {"x": "a\0b"}, {})

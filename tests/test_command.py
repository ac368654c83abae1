"""What `mlws` prints before any room is asked."""

import sys

import pytest

import mlws


@pytest.mark.parametrize("command", [[], ["infra"], ["cost"], ["local"]])
def test_a_command_with_nothing_after_it_prints_its_help(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mlws", *command])

    with pytest.raises(SystemExit) as ended:
        mlws.main()

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith(" ".join(["Usage: mlws", *command]))
    assert "error:" not in said

from pathlib import Path

import pytest

from tests.tools.fakes import executable
from tools.setup.versions import Version, parse_version, version_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("go version go1.26.3 linux/amd64", Version(1, 26, 3)),
        ("v20.20.2\n", Version(20, 20, 2)),
        ("v3.251.0-alpha.1+dirty", Version(3, 251, 0)),
        ("go1.25", Version(1, 25, 0)),
        ("", None),
        ("unknown", None),
    ],
)
def test_the_first_version_in_a_text_is_read(text: str, expected: Version | None) -> None:
    assert parse_version(text) == expected


def test_versions_are_ordered_by_number_and_not_by_letter() -> None:
    assert Version(3, 250) > Version(3, 99, 9)


def test_an_executable_that_fails_has_no_version(tmp_path: Path) -> None:
    assert version_of(executable(tmp_path, "pulumi", "v3.250.0", status=1), "version") is None


def test_an_executable_that_is_not_there_has_no_version(tmp_path: Path) -> None:
    assert version_of(tmp_path / "pulumi", "version") is None

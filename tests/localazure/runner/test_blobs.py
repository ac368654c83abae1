from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.runner.blobs import local_path
from localazure.runner.errors import RunnerError

TARGET = Path("/jobs/a/inputs/data")


@pytest.mark.parametrize(
    ("name", "prefix", "kind", "expected"),
    [
        ("data/train", "data/train", "uri_file", "train"),
        ("data/train", "data/train", "custom_model", "train"),
        ("data/train", "data/train", "uri_folder", None),
        ("data/train/a.csv", "data/train", "uri_folder", "a.csv"),
        ("data/train/x/a.csv", "data/train", "mltable", "x/a.csv"),
        ("data/train2/a.csv", "data/train", "uri_folder", None),
        ("data/train2", "data/train", "uri_file", None),
        ("data/train/a.csv", "data/train", "uri_file", None),
        ("data/train/", "data/train", "uri_folder", None),
        ("a/b", "", "uri_folder", "a/b"),
    ],
)
def test_a_prefix_takes_exactly_what_is_below_it(name: str, prefix: str, kind: str, expected: str | None) -> None:
    assert local_path(name, prefix, kind, TARGET) == (None if expected is None else TARGET / expected)


@pytest.mark.parametrize("name", ["d/../../etc/passwd", "d//x", "d/./x", "d/a\\..\\x", "d/..", "d/a/../b"])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(RunnerError, match="is refused"):
        local_path(name, "d", "uri_folder", TARGET)


@given(st.lists(st.sampled_from(["a", "..", ".", "", "/", "b", "\\"]), max_size=6).map("/".join))
def test_no_name_is_ever_written_outside_its_folder(name: str) -> None:
    try:
        path = local_path(name, "", "uri_folder", TARGET)
    except RunnerError:
        return
    assert path is None or TARGET in path.resolve().parents

from pathlib import Path

import pytest

from tools.setup import stamp


def test_a_folder_is_current_only_for_the_inputs_it_was_made_from(tmp_path: Path) -> None:
    stamp.make_folder(tmp_path / "tool", "one", lambda _target: {"from": "PATH"})
    assert stamp.is_current(tmp_path / "tool", "one")
    assert not stamp.is_current(tmp_path / "tool", "two")
    assert stamp.read_stamp(tmp_path / "tool")["from"] == "PATH"


def test_a_failed_making_leaves_the_earlier_folder_as_it_was(tmp_path: Path) -> None:
    def fine(target: Path) -> None:
        (target / "binary").write_text("old")

    def failing(target: Path) -> None:
        (target / "binary").write_text("half")
        raise OSError("disk full")

    stamp.make_folder(tmp_path / "tool", "one", fine)
    with pytest.raises(OSError, match="disk full"):
        stamp.make_folder(tmp_path / "tool", "two", failing)
    assert (tmp_path / "tool" / "binary").read_text() == "old"
    assert stamp.is_current(tmp_path / "tool", "one")
    assert [one.name for one in tmp_path.iterdir()] == ["tool"]


def test_what_an_interrupted_making_left_does_not_reach_the_next(tmp_path: Path) -> None:
    (tmp_path / ".tool.new").mkdir()
    (tmp_path / ".tool.new" / "half").touch()
    stamp.make_folder(tmp_path / "tool", "one", lambda _target: None)
    assert not (tmp_path / "tool" / "half").exists()


def test_a_damaged_stamp_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / stamp.STAMP).write_text("{")
    assert not stamp.is_current(tmp_path, "one")


def test_digest_tells_where_one_file_ends_and_the_next_begins(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("ab")
    two.write_text("c")
    before = stamp.digest([one, two])
    one.write_text("a")
    two.write_text("bc")
    assert stamp.digest([one, two]) != before


def test_a_link_replaces_a_file_and_a_dangling_link(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    for earlier in (tmp_path / "file", tmp_path / "dangling"):
        earlier.touch() if earlier.name == "file" else earlier.symlink_to(tmp_path / "nowhere")
        stamp.link(earlier, target)
        assert earlier.resolve() == target

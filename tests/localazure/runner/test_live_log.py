"""Against a blob that keeps blocks as Azure does; the real one is met in the acceptance tests."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from localazure.runner.live_log import LogTail


class Blocks:
    """A block blob: what is staged counts once it is committed; an id staged again replaces the former."""

    def __init__(self) -> None:
        self.staged: dict[str, bytes] = {}
        self.content = b""
        self.sent = 0

    def stage(self, block_id: str, data: bytes) -> None:
        self.staged[block_id] = data
        self.sent += len(data)

    def commit(self, block_ids: list[str]) -> None:
        assert len({len(name) for name in block_ids}) <= 1
        self.content = b"".join(self.staged[name] for name in block_ids)


@given(st.lists(st.binary(max_size=25), max_size=12))
def test_the_blob_is_the_file_after_every_push_and_costs_little_more(
    tmp_path_factory: "object", pieces: list[bytes]
) -> None:
    path = Path(tmp_path_factory.mktemp("log")) / "log"  # type: ignore[attr-defined]
    path.touch()
    blob = Blocks()
    tail = LogTail(path, blob, block_bytes=8)
    for piece in pieces:
        with path.open("ab") as file:
            file.write(piece)
        tail.push()
        assert blob.content == path.read_bytes()
    assert blob.sent <= path.stat().st_size + 8 * len(pieces)


def test_a_push_without_news_sends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"abc")
    blob = Blocks()
    tail = LogTail(path, blob)
    tail.push()
    tail.push()
    assert blob.sent == 3

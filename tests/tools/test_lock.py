import threading
from pathlib import Path

from tests.tools.fakes import listening
from tools.setup.lock import only_one


def test_a_second_set_up_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    order: list[str] = []
    reporter, said = listening()

    def second() -> None:
        with only_one(tmp_path / ".lock", reporter):
            order.append("second")

    with only_one(tmp_path / ".lock", reporter):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
    assert "waiting" in said.getvalue()

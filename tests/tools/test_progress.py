from io import StringIO

from tools.setup.progress import PLAIN_EVERY_SECONDS, Reporter, Ticker


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_away_from_a_terminal_a_line_comes_now_and_then() -> None:
    said, clock = StringIO(), Clock()
    ticker = Ticker(Reporter(stream=said), "building pulumi", clock)
    for second in range(int(PLAIN_EVERY_SECONDS) * 2 + 1):
        clock.now = second
        ticker.tick("7 packages")
    ticker.done()
    assert said.getvalue().splitlines() == [
        "  ... building pulumi (15 s, 7 packages)",
        "  ... building pulumi (30 s, 7 packages)",
        "  building pulumi: 30 s",
    ]


def test_on_a_terminal_one_line_lives() -> None:
    said = Terminal()
    ticker = Ticker(Reporter(stream=said), "building pulumi", Clock())
    ticker.tick("")
    ticker.tick("")
    assert "\n" not in said.getvalue()
    assert said.getvalue().count("building pulumi (0 s)") == 2


def test_quiet_says_nothing_even_on_a_terminal() -> None:
    said = Terminal()
    ticker = Ticker(Reporter(quiet=True, stream=said), "building pulumi", Clock())
    ticker.tick("")
    ticker.done()
    assert said.getvalue() == ""

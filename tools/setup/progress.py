"""Tells a person what set-up is doing: a live line on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

PLAIN_EVERY_SECONDS = 15.0
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_CLEAR_LINE = "\r\033[K"


@dataclass
class Reporter:
    """Where progress goes. `quiet` keeps errors only."""

    quiet: bool = False
    stream: TextIO = field(default_factory=lambda: sys.stderr)

    @property
    def live(self) -> bool:
        """Whether a line may be drawn over."""
        return self.stream.isatty() and not self.quiet

    def say(self, line: str) -> None:
        """One line that stays."""
        if not self.quiet:
            print(line, file=self.stream, flush=True)

    def draw(self, line: str) -> None:
        """A line that the next one replaces. Only where `live`."""
        self.stream.write(f"{_CLEAR_LINE}{line}")
        self.stream.flush()

    def clear(self) -> None:
        """Take the drawn line away."""
        if self.live:
            self.stream.write(_CLEAR_LINE)
            self.stream.flush()


class Ticker:
    """One stage's progress. Call it as often as you like: it decides when there is something to show."""

    def __init__(self, reporter: Reporter, stage: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._reporter = reporter
        self._stage = stage
        self._clock = clock
        self._started = clock()
        self._next_plain_line = self._started + PLAIN_EVERY_SECONDS
        self._frame = 0

    @property
    def elapsed(self) -> int:
        """Whole seconds since the stage began."""
        return int(self._clock() - self._started)

    def tick(self, detail: str) -> None:
        """Show that the stage still runs; `detail` is how far it is, or ""."""
        line = f"{self._stage} ({self.elapsed} s{', ' if detail else ''}{detail})"
        if self._reporter.live:
            self._frame += 1
            self._reporter.draw(f"  {_SPINNER[self._frame % len(_SPINNER)]} {line}")
        elif self._clock() >= self._next_plain_line:
            self._next_plain_line = self._clock() + PLAIN_EVERY_SECONDS
            self._reporter.say(f"  ... {line}")

    def done(self) -> None:
        """The stage is over: one line that stays."""
        self._reporter.clear()
        self._reporter.say(f"  {self._stage}: {self.elapsed} s")

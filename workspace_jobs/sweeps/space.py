"""What a parameter of a sweep may be: one of some values, or drawn from a distribution."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

Value = int | float | str | bool


@dataclass(frozen=True)
class Choice:
    """One of the values."""

    values: tuple[Value, ...]

    def draw(self, random: Random) -> Value:
        """One of them, each as likely."""
        return random.choice(self.values)


@dataclass(frozen=True)
class Uniform:
    """Any number from `low` to `high`, in steps of `step` from zero where that is not 0."""

    low: float
    high: float
    step: float = 0.0

    def draw(self, random: Random) -> Value:
        """Each number as likely."""
        drawn = random.uniform(self.low, self.high)
        return round(drawn / self.step) * self.step if self.step else drawn


@dataclass(frozen=True)
class LogUniform:
    """Any positive number from `low` to `high`."""

    low: float
    high: float

    def draw(self, random: Random) -> Value:
        """Each order of magnitude as likely."""
        return math.exp(random.uniform(math.log(self.low), math.log(self.high)))


Dimension = Choice | Uniform | LogUniform
Space = Mapping[str, Dimension]
Parameters = Mapping[str, Value]


def read_value(dimension: Dimension, text: str) -> Value:
    """The value that was logged as `text`."""
    if isinstance(dimension, Choice):
        return next((value for value in dimension.values if str(value) == text), text)
    return float(text)

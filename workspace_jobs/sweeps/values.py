"""Reads what the command line says of a parameter: `0.1,1,10`, `0:1:0.1`, `logspace(-5,1,30)`, `uniform(0,1)`."""

import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.sweeps.space import Choice, Dimension, LogUniform, Uniform, Value

# More values of one parameter than anybody means to try.
MOST_VALUES = 1_000_000
_FLOAT_ERROR = Decimal("1e-9")
_CALL = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL)


def parse_dimension(text: str, where: str) -> Dimension:
    """What `text` stands for; `where` says whose it is, as "--grid alpha". Raises JobsError."""
    call = parse_call(text)
    if call is not None:
        return _called(*call, f"{where}={text}")
    if text.count(":") and "," not in text:
        return Choice(_range(text.split(":"), f"{where}={text}"))
    return _choice(_split(text), f"{where}={text}")


def parse_value(text: str) -> Value:
    """A number or true/false where the text is one, else the text; quotes keep it a text."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        # Who writes nan means the word.
        return text if math.isnan(number) else number
    return text


def parse_call(text: str) -> tuple[str, list[str]] | None:
    """The name and the arguments of `name(one,two)`; None where the text is none."""
    call = _CALL.fullmatch(text)
    return None if call is None else (call[1], _split(call[2]))


def text_of_value(value: Value) -> str:
    """The value as a script gets it and MLflow keeps it."""
    return str(value)


def _called(name: str, arguments: Sequence[str], where: str) -> Dimension:
    if name not in _FUNCTIONS:
        raise JobsError(f"{where}: there is no {name}(...): {nearest(name, _FUNCTIONS)}")
    return _FUNCTIONS[name](arguments, where)


def _split(text: str) -> list[str]:
    """Split at commas outside quotes."""
    return [part.strip() for part in re.findall(r"(?:'[^']*'|\"[^\"]*\"|[^,'\"]|['\"])+|(?<=,)(?=,|$)|^$", text)]


def _choice(texts: Sequence[str], where: str) -> Choice:
    if not all(texts) or not texts:
        raise JobsError(f"{where}: a value is empty: write values with commas between, as 0.1,1,10")
    values = tuple(parse_value(text) for text in texts)
    if len(set(map(text_of_value, values))) < len(values):
        raise JobsError(f"{where}: a value is there twice: leave one out")
    return Choice(values)


def _range(parts: Sequence[str], where: str) -> tuple[Value, ...]:
    """From start to stop, both included, in exact decimal steps."""
    wanted = 3
    if len(parts) != wanted:
        raise JobsError(f"{where}: write a range as start:stop:step, as 0:1:0.1")
    try:
        start, stop, step = (Decimal(part.strip()) for part in parts)
    except InvalidOperation:
        raise JobsError(f"{where}: a range is of numbers: write start:stop:step, as 0:1:0.1") from None
    if not all(number.is_finite() for number in (start, stop, step)) or step == 0 or (stop - start) / step < 0:
        raise JobsError(f"{where}: no step leads from {start} to {stop}: write a step that does, as 0:1:0.1")
    # A stop that was computed may miss the last step by the width of a float.
    count = _count(int((stop - start) / step + _FLOAT_ERROR) + 1, where)
    numbers = [start + step * number for number in range(count)]
    whole = all(number == number.to_integral_value() for number in (start, step))
    return tuple(int(number) if whole else float(number) for number in numbers)


def _linspace(arguments: Sequence[str], where: str) -> Dimension:
    low, high, count = _numbers(arguments, ("from", "to", "count"), where)
    return Choice(tuple(_spaced(low, high, _count(count, where))))


def _logspace(arguments: Sequence[str], where: str) -> Dimension:
    low, high, count = _numbers(arguments, ("exponent", "exponent", "count"), where)
    return Choice(tuple(_power(exponent, where) for exponent in _spaced(low, high, _count(count, where))))


def _uniform(arguments: Sequence[str], where: str) -> Dimension:
    low, high = _numbers(arguments, ("low", "high"), where)
    return Uniform(*_ordered(low, high, where))


def _loguniform(arguments: Sequence[str], where: str) -> Dimension:
    low, high = _numbers(arguments, ("low", "high"), where)
    if low <= 0:
        raise JobsError(f"{where}: only positive numbers have orders of magnitude: write loguniform(1e-5,10)")
    return LogUniform(*_ordered(low, high, where))


_FUNCTIONS: dict[str, Callable[[Sequence[str], str], Dimension]] = {
    "linspace": _linspace,
    "logspace": _logspace,
    "uniform": _uniform,
    "loguniform": _loguniform,
    "choice": _choice,
}


def _spaced(low: float, high: float, count: int) -> list[float]:
    if count == 1:
        return [low]
    return [low + (high - low) * number / (count - 1) for number in range(count)]


def _numbers(arguments: Sequence[str], names: Sequence[str], where: str) -> list[float]:
    try:
        numbers = [float(one) for one in arguments]
    except ValueError:
        numbers = []
    if len(numbers) != len(names) or not all(map(math.isfinite, numbers)):
        raise JobsError(f"{where}: write {len(names)} numbers, as ({', '.join(names)})")
    return numbers


def _power(exponent: float, where: str) -> float:
    try:
        return math.pow(10.0, exponent)
    except OverflowError:
        raise JobsError(f"{where}: 10 to the power of {exponent:g} is no number that fits: write exponents") from None


def _count(count: float, where: str) -> int:
    if count != int(count) or not 1 <= count <= MOST_VALUES:
        raise JobsError(f"{where}: {count:g} values: write a whole number from 1 to {MOST_VALUES:,}")
    return int(count)


def _ordered(low: float, high: float, where: str) -> tuple[float, float]:
    if low >= high:
        raise JobsError(f"{where}: {low:g} is not below {high:g}: write the lower one first")
    return low, high

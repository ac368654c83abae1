"""The sentences for values that a setting cannot have: what was written, what may be, and the nearest of that."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from infra.settings.locations import Place
from naming.errors import nearest

_LONGEST_SHOWN = 60
_HEX_DIGITS_OF_A_UUID = 32
_YES, _NO = ("true", "yes", "on", "y"), ("false", "no", "off", "n")


def wrong_value(place: Place, detail: ErrorDetails) -> str:
    """The sentence for a value that Pydantic refused, without the key before it and without a word of Pydantic's."""
    value = detail["input"]
    if value in (None, ""):
        return f"it is empty; write {_what_fits(place)}"
    if place.choices:
        return f"{shown(value)} is not possible; write {one_of(value, place.choices)}"
    sentence = next((make for start, make in _SENTENCES.items() if detail["type"].startswith(start)), _impossible)
    return sentence(place, value)


def wrong_name(place: Place, name: object) -> str:
    """The sentence for a name of the user's own that cannot be, in a setting that holds something by such names."""
    meant = _meant(_fitting(str(name), place.limit("pattern")))
    said = f"the name {shown(name)} is not possible; write another{meant}"
    return f"{place.key}: {said}, for the setting is: {place.meaning}"


def shown(value: object) -> str:
    """A value as it is quoted in a sentence: what it is, where it is no text, and not more of it than one can read."""
    text = str(value) if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    cut = f"{text[:_LONGEST_SHOWN]}…" if len(text) > _LONGEST_SHOWN else text
    return f"'{cut}'"


def one_of(value: object, known: Sequence[str]) -> str:
    """The choices, with the nearest one to `value`."""
    near = nearest(str(value), known)
    choice = f"{', '.join(known[:-1])} or {known[-1]}" if len(known) > 1 else known[0]
    return f"{choice}{_meant(near)}"


def _what_fits(place: Place) -> str:
    if place.is_mapping:
        return "keys and values below it, or `{}` for its defaults"
    return " or ".join(place.choices) or place.meaning


def _impossible(place: Place, value: object) -> str:
    return f"{shown(value)} is not possible; write {place.meaning}"


def _no_mapping(_: Place, value: object) -> str:
    return f"{shown(value)} is not a mapping; write keys and values below it"


def _no_list(place: Place, value: object) -> str:
    return f"{shown(value)} is not a list; write {place.meaning}, as in [{value if _is_plain(value) else 'one'}]"


def _no_uuid(place: Place, value: object) -> str:
    return f"{shown(value)} is not a UUID; write {place.meaning}{_meant(_nearest_uuid(value))}"


def _no_truth(_: Place, value: object) -> str:
    return f"{shown(value)} is neither true nor false; write one of the two{_meant(_nearest_truth(value))}"


def _wrong_number(place: Place, value: object) -> str:
    least, most = _bounds(place)
    number = _number(value)
    if number is None:
        return f"{shown(value)} is not a whole number; write {_range(least, most)} ({place.meaning})"
    nearest = round(number)
    nearest = nearest if least is None else max(nearest, least)
    nearest = nearest if most is None else min(nearest, most)
    return f"{shown(value)} is not possible; write {_range(least, most)}, the nearest is {nearest} ({place.meaning})"


def _bounds(place: Place) -> tuple[int | None, int | None]:
    least = place.limit("ge")
    above = place.limit("gt")
    most = place.limit("le")
    return (above + 1 if least is None and above is not None else least), most


def _range(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return "a number"
    if most is None:
        return f"{least} or more"
    return f"{most} or less" if least is None else f"{least} to {most}"


def _number(value: object) -> float | None:
    try:
        return None if isinstance(value, bool) else float(str(value).strip().replace(" ", "").replace("_", ""))
    except ValueError:
        return None


def _wrong_length(place: Place, value: object) -> str:
    least, most = place.limit("min_length"), place.limit("max_length")
    count = len(value) if isinstance(value, list | tuple | Mapping) else 0
    return f"{count} are given; write {_range(least, most)} of them ({place.meaning})"


def _wrong_text(place: Place, value: object) -> str:
    least, most = place.limit("min_length"), place.limit("max_length")
    if isinstance(value, Mapping | list | tuple):
        held = "a mapping" if isinstance(value, Mapping) else "a list"
        one = next(iter(value), None) if not isinstance(value, Mapping) else None
        return f"{shown(value)} is {held}; write one text{_meant(one if _is_plain(one) else None)}"
    if isinstance(value, bool):
        return f"{shown(value)} is no text; write it in quotes"
    text = str(value)
    if (most is not None and len(text) > most) or (least is not None and len(text) < least):
        return f"{shown(value)} has {len(text)} characters; write {_range(least, most)} of them ({place.meaning})"
    return f"{shown(value)} is not possible; write {place.meaning}{_meant(_fitting(text, place.limit('pattern')))}"


def _fitting(text: str, pattern: str | None) -> str | None:
    """The nearest text that a pattern takes: in lower case, with hyphens for what it refuses, cut where too long."""
    lowered = text.strip().lower()
    hyphenated = re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9-]+", "-", lowered)).strip("-")
    for candidate in (text.strip(), lowered, hyphenated, hyphenated.replace("-", ""), hyphenated[:63].strip("-")):
        if pattern is not None and candidate and re.match(pattern, candidate):
            return candidate
    return None


def _nearest_uuid(value: object) -> str | None:
    digits = re.sub(r"[^0-9a-f]", "", str(value).lower())
    if len(digits) != _HEX_DIGITS_OF_A_UUID or not isinstance(value, str):
        return None
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def _nearest_truth(value: object) -> str | None:
    said = str(value).strip().lower()
    near = get_close_matches(said, [*_YES, *_NO], n=1)
    return None if not near else "true" if near[0] in _YES else "false"


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _meant(nearest: Any) -> str:  # noqa: ANN401 - a value of any setting
    return "" if nearest is None else f" (did you mean '{nearest}'?)"


# By the beginning of Pydantic's name for the mistake: https://docs.pydantic.dev/latest/errors/validation_errors/
_SENTENCES: Mapping[str, Callable[[Place, object], str]] = {
    "uuid": _no_uuid,
    "bool": _no_truth,
    "int": _wrong_number,
    "float": _wrong_number,
    "greater": _wrong_number,
    "less": _wrong_number,
    "finite": _wrong_number,
    "too_": _wrong_length,
    "model": _no_mapping,
    "dict": _no_mapping,
    "list": _no_list,
    "tuple": _no_list,
    "string": _wrong_text,
}

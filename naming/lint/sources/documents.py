"""Text and JSON from bytes that anybody may have written: either it is read, or a sentence says why not."""

import codecs
import json
from dataclasses import dataclass, field
from typing import Any

from naming.errors import NamingError

# After so many strings that can't be found again, lines are no longer looked for: a search costs the whole text.
_MISSES = 50
_SHOWN = 40
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))


@dataclass
class Document:
    """A JSON file: its value, and the lines that its strings stand in."""

    value: Any
    text: str = field(repr=False)
    _position: int = 0
    _line: int = 1
    _misses: int = 0

    def line_of(self, string: str) -> int | None:
        """Return the line of the next occurrence of a JSON string, None when it isn't found.

        Readers ask in the order of the file, so the whole text is walked once.
        """
        if self._misses >= _MISSES:
            return None
        found = self.text.find(json.dumps(string, ensure_ascii=False), self._position)
        if found < 0:
            self._misses += 1
            return None
        self._line += self.text.count("\n", self._position, found)
        self._position = found
        return self._line


def decode(data: bytes, file: str) -> str:
    """Return the text of UTF-8, or of UTF-16 with a byte order mark, as PowerShell writes it.

    Raises:
        NamingError: it is neither.
    """
    try:
        return data.decode(encoding_of(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NamingError(f"{file}:{line}: the file is not UTF-8: save it as UTF-8.") from error


def encoding_of(head: bytes) -> str:
    """Return the encoding that the first bytes of a file announce, UTF-8 where they announce none."""
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8")


def document(data: bytes, file: str) -> Document:
    """Return the JSON document in `data`.

    Raises:
        NamingError: it is no JSON, no UTF-8, or nested deeper than anything that Azure or Pulumi writes.
    """
    text = decode(data, file)
    try:
        return Document(json.loads(text), text)
    except json.JSONDecodeError as error:
        raise NamingError(f"{file}:{error.lineno}: the file is no JSON: {error.msg.lower()}.") from error
    except RecursionError as error:
        raise NamingError(f"{file}: the JSON is nested too deeply: write the file anew.") from error
    except ValueError as error:
        raise NamingError(f"{file}: the JSON has a number with too many digits: write the file anew.") from error


def value_under(value: object, key: str) -> Any:  # noqa: ANN401 - whatever JSON there is
    """Return what is under `key` of what should be an object, None where there is nothing."""
    return value.get(key) if isinstance(value, dict) else None


def text_of(value: object, key: str) -> str:
    """Return the string under `key` of what should be an object, empty where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def object_of(value: object, key: str) -> dict[str, Any]:
    """Return the object under `key` of what should be an object, empty where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def list_of(value: object, key: str) -> list[Any]:
    """Return the list under `key` of what should be an object, empty where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def object_in(value: dict[str, Any], key: str, file: str) -> dict[str, Any]:
    """Return the object under `key`, empty where there is none.

    Raises:
        NamingError: there is something else, so that the file is not what it looks like.
    """
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _wrong(file, key, found, "an object")
    return found


def objects_in(value: dict[str, Any], key: str, file: str) -> list[dict[str, Any]]:
    """Return the list of objects under `key`, empty where there is none.

    Raises:
        NamingError: there is something else, or something else is in the list.
    """
    found = value.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise _wrong(file, key, found, "a list")
    for position, item in enumerate(found):
        if not isinstance(item, dict):
            raise _wrong(file, f"{key}[{position}]", item, "an object")
    return found


def tags_of(value: object) -> dict[str, str] | None:
    """Return the tags of an ARM body: None where they are unknown, empty where there are none."""
    tags = value.get("tags") if isinstance(value, dict) else None
    if tags is None:
        return {}
    if not isinstance(tags, dict):
        return None
    return {name: content if isinstance(content, str) else "" for name, content in tags.items()}


def _wrong(file: str, key: str, found: object, wanted: str) -> NamingError:
    shown = json.dumps(found)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
    return NamingError(f"{file}: {key} is {shown} where {wanted} should be: write the file anew.")

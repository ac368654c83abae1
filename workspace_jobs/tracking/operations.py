"""What can happen to a run, as plain values: one tuple an operation, one line of JSON in a journal.

| kind | values |
|---|---|
| run | run id, name, user, start time, artifact URI, experiment id |
| create | run id of ours, experiment id, user, start time, name, tags as a list of pairs: a server is to make the run |
| info | run id, status, end time, name; each None where it stays |
| param | run id, key, value |
| metric | run id, key, value, timestamp, step, is NaN, model id, dataset's name, dataset's digest |
| tag | run id, key, value |
| model | model id, experiment id, name, artifact location, creation time, type, source run id |
| model_param, model_tag | model id, experiment id, key, value |
| model_status | model id, status, time |
| output | run id, model id, step, input id |
| dataset | experiment id, dataset id, name, digest, source type, source, schema, profile |
| dataset_input | run id, experiment id, dataset's name, dataset's digest, input id, tags as a list of pairs |
"""

import contextlib
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

# What MLflow writes for infinity, which SQL databases have not.
_LARGEST = 1.7976931348623157e308
# The kind, then values of JSON's own types.
Operation = tuple[Any, ...]

# Not escaped: text that UTF-8 can't say is refused here, before the call is answered, as sqlite would refuse it.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def storable(number: float) -> tuple[float, bool]:
    """Return a metric's value as databases keep it, and whether it is NaN."""
    value = float(number) + 0.0  # sqlite has no negative zero
    if math.isnan(value):
        return 0.0, True
    return (math.copysign(_LARGEST, value) if math.isinf(value) else value), False


def to_lines(operations: Iterable[Operation]) -> bytes:
    """Write operations as lines. Raises UnicodeEncodeError for text that no store can keep."""
    return "".join([_encode(operation) + "\n" for operation in operations]).encode()


def from_lines(content: bytes) -> Iterator[Operation]:
    """Read operations back; a line that was cut off, when the machine stopped in the middle of it, is none."""
    for line in content.split(b"\n"):
        with contextlib.suppress(ValueError):
            yield tuple(json.loads(line))

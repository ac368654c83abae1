"""Drift for people and programs: a table, and JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from infra.lifecycle.drift import Comparison, Drifted
from infra.lifecycle.table import aligned, shown


def lines(stack: str, compared: Comparison) -> Iterator[str]:
    """The table of what differs, and what to do about it."""
    if not compared.is_made:
        yield f"stack {stack}: nothing of it is in Azure; `pulumi up --stack {stack}` makes it"
        return
    found = compared.drifted
    if not found:
        yield f"stack {stack}: Azure has what the stack says"
        return
    gone = sum(one.is_gone for one in found)
    yield f"stack {stack}: {_counted(len(found) - gone, 'changed')}, {gone} gone"
    yield ""
    yield from aligned([("RESOURCE", "PROPERTY", "STACK SAYS", "AZURE HAS"), *_rows(found)])
    yield ""
    yield f"`pulumi up --refresh --stack {stack}` makes Azure as the stack says;"
    yield f"`pulumi refresh --stack {stack}` takes over what Azure has, and the next `pulumi up` changes it back."


def as_dict(stack: str, compared: Comparison) -> dict[str, Any]:
    """The same for a program, with whole values."""
    return {
        "stack": stack,
        "made": compared.is_made,
        "drift": [
            {
                "resource": one.name,
                "type": one.type,
                "id": one.id,
                "gone": one.is_gone,
                "properties": [
                    {"property": each.path, "stack": each.left, "azure": each.right} for each in one.properties
                ],
            }
            for one in compared.drifted
        ],
    }


def _rows(found: Sequence[Drifted]) -> Iterator[tuple[str, str, str, str]]:
    for one in found:
        if one.is_gone:
            yield one.name, "", "there", "gone"
        for each in one.properties:
            yield one.name, each.path, shown(each.left), shown(each.right)


def _counted(count: int, what: str) -> str:
    return f"{count} {'resource' if count == 1 else 'resources'} {what}"

"""What an adoption would do, for people and programs: what is taken over, how it differs, what is made beside it."""

from collections.abc import Iterator, Sequence
from typing import Any

from infra.lifecycle.adoption import Adopted, Adoption
from infra.lifecycle.table import aligned, shown


def lines(stack: str, adoption: Adoption) -> Iterator[str]:
    """The plan of an adoption."""
    adopted, created = adoption.adopted, adoption.created
    yield f"stack {stack}: {len(adopted)} resources exist that it lacks, {len(created)} would be created beside them"
    if adopted:
        yield ""
        yield from aligned(
            [("EXISTS", "TYPE", "DIFFERS"), *((one.name, _short(one.type), _verdict(one)) for one in adopted)]
        )
    rows = list(_rows(adopted))
    if rows:
        yield ""
        yield from aligned([("RESOURCE", "PROPERTY", "AZURE HAS", "THE PROGRAM SAYS"), *rows])
    if created:
        yield ""
        yield from aligned([("WOULD BE CREATED", "TYPE"), *((name, _short(type_)) for name, type_ in created)])
    for one in adopted:
        if one.is_lost:
            yield ""
            yield (
                f"{one.name} would be REPLACED by the next `pulumi up`, and what is in it would be lost, because of"
                f" {', '.join(one.replaced_for)}: make the stack file say what Azure has, or be sure"
            )


def as_dict(adoption: Adoption) -> dict[str, Any]:
    """The same for a program, with whole values."""
    return {
        "adopted": [
            {
                "resource": one.name,
                "type": one.type,
                "id": one.id,
                "lost": one.is_lost,
                "replacedFor": list(one.replaced_for),
                "properties": [
                    {"property": each.path, "azure": each.left, "program": each.right} for each in one.properties
                ],
            }
            for one in adoption.adopted
        ],
        "created": [{"resource": name, "type": type_} for name, type_ in adoption.created],
    }


def _rows(adopted: Sequence[Adopted]) -> Iterator[tuple[str, str, str, str]]:
    for one in adopted:
        for each in one.properties:
            yield one.name, each.path, shown(each.left), shown(each.right)


def _verdict(one: Adopted) -> str:
    if one.is_lost:
        return "would be replaced"
    if one.replaced_for:
        return "would be made anew"
    count = len(one.properties)
    return "no" if not count else f"in {count} {'property' if count == 1 else 'properties'}"


def _short(type_: str) -> str:
    return type_.removeprefix("azure-native:")

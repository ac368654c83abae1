"""What a path below management.azure.com names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.arm.ids import RESOURCE_GROUP, SUBSCRIPTION, ResourcePath

SEGMENT = st.text("abcXYZ019-_.", min_size=1, max_size=12).filter(lambda text: text.lower() != "providers")


@pytest.mark.parametrize(
    ("path", "kind", "names", "is_resource"),
    [
        ("/subscriptions/s", SUBSCRIPTION, ("s",), True),
        ("/subscriptions", SUBSCRIPTION, (), False),
        ("/subscriptions/s/resourcegroups/g", RESOURCE_GROUP, ("g",), True),
        ("/subscriptions/s/resourceGroups", RESOURCE_GROUP, (), False),
        ("/subscriptions/s/resourceGroups/g/providers/P/a/1/b/2", "P/a/b", ("1", "2"), True),
        ("/subscriptions/s/resourceGroups/g/providers/P/a/1/b", "P/a/b", ("1",), False),
        ("/subscriptions/s/providers/P/a", "P/a", (), False),
        ("/subscriptions/s/resourceGroups/g/providers/P/a/1/providers/Q/lock/l", "Q/lock", ("l",), True),
    ],
)
def test_a_path_is_a_resource_or_a_collection(path: str, kind: str, names: tuple[str, ...], is_resource: bool) -> None:
    parsed = ResourcePath.parse(path)
    assert parsed is not None
    assert (parsed.type, parsed.names, parsed.is_resource) == (kind, names, is_resource)


@pytest.mark.parametrize(
    "path", ["/", "/metadata/endpoints", "/subscriptions/s/whatever/x", "/subscriptions/s/providers"]
)
def test_what_is_neither_is_refused(path: str) -> None:
    assert ResourcePath.parse(path) is None


@given(st.lists(st.tuples(SEGMENT, SEGMENT), min_size=1, max_size=4), SEGMENT)
def test_every_part_of_a_provider_path_is_found_again(pairs: list[tuple[str, str]], group: str) -> None:
    tail = "/".join(part for pair in pairs for part in pair)
    parsed = ResourcePath.of(f"/subscriptions/s/resourcegroups/{group}/providers/P/{tail}/")
    assert parsed.type == "/".join(["P", *(kind for kind, _ in pairs)])
    assert parsed.names == tuple(name for _, name in pairs)
    assert parsed.resource_group == f"/subscriptions/s/resourceGroups/{group}"
    assert parsed.subscription == "s"
    expected = parsed.text.rsplit("/", 2)[0] if len(pairs) > 1 else parsed.resource_group
    assert parsed.parent == expected

"""Property values survive the way to the engine and back."""

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from localazure.pulumi_provider import wire
from localazure.pulumi_provider.errors import ProviderError
from localazure.pulumi_provider.property_values import UNKNOWN, Properties, Secret

SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.just(UNKNOWN),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text("abc.", max_size=5), inner, max_size=4), inner.map(Secret)
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.text("abcxyz", min_size=1, max_size=8), VALUES, max_size=6))
def test_what_is_written_is_what_is_read(properties: Properties) -> None:
    assert wire.read(Struct.FromString(wire.write(properties).SerializeToString())) == properties


@pytest.mark.parametrize("type_of_unknown", ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", wire.UNKNOWN_VALUE])
def test_every_unknown_of_the_engine_is_unknown(type_of_unknown: str) -> None:
    struct = Struct()
    struct.update({"a": type_of_unknown})

    assert wire.read(struct) == {"a": UNKNOWN}


def test_null_members_are_as_good_as_absent() -> None:
    struct = Struct()
    struct.update({"gone": None, "nested": {"gone": None, "kept": 1}})

    assert wire.read(struct) == {"nested": {"kept": 1}}
    assert wire.write({"gone": None, "kept": 1}) == wire.write({"kept": 1})


def test_an_asset_is_refused_with_a_sentence() -> None:
    struct = Struct()
    struct.update({"file": {wire.SIGNATURE_KEY: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}})

    with pytest.raises(ProviderError, match="no asset"):
        wire.read(struct)

"""Property values as the engine sends them: protobuf Structs with signatures for secrets and unknowns.

The signatures are fixed by Pulumi: sdk/go/common/resource/sig and sdk/go/common/resource/plugin/rpc.go.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value

from localazure.pulumi_provider.errors import ProviderError
from localazure.pulumi_provider.property_values import UNKNOWN, Properties, PropertyValue, Secret, Unknown

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - marks a secret, is none
UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The engine has one unknown for each type; to us, and in what we send, all are one.
_UNKNOWN_VALUES = frozenset(
    {
        UNKNOWN_VALUE,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


def read(struct: Struct) -> Properties:
    """The engine's Struct as a property map; null members are left out, as the engine does."""
    return {key: _read(value) for key, value in struct.fields.items() if not value.HasField("null_value")}


def write(properties: Mapping[str, Any]) -> Struct:
    """A property map as the engine's Struct."""
    fields = {key: _write(value) for key, value in properties.items() if value is not None}
    return Struct(fields=fields)


def _read(value: Value) -> PropertyValue:
    match value.WhichOneof("kind"):
        case "struct_value":
            return _read_object(value.struct_value)
        case "list_value":
            return [_read(item) for item in value.list_value.values]
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWN_VALUES else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _read_object(struct: Struct) -> PropertyValue:
    signature = struct.fields.get(SIGNATURE_KEY)
    if signature is None:
        return read(struct)
    if signature.string_value == SECRET_SIGNATURE:
        return Secret(_read(struct.fields["value"]))
    raise ProviderError("azure-native inputs hold texts, numbers, lists and objects; give no asset or resource here")


def _write(value: PropertyValue) -> Value:
    match value:
        case Unknown():
            return Value(string_value=UNKNOWN_VALUE)
        case Secret():
            fields = {SIGNATURE_KEY: Value(string_value=SECRET_SIGNATURE), "value": _write(value.value)}
            return Value(struct_value=Struct(fields=fields))
        case Mapping():
            return Value(struct_value=write(value))
        case list():
            return Value(list_value=ListValue(values=[_write(item) for item in value]))
        case _:
            return _write_scalar(value)


def _write_scalar(value: bool | float | str | None) -> Value:  # noqa: FBT001 - it is the value itself
    match value:
        case None:
            return Value(null_value=NULL_VALUE)
        case bool():
            return Value(bool_value=value)
        case str():
            return Value(string_value=value)
        case _:
            return Value(number_value=value)

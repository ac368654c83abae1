"""Between azure-native's shape (flat, its own spelling) and ARM's (an envelope around `properties`). Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from localazure.pulumi_provider.arm_path import SUBSCRIPTION
from localazure.pulumi_provider.catalogue import ResourceType
from localazure.pulumi_provider.property_values import (
    UNKNOWN,
    Path,
    Properties,
    PropertyValue,
    Secret,
    has_unknown,
    lookup,
    replaced,
    reveal,
    without,
)

# What stays outside of the properties of a resource that is part of another one.
_INNER_ENVELOPE = frozenset({"id", "name", "type", "etag"})


@dataclass(frozen=True)
class ArmRequest:
    """One HTTP request to ARM, without host, token and api-version's place in the URL."""

    method: str
    path: str
    api_version: str
    body: dict[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def resource_path(kind: ResourceType, inputs: Mapping[str, Any], subscription: str) -> str:
    """The ARM path of the resource that `inputs` describe; every path parameter must be known."""
    values = {name: str(reveal(inputs[name])) for name in kind.path.parameters}
    return kind.path.fill({SUBSCRIPTION: subscription, **values})


def with_kept(kind: ResourceType, inputs: Mapping[str, Any], current: Mapping[str, Any] | None) -> Properties:
    """The inputs; what they leave to others (a vault's access policies) is as in ARM's `current` answer."""
    result = dict(inputs)
    for path, default in kind.keep.items():
        if lookup(inputs, path) is None:
            value = default if current is None else lookup(_flat(kind, current), path)
            result = result if value is None else replaced(result, path, value)
    return result


def put_request(kind: ResourceType, inputs: Mapping[str, Any], path: str) -> ArmRequest:
    """The request that creates or updates the resource at `path`."""
    return ArmRequest("PUT", path, kind.api_version, _body(kind, inputs), _query(kind, inputs))


def outputs(kind: ResourceType, response: Mapping[str, Any], inputs: Mapping[str, Any]) -> Properties:
    """ARM's answer as azure-native's outputs; what is secret in `inputs` is secret in the outputs too."""
    flat = _flat(kind, response)
    for path, default in kind.keep.items():
        if lookup(inputs, path) is None and lookup(flat, path) is not None:
            flat = replaced(flat, path, default)
    return _with_secrets(kind, flat, inputs)


def function_result(kind: ResourceType, response: Mapping[str, Any]) -> Properties:
    """ARM's answer as the result of a `get` function such as keyvault:getVault."""
    return _with_secrets(kind, _flat(kind, response), {})


def preview_outputs(kind: ResourceType, inputs: Mapping[str, Any], olds: Mapping[str, Any]) -> Properties:
    """What the outputs will be, as far as it can be said before ARM was asked.

    Computed values inside an object that the program gives are unknown, unless `olds` (the outputs so far)
    has them; a top-level output that is left out counts as unknown to the engine.
    """
    result: Properties = dict(olds)
    for key, value in inputs.items():
        if key not in kind.identifying | kind.query:
            result[key] = _id_lists_to_maps(kind, value, (key,))
    for path in _computed_inside(kind):
        # Inside lists nothing is said: which element is which is Azure's to tell.
        around = lookup(result, path[:-1])
        if isinstance(around, list) or around is None:
            continue
        if (value := _computed(kind, path, inputs, olds)) is not None:
            result = replaced(result, path, value)
    for path in kind.write_only:
        result = without(result, path)
    result |= {"azureApiVersion": kind.api_version, "type": kind.arm_type}
    if kind.name_parameter:
        result["name"] = inputs[kind.name_parameter]
    return result


def inputs_from(kind: ResourceType, resource_id: str, state: Mapping[str, Any]) -> Properties:
    """The inputs that would give the outputs `state`: for import, and to see what drifted."""
    found: Properties = {key: value for key, value in kind.path.match(resource_id).items() if key != SUBSCRIPTION}
    return found | as_inputs(kind, state)


def as_inputs(kind: ResourceType, state: Mapping[str, Any]) -> Properties:
    """The outputs without what only Azure computes, in the spelling that inputs have."""
    result: Any = {key: value for key, value in state.items() if key != "id"}
    for path in kind.read_only:
        result = without(result, path)
    for key, names in kind.computed_below.items():
        for name in names:
            result = without(result, (key, name))
    for path in kind.id_maps:
        ids = lookup(result, path)
        if isinstance(ids, Mapping):
            result = replaced(result, path, sorted(ids))
    return dict(result)


def refreshed_inputs(
    kind: ResourceType, inputs: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Properties:
    """The inputs as Azure has them now: the program's, with the drift from outputs `before` to `after`.

    What the program never set is not adopted, apart from new keys of free-form maps such as tags.
    """
    then, now = reveal(as_inputs(kind, before)), reveal(as_inputs(kind, after))
    result = {key: _drifted(value, then.get(key), now.get(key)) for key, value in inputs.items()}
    for key in kind.maps & now.keys():
        added = {name: value for name, value in now[key].items() if name not in (then.get(key) or {})}
        if added:
            result[key] = {**(result.get(key) or {}), **added}
    return {key: value for key, value in result.items() if value is not None}


def _body(kind: ResourceType, inputs: Mapping[str, Any]) -> dict[str, Any]:
    envelope: dict[str, Any] = {}
    inside: dict[str, Any] = {}
    for key, value in inputs.items():
        if key in kind.identifying | kind.query:
            continue
        target = envelope if key in kind.envelope else inside
        target[_arm_name(kind, (key,))] = _to_arm(kind, reveal(value), (key,))
    return {**envelope, **({"properties": inside} if inside else {})}


def _query(kind: ResourceType, inputs: Mapping[str, Any]) -> dict[str, str]:
    given = {name: reveal(inputs[name]) for name in kind.query if name in inputs}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}


def _to_arm(kind: ResourceType, value: PropertyValue, path: Path) -> PropertyValue:
    if isinstance(value, list):
        if path in kind.id_maps:
            return {resource_id: {} for resource_id in value}
        return [_to_arm(kind, item, path) for item in value]
    if not isinstance(value, dict) or path[0] in kind.maps:
        return value
    members = {_arm_name(kind, (*path, key)): _to_arm(kind, item, (*path, key)) for key, item in value.items()}
    return _wrapped(members) if path in kind.flat else members


def _wrapped(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a resource inside another one, with the envelope that ARM puts around them."""
    outside = {key: value for key, value in members.items() if key in _INNER_ENVELOPE}
    inside = {key: value for key, value in members.items() if key not in _INNER_ENVELOPE}
    return {**outside, "properties": inside} if inside else outside


def _arm_name(kind: ResourceType, path: Path) -> str:
    return kind.rename.get(path, path[-1])


def _flat(kind: ResourceType, response: Mapping[str, Any]) -> Properties:
    """Envelope and properties on one level, in azure-native's spelling; the envelope wins a clash."""
    result = {} if kind.nested else _members_from_arm(kind, response.get("properties") or {}, ())
    for key, value in response.items():
        if (kind.nested or key != "properties") and value is not None:
            result[key] = _from_arm(kind, value, (key,))
    return {**result, "azureApiVersion": kind.api_version}


def _members_from_arm(kind: ResourceType, members: Mapping[str, Any], path: Path) -> dict[str, Any]:
    names = {name: key[-1] for key, name in kind.rename.items() if key[:-1] == path}
    result = {}
    for name, value in members.items():
        key = names.get(name, name)
        if value is not None:
            result[key] = _from_arm(kind, value, (*path, key))
    return result


def _from_arm(kind: ResourceType, value: PropertyValue, path: Path) -> PropertyValue:
    if isinstance(value, list):
        return [_from_arm(kind, item, path) for item in value]
    if not isinstance(value, dict) or path[0] in kind.maps:
        return value
    if path in kind.flat:
        value = {**(value.get("properties") or {}), **{key: item for key, item in value.items() if key != "properties"}}
    return _members_from_arm(kind, value, path)


def _with_secrets(kind: ResourceType, state: Properties, inputs: Mapping[str, Any]) -> Properties:
    for path in kind.secret:
        value = lookup(state, path)
        if value is not None:
            state = replaced(state, path, Secret(value))
    return {key: _as_secret_as(inputs.get(key), value) for key, value in state.items()}


def _as_secret_as(given: PropertyValue, value: PropertyValue) -> PropertyValue:
    match given, value:
        case Secret(), Secret():
            return value
        case Secret(), _:
            return Secret(value)
        case dict(), dict():
            return {key: _as_secret_as(given.get(key), item) for key, item in value.items()}
        case list(), list() if given != reveal(given):
            return Secret(value)
        case _:
            return value


def _id_lists_to_maps(kind: ResourceType, value: PropertyValue, path: Path) -> PropertyValue:
    if path in kind.id_maps and isinstance(value, list):
        return UNKNOWN if has_unknown(value) else dict.fromkeys(reveal(value), UNKNOWN)
    if isinstance(value, dict):
        return {key: _id_lists_to_maps(kind, item, (*path, key)) for key, item in value.items()}
    return value


def _computed_inside(kind: ResourceType) -> Iterator[Path]:
    yield from (path for path in kind.read_only if len(path) > 1)
    yield from ((key, name) for key, names in kind.computed_below.items() for name in names)


def _computed(kind: ResourceType, path: Path, inputs: Mapping[str, Any], olds: Mapping[str, Any]) -> PropertyValue:
    """The value so far; None when there was none and what it is computed from stays as it is."""
    value, around = lookup(olds, path), path[:-1]
    if value is not None:
        return value
    unchanged = reveal(lookup(as_inputs(kind, olds), around)) == reveal(lookup(inputs, around))
    return None if unchanged else UNKNOWN


def _drifted(given: PropertyValue, then: PropertyValue, now: PropertyValue) -> PropertyValue:
    """`given` with the change from `then` to `now`; None when it is gone."""
    if then == now:
        return given
    if isinstance(given, Secret):
        drifted = _drifted(given.value, then, now)
        return None if drifted is None else Secret(drifted)
    if isinstance(given, dict) and isinstance(now, dict):
        old = then if isinstance(then, dict) else {}
        members = {key: _drifted(value, old.get(key), now.get(key)) for key, value in given.items()}
        return {key: value for key, value in members.items() if value is not None}
    return now

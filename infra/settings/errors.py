"""The sentences for mistakes in a stack's settings: file, key, value, and what to write instead."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from infra.errors import SettingsError


def wrong_settings(error: ValidationError, model: type[BaseModel], source: str) -> SettingsError:
    """The sentence for the first mistake that Pydantic found; a misspelled key first, for it explains the rest."""
    details = sorted(error.errors(include_url=False), key=lambda detail: detail["type"] != "extra_forbidden")
    return SettingsError(f"{source}: {_sentence(details[0], model)}")


def unknown_key(key: str, source: str, known: Sequence[str], instead: str | None = None) -> SettingsError:
    """A key that is no setting; `instead` is the key that it should have been, if that is certain."""
    return SettingsError(f"{source}: '{key}' is not a setting; {_instead(key, known, instead)}")


def without_namespace(key: str, source: str, known: Sequence[str]) -> SettingsError:
    """A key with no `mlws:` before it, which Pulumi would take for something else."""
    return SettingsError(f"{source}: '{key}' has no namespace; {_instead(f'mlws:{key}', known)}")


def not_json(key: str, value: str, source: str) -> SettingsError:
    """A value that begins like an object or a list and is none."""
    return SettingsError(f"{source}: {key} holds '{value}', which is not valid JSON; write it as YAML in the file")


def missing_region(source: str, present: Iterable[str]) -> SettingsError:
    """No region was given."""
    near = get_close_matches("azure-native:location", list(present), n=1, cutoff=0.8)
    found = f" (there is '{near[0]}')" if near else ""
    return SettingsError(
        f"{source}: azure-native:location is missing{found}; write the region, as in"
        " `azure-native:location: westeurope`"
    )


def unknown_environment(value: object, source: str, stack: str, known: Sequence[str]) -> SettingsError:
    """The environment, which by default is the stack's name, is none of ours."""
    origin = f"the stack's name '{value}'" if value == stack else f"mlws:environment: '{value}'"
    return SettingsError(f"{source}: {origin} is not an environment; set mlws:environment to {_one_of(value, known)}")


def unknown_region(value: str, source: str, known: Sequence[str]) -> SettingsError:
    """The region is not one that names can be made for."""
    near = get_close_matches(value.lower().replace(" ", "").replace("-", ""), known, n=1, cutoff=0.6)
    instead = f"did you mean '{near[0]}'?" if near else "write one that `az account list-locations` names"
    return SettingsError(f"{source}: azure-native:location: '{value}' is not an Azure region; {instead}")


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    location = tuple(detail["loc"])
    key, value = _key(location), detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            known = [_key((*location[:-1], name)) for name in _keys_beside(location, model)]
            return f"'{key}' is not a setting; {_instead(key, known)}"
        case "missing":
            return f"{key} is missing; write {_meaning(location, model)}"
        case "literal_error":
            return f"{key}: '{value}' is not possible; write {_one_of(value, _choices(location, model))}"
        case "value_error":
            said = str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
            return f"{key}: {said}" if location else said
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{key}: '{value}' is not a mapping; write keys and values below it"
    said = detail["msg"].removeprefix("Input ").removeprefix("String ")
    return f"{key}: '{value}' {said} ({_meaning(location, model)})"


def _key(location: tuple[int | str, ...]) -> str:
    if location[:1] == ("region",):
        return "azure-native:location"
    if location[:1] == ("subscriptionId",):
        return "azure-native:subscriptionId"
    return "mlws:" + ".".join(map(str, location))


def _instead(key: str, known: Sequence[str], instead: str | None = None) -> str:
    # Whole keys are alike because of what they begin with; only their last part says which was meant.
    lasts = {_last(candidate): candidate for candidate in known}
    near = [instead] if instead else [lasts[found] for found in get_close_matches(_last(key), lasts, n=1)]
    return f"did you mean '{near[0]}'?" if near else f"the settings are {', '.join(known)}"


def _last(key: str) -> str:
    return re.split("[.:]", key)[-1].lower()


def _one_of(value: object, known: Sequence[str]) -> str:
    lowered = {candidate.lower(): candidate for candidate in known}
    near = get_close_matches(str(value).lower(), lowered, n=1)
    choice = f"{', '.join(known[:-1])} or {known[-1]}"
    return f"{choice} (did you mean '{lowered[near[0]]}'?)" if near else choice


def _keys_beside(location: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    holder = _annotation(location[:-1], model)
    return [field.alias or name for name, field in holder.model_fields.items()] if _is_model(holder) else []


def _choices(location: tuple[int | str, ...], model: type[BaseModel]) -> tuple[str, ...]:
    return get_args(_annotation(location, model))


def _meaning(location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    holder = _annotation(location[:-1], model)
    if _is_model(holder):
        for name, field in holder.model_fields.items():
            if location[-1] == (field.alias or name):
                described = (field.description or "").rstrip(".")
                return f"{described[:1].lower()}{described[1:]}"
    return "a value"


def _annotation(location: tuple[int | str, ...], model: type[BaseModel]) -> Any:  # noqa: ANN401 - any type there is
    """The type at `location`: a field's, or that of the values of a mapping with names of the user's own."""
    found: Any = model
    for step in location:
        if _is_model(found):
            fields = {field.alias or name: field for name, field in found.model_fields.items()}
            found = fields[str(step)].annotation if str(step) in fields else None
        else:
            # The last of a mapping is its values' type, that of a tuple of any length is an ellipsis.
            found = next((one for one in reversed(get_args(found)) if one is not Ellipsis), None)
    return found


def _is_model(candidate: object) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)

"""The sentences for mistakes in a stack's settings: file, key, value, and what to write instead."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from infra.errors import SettingsError
from infra.settings.locations import Place, keys_of, place_of, written
from infra.settings.wrong_value import one_of, wrong_name, wrong_value
from naming import stack


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
    return SettingsError(stack.missing_region(source, present))


def unknown_environment(value: object, source: str, name: str, known: Sequence[str]) -> SettingsError:
    """The environment, which by default is the stack's name, is none of ours."""
    return SettingsError(stack.unknown_environment(value, source, name, known))


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    location = tuple(detail["loc"])
    match detail["type"]:
        case "extra_forbidden":
            around = place_of(location[:-1], model)
            key, *known = (written((*around.steps, one)) for one in (location[-1], *keys_of(around.annotation)))
            return f"'{key}' is not a setting; {_instead(key, known)}"
        case "value_error":
            said = str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
            return f"{place_of(location, model).key}: {said}" if location else said
    place = place_of(location, model)
    match detail["type"]:
        case "missing":
            return f"{place.key} is missing; write {place.meaning}"
        case "union_tag_not_found" | "union_tag_invalid":
            return _wrong_tag(place, detail)
    if place.is_key:
        return wrong_name(place_of((*location[:-2], location[-1]), model), location[-2])
    return f"{place.key}: {wrong_value(place, detail)}"


def _wrong_tag(place: Place, detail: ErrorDetails) -> str:
    """Several kinds of section may stand here, and the key that tells them apart is missing or wrong."""
    context = detail["ctx"]
    key = f"{place.key}.{str(context['discriminator']).strip(chr(39))}"
    kinds = [kind.strip("' ") for kind in str(context.get("expected_tags", "")).split(",") if kind]
    if "tag" not in context:
        return f"{key} is missing; write which kind it is"
    return f"{key}: '{context['tag']}' is not possible; write {one_of(context['tag'], kinds)}"


def _instead(key: str, known: Sequence[str], instead: str | None = None) -> str:
    # Whole keys are alike because of what they begin with; only their last part says which was meant.
    lasts = {_last(candidate): candidate for candidate in known}
    near = [instead] if instead else [lasts[found] for found in get_close_matches(_last(key), lasts, n=1)]
    return f"did you mean '{near[0]}'?" if near else f"the settings are {', '.join(known)}"


def _last(key: str) -> str:
    return re.split("[.:]", key)[-1].lower()

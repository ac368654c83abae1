"""Where in the settings a mistake is: from Pydantic's location to the key as it is written, its type, its meaning."""

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Location = tuple[int | str, ...]

# What Pydantic puts at the end of a location that is about a mapping's key, not its value.
_OF_KEY = "[key]"
_OF_PROVIDER = {"region": "azure-native:location", "subscriptionId": "azure-native:subscriptionId"}


@dataclass(frozen=True)
class Place:
    """A place in the settings: the steps to it as they are written, the type there, and what limits it.

    `limits` are the constraints of the type, `field` the nearest field around it, `is_key` whether a name of the user's
    own is meant and not what is below it.
    """

    steps: Location
    annotation: Any
    limits: tuple[Any, ...]
    field: FieldInfo | None
    is_key: bool

    @property
    def key(self) -> str:
        """The full key."""
        return written(self.steps)

    @property
    def meaning(self) -> str:
        """What is to be written there: the first sentence of the type's description, or of the field's."""
        described = self.limit("description") or (self.field.description if self.field else None) or "a value"
        first = described.split(". ")[0].split(": `azure-native")[0].rstrip(".")
        is_a_name = first.startswith("Azure") or first[1:2].isupper()
        return first if is_a_name else f"{first[:1].lower()}{first[1:]}"

    @property
    def is_mapping(self) -> bool:
        """Whether keys and values belong here."""
        return is_model(self.annotation) or get_origin(self.annotation) is dict

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a setting that has few."""
        return get_args(self.annotation) if get_origin(self.annotation) is Literal else ()

    def limit(self, name: str) -> Any:  # noqa: ANN401 - a number, or a pattern
        """One of the constraints, such as `ge` or `max_length`; None where there is none."""
        return next((found for one in self.limits if (found := getattr(one, name, None)) is not None), None)


def written(steps: Location) -> str:
    """A place's key, as in a stack file."""
    return _OF_PROVIDER.get(str(steps[0]), "mlws:" + ".".join(map(str, steps))) if steps else "mlws"


def place_of(location: Location, model: type[BaseModel]) -> Place:
    """The place that a location of Pydantic's is about, in settings of type `model`."""
    place = Place((), model, (), None, is_key=False)
    for step in location:
        place = _below(place, step)
    return place


def keys_of(annotation: object) -> list[str]:
    """The keys that a section knows; none for anything else."""
    return [field.alias or name for name, field in annotation.model_fields.items()] if is_model(annotation) else []


def is_model(candidate: object) -> TypeGuard[type[BaseModel]]:
    """Whether this is the type of a section."""
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def _below(place: Place, step: int | str) -> Place:
    steps = (*place.steps, step)
    if step == _OF_KEY:
        annotation, limits = _plain((get_args(place.annotation) or (str,))[0])
        return Place(place.steps, annotation, limits, place.field, is_key=True)
    if is_model(place.annotation):
        found = {field.alias or name: field for name, field in place.annotation.model_fields.items()}.get(str(step))
        annotation, limits = _plain(found.annotation if found else None)
        return Place(steps, annotation, (*(found.metadata if found else ()), *limits), found, is_key=False)
    variant = _variant(place.annotation, step)
    if variant is not None:
        return Place(place.steps, variant, (), place.field, is_key=False)
    annotation, limits = _plain(_inner(place.annotation))
    return Place(steps, annotation, limits, place.field, is_key=False)


def _inner(annotation: object) -> object:
    """The type of what is in a list or in a mapping."""
    return next((one for one in reversed(get_args(annotation)) if one is not Ellipsis), None)


def _variant(annotation: object, tag: int | str) -> type[BaseModel] | None:
    """Which of several sections a value of the key that tells them apart stands for; it is no step that is written."""
    for candidate in get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ():
        if is_model(candidate) and any(
            tag in get_args(field.annotation)
            for field in candidate.model_fields.values()
            if get_origin(field.annotation) is Literal
        ):
            return candidate
    return None


def _plain(annotation: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401 - any type there is
    """A type without `None` beside it, and apart from its constraints."""
    limits: tuple[Any, ...] = ()
    if get_origin(annotation) in (Union, UnionType):
        given = [one for one in get_args(annotation) if one is not NoneType]
        if len(given) == 1:
            annotation = given[0]
    if get_origin(annotation) is Annotated:
        annotation, *constraints = get_args(annotation)
        limits = tuple(part for one in constraints for part in (one, *getattr(one, "metadata", ())))
    return annotation, limits

"""Names in the settings of a Pulumi stack, `Pulumi.<stack>.yaml`: which values are names, and where they stand.

A value is a name when its key says so: `app:storageAccountName`, `app:key-vault-name`, or any key below `names`. What
comes before "name" is the label of a type (storage account), its abbreviation or its ARM type. Other settings, secrets
among them, are nobody's business here.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from naming.errors import NamingError
from naming.lint.model import NamedResource
from naming.rule import Rule
from naming.rulebook import rule_for

_FILE = re.compile(r"Pulumi\.([A-Za-z0-9._-]+)\.ya?ml")
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")
_REGION = "azure-native:location"
_ENVIRONMENT = "mlws:environment"


@dataclass(frozen=True, slots=True)
class Value:
    """A text among the settings: the keys that lead to it, and from where to where it stands in the file."""

    keys: tuple[str, ...]
    text: str
    line: int
    start: int
    end: int


def is_stack_file(path: str) -> bool:
    """Whether a file is called as the settings of a stack are."""
    return stack_of(path) is not None


def read(text: str, file: str) -> Iterator[NamedResource]:
    """Yield the names among the settings, each with the environment that the stack is.

    Raises:
        NamingError: the file is no YAML.
    """
    found = list(values(text, file))
    environment, location = _setting(found, _ENVIRONMENT) or stack_of(file), _setting(found, _REGION)
    for value in found:
        rule = _rule(value.keys)
        if rule is not None:
            yield NamedResource(
                type=rule.type,
                variant=rule.variant,
                name=value.text,
                scope_path=file,
                file=file,
                line=value.line,
                address=f"{file}#{'.'.join(value.keys)}",
                environment=environment,
                location=location,
            )


def region(text: str, file: str) -> str | None:
    """Return the region of the stack, None where its settings do not say."""
    return _setting(list(values(text, file)), _REGION)


def stack_files(folder: Path) -> list[str]:
    """Return the settings of all stacks of a project, by the path as it is seen from the current folder."""
    return sorted(os.path.relpath(path) for path in folder.iterdir() if is_stack_file(path.name))


def stack_of(file: str) -> str | None:
    """Return the stack whose settings a file has, None where it has none."""
    match = _FILE.fullmatch(Path(file).name)
    return match[1] if match else None


def values(text: str, file: str) -> Iterator[Value]:
    """Yield every text among the settings (`config`), but not what is encrypted.

    Raises:
        NamingError: the file is no YAML.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
        raise NamingError(f"{file} can't be read as YAML: {reason}.") from error
    for key, node in _pairs(root):
        if key == "config":
            yield from _texts(node, (), set())


def _texts(node: yaml.Node, keys: tuple[str, ...], seen: set[tuple[int, bool]]) -> Iterator[Value]:
    """Yield the texts in a mapping, once as names and once as others: what aliases of aliases are has no end."""
    pairs, place = list(_pairs(node)), (id(node), _are_names(keys))
    # `secure` alone is how Pulumi writes what it has encrypted.
    if place in seen or [key for key, _ in pairs] == ["secure"]:
        return
    seen.add(place)
    for key, inner in pairs:
        if isinstance(inner, yaml.ScalarNode) and inner.tag == "tag:yaml.org,2002:str":
            start, end = inner.start_mark, inner.end_mark
            yield Value((*keys, key), inner.value, start.line + 1, start.index, end.index)
        yield from _texts(inner, (*keys, key), seen)


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))


def _setting(found: list[Value], key: str) -> str | None:
    return next((value.text for value in found if value.keys == (key,)), None)


def _rule(keys: tuple[str, ...]) -> Rule | None:
    words = [word.lower() for word in _WORDS.findall(keys[-1].rpartition(":")[2])]
    if words[-1:] == ["name"]:
        words.pop()
    elif not _are_names(keys[:-1]):
        return None
    for spelling in (" ".join(words), keys[-1]):
        try:
            return rule_for(spelling)
        except NamingError:
            continue
    return None


def _are_names(keys: tuple[str, ...]) -> bool:
    """Whether what is below these keys are names."""
    return any(key.rpartition(":")[2].lower() == "names" for key in keys)

"""What resources.toml says, read once: how each azure-native type maps to ARM."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Literal

from localazure.pulumi_provider.arm_path import ArmPath
from localazure.pulumi_provider.errors import ProviderError
from localazure.pulumi_provider.property_values import Path

_MISSPELT = 0.9

FILE = FilePath(__file__).with_name("resources.toml")

Lifecycle = Literal["arm", "access_policy", "secret", "key", "settings"]
Naming = Literal["random", "copy", "uuid"]


@dataclass(frozen=True)
class ResourceType:
    """One azure-native resource type; the words are those that resources.toml explains."""

    token: str
    path: ArmPath
    arm_type: str
    api_version: str
    has_location: bool
    nested: bool
    envelope: frozenset[str]
    query: frozenset[str]
    replace: frozenset[Path]
    read_only: frozenset[Path]
    write_only: frozenset[Path]
    secret: frozenset[Path]
    maps: frozenset[str]
    id_maps: frozenset[Path]
    computed_below: Mapping[str, tuple[str, ...]]
    flat: frozenset[Path]
    rename: Mapping[Path, str]
    keep: Mapping[Path, Any]
    lifecycle: Lifecycle
    naming: Naming

    @property
    def name_parameter(self) -> str | None:
        """The input that names the resource itself: the path's last, when the path ends with it."""
        last = self.path.parameters[-1]
        return last if self.path.template.endswith(f"{{{last}}}") else None

    @property
    def identifying(self) -> frozenset[str]:
        """Inputs that are in the resource's id: changing one means another resource."""
        return frozenset(self.path.parameters)


@dataclass(frozen=True)
class Function:
    """A POST action on a resource, such as storage:listStorageAccountKeys."""

    token: str
    resource: ResourceType
    action: str
    query: Mapping[str, str]
    secret: frozenset[str]


@dataclass(frozen=True)
class Catalogue:
    """Every type and function that the provider knows."""

    resources: Mapping[str, ResourceType]
    functions: Mapping[str, Function]

    def resource(self, token: str) -> ResourceType:
        """The resource type of that token; raises ProviderError with the nearest one when there is none."""
        if token in self.resources:
            return self.resources[token]
        raise ProviderError(_unknown("resource type", token, self.resources))

    def read_function(self, token: str) -> ResourceType:
        """The resource type that a `get` function such as keyvault:getVault reads."""
        module, _, name = token.rpartition(":")
        resource = f"{module}:{name.removeprefix('get')}"
        if name.startswith("get") and resource in self.resources:
            return self.resources[resource]
        raise ProviderError(_unknown("function", token, self.functions))


@cache
def load(file: FilePath = FILE) -> Catalogue:
    """Read the data file (a few milliseconds, once per process)."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    resources = {token: _resource(token, table, data["shared"]) for token, table in data["resources"].items()}
    functions = {token: _function(token, table, resources) for token, table in data["functions"].items()}
    return Catalogue(resources, functions)


def _resource(token: str, table: Mapping[str, Any], shared: Mapping[str, Any]) -> ResourceType:
    path = ArmPath.parse(table["path"])
    location = table.get("location", False)
    top_level = path.template.count("{") <= len(("subscription", "group", "name"))
    return ResourceType(
        token=token,
        path=path,
        arm_type=table.get("type", path.arm_type),
        api_version=table["api-version"],
        has_location=location,
        nested=table.get("nested", False),
        envelope=frozenset(shared["envelope"]) - frozenset(table.get("inside", ())),
        query=frozenset(table.get("query", ())),
        replace=_paths(table.get("replace", ())) | ({("location",)} if location else set()),
        read_only=_paths(shared["read-only"]) | _paths(table.get("read-only", ())),
        write_only=_paths(table.get("write-only", ())),
        secret=_paths(table.get("secret", ())),
        maps=frozenset(shared["maps"]),
        id_maps=_paths(table.get("id-maps", shared["id-maps"])),
        computed_below={key: tuple(names) for key, names in shared["computed-below"].items()},
        flat=_paths(table.get("flat", ())),
        rename={_path(key): name for key, name in table.get("rename", {}).items()},
        keep={_path(key): value for key, value in table.get("keep", {}).items()},
        lifecycle=table.get("lifecycle", "arm"),
        naming=table.get("name", "random" if top_level else "copy"),
    )


def _function(token: str, table: Mapping[str, Any], resources: Mapping[str, ResourceType]) -> Function:
    return Function(
        token=token,
        resource=resources[table["resource"]],
        action=table["action"],
        query=table.get("query", {}),
        secret=frozenset(table.get("secret", ())),
    )


def _paths(texts: Iterable[str]) -> frozenset[Path]:
    return frozenset(_path(text) for text in texts)


def _path(text: str) -> Path:
    return tuple(text.split("."))


def _unknown(kind: str, token: str, known: Mapping[str, Any]) -> str:
    nearest = difflib.get_close_matches(token, known, n=1, cutoff=_MISSPELT)
    hint = f"did you mean {nearest[0]}, or add" if nearest else "add"
    file = f"localazure/pulumi_provider/{FILE.name}"
    return f"the embedded Azure does not know the {kind} {token}: {hint} it to {file}"

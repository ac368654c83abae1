"""The names of computes beside the default cluster: the convention's, with the stack file's name as the instance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.errors import SettingsError
from infra.names import CONVENTION
from infra.settings import Settings
from naming import Convention, NamingError, NamingPlan
from naming.stack_parts import compute_name

_TYPE = "Microsoft.MachineLearningServices/workspaces/computes"


@dataclass(frozen=True)
class ComputeNames:
    """The names of the further clusters and of the instances of a stack, by their names in the stack's file."""

    clusters: Mapping[str, str]
    instances: Mapping[str, str]


def compute_names(settings: Settings, plan: NamingPlan, project: Path, source: str) -> ComputeNames:
    """Name them after the convention in `project`, all distinct. Raises `SettingsError`; `source` is named in it."""
    namer = _Namer(Convention.load(project / CONVENTION), plan, source)
    return ComputeNames(
        namer.names("AmlCompute", "mlws:computeClusters", settings.compute_clusters),
        namer.names("ComputeInstance", "mlws:computeInstances", settings.compute_instances),
    )


class _Namer:
    """Remembers which names are taken, for Azure tells the computes of a workspace apart whatever their kind."""

    def __init__(self, convention: Convention, plan: NamingPlan, source: str) -> None:
        self._convention, self._tokens, self._source = convention, plan.tokens, source
        default = (planned.name.lower() for planned in plan if planned.role == "compute_cluster")
        self._taken = dict.fromkeys(default, "mlws:computeCluster")

    def names(self, variant: str, section: str, keys: Iterable[str]) -> dict[str, str]:
        return {key: self._name(variant, f"{section}.{key}", key) for key in keys}

    def _name(self, variant: str, setting: str, key: str) -> str:
        try:
            name = compute_name(self._convention, self._tokens, variant, key)
        except NamingError as error:
            raise SettingsError(f"{self._source}: {setting} cannot be named: {error}") from error
        first = self._taken.setdefault(name.lower(), setting)
        if first != setting:
            raise SettingsError(
                f"{self._source}: {setting} would be called '{name}' like {first}; write another name, or put the"
                f' instance into the order of types."{_TYPE}[{variant}]" in {CONVENTION}'
            )
        return name

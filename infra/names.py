"""The names of a stack: every one it will ever use, made and proven by `naming` before the first resource."""

from pathlib import Path

from infra.errors import InfraError, SettingsError
from infra.settings import Settings
from infra.settings.errors import unknown_region
from naming import Convention, NamingError, NamingPlan, naming_plan, rule_for
from naming.regions import region_name, regions
from naming.tokens import check_instance, check_word

CONVENTION = "naming.toml"


def planned_names(settings: Settings, project: Path, source: str) -> NamingPlan:
    """The naming plan of a stack, after the convention in `project`, the folder of Pulumi.yaml.

    Raises `InfraError` for a region that there is not and for a name that cannot be; `source`, the stack's file, is
    named in it.
    """
    file = project / CONVENTION
    if not file.is_file():
        raise InfraError(
            f"there is no {CONVENTION} beside Pulumi.yaml; it holds the convention of all names, write one"
        )
    if region_name(settings.region) not in regions():
        raise unknown_region(settings.region, source, tuple(regions()))
    try:
        _check_words(settings)
        return naming_plan(
            Convention.load(file), settings.environment, settings.region, settings.workload, settings.instance
        )
    except NamingError as error:
        raise SettingsError(f"{source}: {error}") from error


def operations_name(resource_type: str, plan: NamingPlan, project: Path) -> str:
    """The name of a resource that not every stack has, and that is therefore not in the plan, after the convention."""
    return Convention.load(project / CONVENTION).name(rule_for(resource_type), plan.tokens)


def _check_words(settings: Settings) -> None:
    """Name the stack's own key, where `naming` would name the token."""
    if settings.workload is not None:
        check_word("mlws:workload", settings.workload)
    if settings.instance is not None:
        check_instance("mlws:instance", settings.instance)

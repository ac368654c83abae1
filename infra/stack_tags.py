"""The tags of a stack, and whether the project's settings allow their values: `[lint.required-tags]` of naming.toml.

The same table that the linter judges every resource by (NAM401, NAM402): here a stack's file is judged, before any
resource, so that the sentence names the key to change.
"""

from pathlib import Path

from infra.errors import InfraError, SettingsError
from infra.settings import Settings
from infra.settings.wrong_value import one_of
from naming import NamingError
from naming.lint.configuration import Configuration

_KEYS = {
    "environment": "mlws:environment",
    "workload": "mlws:workload",
    "owner": "mlws:tags.owner",
    "cost-centre": "mlws:tags.costCentre",
    "data-classification": "mlws:tags.dataClassification",
}


def stack_tags(settings: Settings, workload: str) -> dict[str, str]:
    """Name to value: the program's tags, then those of the stack file."""
    return {
        "environment": settings.environment,
        "workload": workload,
        "owner": settings.tags.owner,
        "cost-centre": settings.tags.cost_centre,
        "data-classification": settings.tags.data_classification,
        "managed-by": "mlws",
        **settings.tags.extra,
    }


def require_allowed_tags(tags: dict[str, str], project: Path, source: str) -> None:
    """Raise `SettingsError` for a tag that the project requires and the stack lacks, or whose value it does not allow.

    `source`, the stack's file, is named in the sentence.
    """
    try:
        configuration = Configuration.load(project)
    except NamingError as error:
        raise InfraError(str(error)) from error
    given = {name.lower(): value for name, value in tags.items()}
    for name, allowed in configuration.required_tags.items():
        value = given.get(name.lower())
        key = _KEYS.get(name.lower(), f"mlws:tags.extra.{name}")
        wanted = one_of(value or "", allowed) if allowed else "a value"
        if value is None:
            raise SettingsError(f"{source}: {key} is missing, and {configuration.file} requires it; write {wanted}")
        if allowed and value not in allowed:
            raise SettingsError(
                f"{source}: {key}: '{value}' is not among the values that {configuration.file} allows; write {wanted}"
            )

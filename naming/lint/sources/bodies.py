"""What ARM's own bodies say about a resource besides its name: variant, experiment."""

from typing import Any

from naming.lint.sources.documents import object_of, text_of

_EXPERIMENTS = "Microsoft.MachineLearningServices/workspaces/experiments"
_PROPERTIES = ("properties", "jobBaseProperties", "onlineDeploymentProperties", "onlineEndpointProperties")
# Keys that say of which variant a resource is, the first one that is there.
_VARIANTS = ("computeType", "endpointComputeType")


def variant_of(body: dict[str, Any]) -> str | None:
    """Return the kind of a resource, or its type of compute."""
    for properties in _PROPERTIES:
        for key in _VARIANTS:
            if found := text_of(object_of(body, properties), key):
                return found
    return text_of(body, "kind") or None


def experiment_of(body: dict[str, Any]) -> str:
    """Return the experiment that a job belongs to, empty where it names none."""
    for properties in _PROPERTIES:
        if found := text_of(object_of(body, properties), "experimentName"):
            return found
    return text_of(body, "experiment_name")


def is_job(resource_type: str) -> bool:
    """Whether resources of the type may name an experiment."""
    return resource_type.lower() == "microsoft.machinelearningservices/workspaces/jobs"


def experiments_type() -> str:
    """Return the type that experiments have in the rules, though Azure Resource Manager has none."""
    return _EXPERIMENTS

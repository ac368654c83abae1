"""What ARM's own bodies say about a resource besides its name: variant, experiment."""

from collections.abc import Callable
from typing import Any

from naming.lint.sources.documents import object_of, text_of, value_under

_EXPERIMENTS = "Microsoft.MachineLearningServices/workspaces/experiments"
_PROPERTIES = ("properties", "jobBaseProperties", "onlineDeploymentProperties", "onlineEndpointProperties")
# Keys that say of which variant a resource is, the first one that is there.
_VARIANTS = ("computeType", "endpointComputeType")
# Where pools of nodes say their operating system: Azure and Pulumi, azurerm.
_SYSTEMS = ("osType", "os_type")


def variant_of(body: Any, get: Callable[[Any, str], Any] = value_under) -> str | None:  # noqa: ANN401 - JSON, or inputs
    """Return the type of compute of a resource, its operating system or its kind, the first that it says.

    `get` is what takes the value under a key out of a body; where bodies are not JSON, it is another than usual.
    """
    parts = [body, *(get(body, key) for key in _PROPERTIES)]
    for part in parts[1:]:
        for key in _VARIANTS:
            if found := get(part, key):
                return _text(found)
    for part in parts:
        if found := _operating_system(part, get):
            return found
    return _text(get(body, "kind"))


def _operating_system(part: Any, get: Callable[[Any, str], Any]) -> str | None:  # noqa: ANN401 - JSON, or inputs
    """Return the operating system of a machine, of a scale set or of a pool of nodes, where it says one."""
    for machine in (part, get(part, "virtualMachineProfile")):
        if get(get(machine, "osProfile"), "windowsConfiguration") is not None:
            return "Windows"
        if found := _text(get(get(get(machine, "storageProfile"), "osDisk"), "osType")):
            return found
    return next(filter(None, (_text(get(part, key)) for key in _SYSTEMS)), None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


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

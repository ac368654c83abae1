"""What Azure asks of each kind of workspace, and what it never changes about one.

https://learn.microsoft.com/azure/machine-learning/concept-hub-workspace
"""

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager
from localazure.arm.store import Json, Resource
from localazure.key_vault.keys import has_key
from localazure.machine_learning.types import WORKSPACE

PROJECT = "project"
HUB = "hub"
SHARED = ("storageAccount", "keyVault", "containerRegistry")
TIED = ("storageAccount", "keyVault", "applicationInsights")
_KINDS = {kind.lower(): kind for kind in ("Default", "Hub", "Project", "FeatureStore")}
_OF_THE_HUB = (*SHARED, "encryption", "managedNetwork")
_FIXED = ("hbiWorkspace", "hubResourceId", "enableServiceSideCMKEncryption")
_OPENNESS = ("AllowOnlyApprovedOutbound", "AllowInternetOutbound", "Disabled")


def kind_of(body: Json) -> str:
    """The kind, in lower case; a workspace that states none stands alone."""
    return str(body.get("kind") or "Default").lower()


def check_kind(body: Json) -> None:
    """Refuse kinds that there are not, and what a kind has no use for."""
    properties, kind = body.get("properties") or {}, kind_of(body)
    if kind not in _KINDS:
        raise _refused(f"The kind '{body['kind']}' of the workspace is none of {', '.join(_KINDS.values())}.")
    if kind == PROJECT:
        return
    if properties.get("hubResourceId"):
        raise _refused("Only a workspace of kind 'Project' has a hubResourceId.")
    if (kind == "featurestore") != bool(properties.get("featureStoreSettings")):
        raise _refused("A workspace of kind 'FeatureStore', and no other, needs featureStoreSettings.")


def check_project(arm: ResourceManager, properties: Json) -> None:
    """Refuse a project without a hub, and one that states what is the hub's otherwise than the hub does."""
    hub = hub_of(arm, properties)
    for name in _OF_THE_HUB:
        stated = properties.get(name)
        if stated and str(stated).lower() != str(hub.properties.get(name)).lower():
            raise _refused(f"The {name} of a project workspace is that of its hub and cannot be specified.")


def hub_of(arm: ResourceManager, properties: Json) -> Resource:
    """The hub of a project. Raises ArmError where there is none."""
    hub = arm.store.get(str(properties.get("hubResourceId") or ""))
    if hub is None or hub.type != WORKSPACE or kind_of(hub.body) != HUB:
        raise _refused(f"The hub '{properties.get('hubResourceId')}' of the project workspace was not found.")
    return hub


def projects_of(arm: ResourceManager, hub: Resource) -> list[Resource]:
    """The projects that take what they have from a hub."""
    wanted = hub.id.lower()
    return [one for one in arm.store.of_type(WORKSPACE) if str(one.properties.get("hubResourceId")).lower() == wanted]


def check_what_stays(body: Json, existing: Resource) -> None:
    """Refuse what Azure never changes about a workspace that is there."""
    properties = body.get("properties") or {}
    if kind_of(body) != kind_of(existing.body):
        raise _refused("The kind of a workspace cannot be changed.")
    for name in _FIXED:
        if (properties.get(name) or False) != (existing.properties.get(name) or False):
            raise _refused(f"The {name} of a workspace cannot be changed.")
    if _vault_of_key(properties) != _vault_of_key(existing.properties):
        raise _refused("The encryption of a workspace can only be changed to another key of the same vault.")
    if _openness(properties) > _openness(existing.properties):
        raise _refused("The isolationMode of a managed network cannot be changed to one that is more open.")


def check_key(arm: ResourceManager, properties: Json) -> None:
    """A customer's key must be there, in a vault whose keys nobody can purge."""
    encryption = properties.get("encryption") or {}
    if str(encryption.get("status", "Disabled")) != "Enabled":
        return
    said = encryption.get("keyVaultProperties") or {}
    vault = arm.store.get(str(said.get("keyVaultArmId", "")))
    if vault is None or not vault.properties.get("enablePurgeProtection"):
        raise _refused(f"The vault '{said.get('keyVaultArmId')}' must exist, with soft delete and purge protection.")
    if not has_key(arm, vault, str(said.get("keyIdentifier", ""))):
        raise _refused(f"The key '{said.get('keyIdentifier')}' was not found in the vault '{vault.name}'.")


def _vault_of_key(properties: Json) -> str:
    said = (properties.get("encryption") or {}).get("keyVaultProperties") or {}
    return str(said.get("keyVaultArmId", "")).lower()


def _openness(properties: Json) -> int:
    return _OPENNESS.index(str((properties.get("managedNetwork") or {}).get("isolationMode") or "Disabled"))


def _refused(message: str) -> ArmError:
    return ArmError(400, "ValidationError", message)

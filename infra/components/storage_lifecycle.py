"""The lifecycle rules of a storage account, in the shape that Azure takes them."""

from collections.abc import Mapping

import pulumi_azure_native as azure_native

from infra.settings.storage import PREVIOUS_VERSIONS, DataStorageSettings, LifecycleRule, StorageSettings


def policy_rules(
    settings: StorageSettings | DataStorageSettings, rules: Mapping[str, LifecycleRule]
) -> list[azure_native.storage.ManagementPolicyRuleArgs]:
    """The rules of the stack file by name, so that their order there is no difference, and that of old versions."""
    own = [_rule(name, _base_blob(rule), rule.prefixes) for name, rule in sorted(rules.items())]
    if settings.versioning and settings.previous_versions_days is not None:
        return [*own, _previous_versions(settings.previous_versions_days)]
    return own


def _base_blob(rule: LifecycleRule) -> azure_native.storage.ManagementPolicyActionArgs:
    return azure_native.storage.ManagementPolicyActionArgs(
        base_blob=azure_native.storage.ManagementPolicyBaseBlobArgs(
            tier_to_cool=_after(rule.cool_after_days),
            tier_to_cold=_after(rule.cold_after_days),
            delete=_after(rule.delete_after_days),
        )
    )


def _after(days: int | None) -> azure_native.storage.DateAfterModificationArgs | None:
    if days is None:
        return None
    return azure_native.storage.DateAfterModificationArgs(days_after_modification_greater_than=days)


def _previous_versions(days: int) -> azure_native.storage.ManagementPolicyRuleArgs:
    created = azure_native.storage.DateAfterCreationArgs(days_after_creation_greater_than=days)
    return _rule(
        PREVIOUS_VERSIONS,
        azure_native.storage.ManagementPolicyActionArgs(
            version=azure_native.storage.ManagementPolicyVersionArgs(delete=created),
            snapshot=azure_native.storage.ManagementPolicySnapShotArgs(delete=created),
        ),
        (),
    )


def _rule(
    name: str, actions: azure_native.storage.ManagementPolicyActionArgs, prefixes: tuple[str, ...]
) -> azure_native.storage.ManagementPolicyRuleArgs:
    filters = azure_native.storage.ManagementPolicyFilterArgs(
        blob_types=["blockBlob"], prefix_match=list(prefixes) or None
    )
    return azure_native.storage.ManagementPolicyRuleArgs(
        name=name,
        type=azure_native.storage.RuleType.LIFECYCLE,
        enabled=True,
        definition=azure_native.storage.ManagementPolicyDefinitionArgs(actions=actions, filters=filters),
    )

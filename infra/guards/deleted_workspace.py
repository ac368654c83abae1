"""A workspace whose name Azure still keeps, because the last one of that name was only soft-deleted.

Azure keeps it for 14 days and recovers it in the portal only; there is no request that asks for one, so the refusal
itself is what tells: https://learn.microsoft.com/azure/machine-learning/concept-soft-delete
"""

import pulumi

# The API version that azure-native 3.29 uses for workspaces.
_API_VERSION = "2025-12-01"
_REFUSAL = "soft-deleted workspace exists"


def tell_of_deleted_workspace() -> pulumi.ErrorHook:
    """A hook for a workspace's `on_error` that says how to recover or to purge the one in the way."""

    def tell(args: pulumi.ErrorHookArgs) -> bool:
        if any(_REFUSAL in error.lower() for error in args.errors):
            inputs = args.new_inputs or {}
            pulumi.log.error(in_the_way(str(inputs.get("resourceGroupName")), str(inputs.get("workspaceName"))))
        return False

    return pulumi.ErrorHook("tell-of-deleted-workspace", tell)


def in_the_way(resource_group: str, name: str) -> str:
    """The sentence, with what to do."""
    path = (
        "/subscriptions/{subscriptionId}"
        f"/resourceGroups/{resource_group}/providers/Microsoft.MachineLearningServices/workspaces/{name}"
    )
    return (
        f"Azure still keeps a soft-deleted workspace '{name}': recover it in the portal (Azure Machine Learning,"
        " Recently deleted) and then run `mlws infra import`, or purge it, with all its jobs and models, by `az rest"
        f' --method delete --url "{path}?api-version={_API_VERSION}&forceToPurge=true"`'
    )

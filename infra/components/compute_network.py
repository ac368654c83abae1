"""The network of a compute: a subnet, and whether the machines in it have an address on the internet."""

import pulumi_azure_native as azure_native


def subnet(subnet_id: str | None) -> azure_native.machinelearningservices.ResourceIdArgs | None:
    """The subnet in Azure's words."""
    return None if subnet_id is None else azure_native.machinelearningservices.ResourceIdArgs(id=subnet_id)


def public_address(subnet_id: str | None, *, is_private: bool) -> bool | None:
    """No public address in a subnet or where the stack is private; elsewhere it is Azure that needs one."""
    return False if subnet_id is not None or is_private else None

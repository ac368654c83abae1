"""Keeps stack `local` off real Azure and the other stacks off the embedded one.

The tenant id below is all that this program knows of the embedded Azure.
"""

import base64
import json
from dataclasses import dataclass
from functools import cached_property

import pulumi_azure_native as azure_native

from infra.errors import InfraError

EMBEDDED_TENANT_ID = "10ca1a2e-0000-4000-8000-000000000000"
LOCAL = "local"


@dataclass(frozen=True)
class Deployer:
    """Who runs the program, and where: ids in Microsoft Entra ID and of the subscription."""

    object_id: str
    tenant_id: str
    subscription_id: str

    @cached_property
    def type(self) -> str:
        """`User` or `ServicePrincipal`, as role assignments want it: only a person's token has scopes."""
        return principal_type(azure_native.authorization.get_client_token().token)


def current_deployer() -> Deployer:
    """Who the Azure provider is logged in as. Raises `InfraError` when it is not, or reaches nobody."""
    try:
        client = azure_native.authorization.get_client_config()
    except Exception as problem:  # the engine raises nothing more precise
        said = str(problem).strip().splitlines()[-1]
        raise InfraError(
            f"the Azure provider cannot say who is signed in ({said}); run `mlws local start` for stack {LOCAL}, or"
            " `az login` for the others"
        ) from None
    return Deployer(client.object_id, client.tenant_id, client.subscription_id)


def principal_type(token: str) -> str:
    """The type of the principal that an access token of Microsoft Entra ID is for; `User` for one that is no JWT.

    https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    """
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        return "User"
    is_person = claims.get("idtyp", "user" if "scp" in claims else "app") == "user"
    return "User" if is_person else "ServicePrincipal"


def require_right_azure(stack: str, environment: str, deployer: Deployer) -> None:
    """Raise `InfraError` unless local stacks meet the embedded Azure and other stacks real Azure."""
    embedded = deployer.tenant_id.lower() == EMBEDDED_TENANT_ID
    wants_embedded = LOCAL in (environment, stack) or stack.startswith(f"{LOCAL}-")
    if wants_embedded and not embedded:
        raise InfraError(
            f"stack '{stack}' is for the embedded Azure, but the provider is logged in to tenant {deployer.tenant_id}"
            f" of real Azure; run it as `mlws local exec -- pulumi up --stack {stack}`, or choose stack dev, qa or prod"
        )
    if embedded and not wants_embedded:
        raise InfraError(
            f"stack '{stack}' is for real Azure, but the provider is logged in to the embedded one; run `pulumi up"
            f" --stack {stack}` outside `mlws local exec`, after `az login`, or choose stack local"
        )

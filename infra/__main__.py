"""The Pulumi program: an Azure ML workspace and everything it hangs on, named and tagged, from the stack's settings."""

from pathlib import Path

import pulumi
from pulumi.runtime.config import get_config_env, get_config_secret_keys_env

from infra.errors import InfraError
from infra.guards.adoption import adopt_what_exists
from infra.guards.aliases import know_former_names
from infra.guards.clear_text import require_encrypted_secrets
from infra.guards.deployer import current_deployer, require_right_azure
from infra.guards.guardrail import guard_every_resource
from infra.guards.locked import locks_respected
from infra.guards.losses import losses_told
from infra.guards.open_workspace import tell_of_open_workspace
from infra.guards.protection import protect_what_holds_state
from infra.guards.tags import tag_every_resource
from infra.names import planned_names
from infra.settings import settings_from, stack_file
from infra.settings.model_registry import SHARED
from infra.stack_tags import require_allowed_tags, stack_tags
from infra.stacks.project import create_project
from infra.stacks.shared import create_shared
from infra.stacks.stack import Stack
from infra.stacks.workspace import create_workspace

PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Create the stack."""
    stack = planned_stack()
    watch_over(stack)
    with losses_told(stack.settings.protection), locks_respected(stack.settings.protection):
        if stack.settings.environment == SHARED:
            create_shared(stack)
        elif stack.settings.workspace.kind == "Project":
            create_project(stack)
        else:
            create_workspace(stack)


def planned_stack() -> Stack:
    """The stack with every name that it will have, known and proven before the first resource."""
    name = pulumi.get_stack()
    file = stack_file(name)
    settings = settings_from(get_config_env(), name, get_config_secret_keys_env())
    require_encrypted_secrets(PROJECT, name)
    names = planned_names(settings, PROJECT, file)
    deployer = current_deployer()
    require_right_azure(name, settings.environment, deployer)
    return Stack(settings, names, deployer, file, PROJECT)


def watch_over(stack: Stack) -> None:
    """Name, tag, protect and adopt every resource from now on."""
    tags = stack_tags(stack.settings, stack.names.tokens.workload)
    require_allowed_tags(tags, PROJECT, stack.file)
    tag_every_resource(tags)
    guard_every_resource(PROJECT, stack.settings.environment, stack.settings.names.values())
    protect_what_holds_state(stack.settings.protection)
    tell_of_open_workspace(stack.settings.network)
    adopt_what_exists()
    know_former_names()


if __name__ == "__main__":
    try:
        main()
    except InfraError as error:
        raise pulumi.RunError(str(error)) from None

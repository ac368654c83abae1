"""Says in a preview, in words, what the update would lose: for each stateful resource that it replaces or deletes.

The engine does not tell a program what it plans. But a program may read what its stack has, and is called before
a resource is created: what the stack has and is created is replaced, and what it has and nobody asked for is deleted.
Hooks on deletions would be told of both. They stay in the stack's state, though, and with them `pulumi destroy` refuses
to run without `--run-program`: https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pulumi

from infra.guards.present import Key, Present, keys, present
from infra.guards.stateful import stateful
from infra.settings.protection import ProtectionSettings


@contextmanager
def losses_told(settings: ProtectionSettings) -> Iterator[None]:
    """Tell, in a preview, what an update to the resources that are registered within would lose."""
    if not pulumi.runtime.is_dry_run():
        yield
        return
    watch = _Watch(_there(), settings)
    pulumi.runtime.register_stack_transformation(watch.see)
    yield
    watch.tell_deleted()


class _Watch:
    """Sees each resource that the program registers, and remembers which ones of the stack's it has not seen."""

    def __init__(self, there: Mapping[Key, Present], settings: ProtectionSettings) -> None:
        self._there, self._settings = there, settings
        self._unseen = dict(there)
        self._hook: pulumi.ResourceHook | None = None

    def see(self, args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        known = [key for key in keys(args.type_, args.name) if self._unseen.pop(key, None) is not None]
        if not known:
            return None
        told = pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[self._before_create()]))
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, told))

    def tell_deleted(self) -> None:
        for key in self._unseen:
            self._tell("delete", key)

    def _before_create(self) -> pulumi.ResourceHook:
        if self._hook is None:
            options = pulumi.ResourceHookOptions(on_dry_run=True)
            self._hook = pulumi.ResourceHook("tell-of-losses", self._tell_replaced, options)
        return self._hook

    def _tell_replaced(self, args: pulumi.ResourceHookArgs) -> None:
        for key in keys(args.type, args.name):
            if key in self._there:
                self._tell("replace", key)

    def _tell(self, operation: str, key: Key) -> None:
        kind = stateful(*key)
        if kind is None:
            return
        refused = self._settings.protect and kind.name not in self._settings.allow_replacing
        pulumi.log.warn(
            f"this would {operation} '{key[1]}' ({self._there[key].azure_name}), and gone would be {kind.lost}"
            + (f"; it is refused unless mlws:protection.allowReplacing has '{kind.name}'" if refused else "")
        )


def _there() -> dict[Key, Present]:
    """The stateful resources that the stack has."""
    return {key: one for key, one in present().items() if stateful(*key)}

"""Puts the tags of the stack on every resource that takes tags, so that no component can forget them."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi


def tag_every_resource(tags: Mapping[str, str]) -> None:
    """Put `tags` on every taggable resource created from now on; tags of the resource's own win."""
    pulumi.runtime.register_stack_transformation(_tagger(tags))


def _tagger(
    tags: Mapping[str, str],
) -> Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]:
    def tag(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        # azure-native hands over every property that a type has, set or not: a type with no `tags` takes none.
        if not args.type_.startswith("azure-native:") or "tags" not in args.props:
            return None
        props: Mapping[str, Any] = args.props
        return pulumi.ResourceTransformationResult({**props, "tags": {**tags, **(props["tags"] or {})}}, args.opts)

    return tag

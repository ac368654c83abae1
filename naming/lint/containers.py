"""Within what a name may occur only once: all of Azure, a subscription, a region, or what the resource is in."""

from collections.abc import Callable
from functools import cache

from naming.lint.model import NamedResource
from naming.rule import Rule, Scope

_ANYWHERE = {Scope.GLOBAL, Scope.TENANT}


@cache
def container_of(rule: Rule) -> Callable[[NamedResource], str]:
    """Return what tells in which container the name of a resource has to be unique."""
    if rule.scope in _ANYWHERE:
        return lambda _: ""
    if rule.scope is Scope.SUBSCRIPTION:
        return lambda resource: _subscription(resource.scope_path)
    if rule.scope is Scope.REGION:
        return _region
    return lambda resource: resource.scope_path.lower()


def _subscription(scope_path: str) -> str:
    """Return the subscription of a resource id, empty where it is none.

    Names whose subscription is unknown are compared with each other: a list of names is taken for one subscription.
    """
    start, subscriptions, rest = scope_path.lower().partition("/subscriptions/")
    return rest.partition("/")[0] if subscriptions and not start else ""


def _region(resource: NamedResource) -> str:
    """Return the region of a resource, `West Europe` or `westeurope`; what it is in where the source says none."""
    return resource.location.replace(" ", "").lower() if resource.location else resource.scope_path.lower()

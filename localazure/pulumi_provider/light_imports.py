"""Imports Pulumi's protobuf classes without Pulumi's SDK around them.

`import pulumi` runs 0.3 s of code that a provider has no use for, and every `pulumi` command would wait for it.
"""

import sys
from importlib.machinery import PathFinder
from types import ModuleType

_PACKAGES = ("pulumi", "pulumi.runtime")


def skip_sdk() -> None:
    """Let `pulumi.runtime.proto` be found in packages whose own code does not run. Only for this plugin's process."""
    folders = None
    for package in _PACKAGES:
        found = PathFinder.find_spec(package, folders)
        if found is None or found.submodule_search_locations is None or package in sys.modules:
            return
        folders = list(found.submodule_search_locations)
        module = ModuleType(package)
        module.__path__ = folders
        sys.modules[package] = module

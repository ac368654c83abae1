"""Resources of Pulumi's package `azure` ("Azure Classic"), which is made from azurerm: the same inputs, respelt.

Which azurerm type a token is, is in pulumi_classic_types.toml.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from naming.lint.sources.places import Path, path
from naming.lint.sources.terraform import azurerm_templates

PREFIX = "azure:"
_TYPES = FilePath(__file__).parent / "pulumi_classic_types.toml"
_CAPITAL = re.compile(r"(?<!^)([A-Z])")


def classic_path(token: str) -> Path | None:
    """Return where resources of a token such as `azure:keyvault/keyVault:KeyVault` stand, None when unknown."""
    azurerm = _azurerm_types().get(token.removeprefix(PREFIX))
    template = azurerm_templates().get(azurerm) if azurerm else None
    return None if template is None else path(template)


def azurerm_values(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs as azurerm calls them: `resource_group_name`, not `resourceGroupName`."""
    return {_CAPITAL.sub(r"_\1", key).lower(): value for key, value in inputs.items()}


@cache
def _azurerm_types() -> Mapping[str, str]:
    types: Mapping[str, str] = tomllib.loads(_TYPES.read_text("utf-8"))["types"]
    return types

"""The settings of a stack: a file for each part, put together in `stack`, read in `reading`."""

from infra.settings.reading import profiles, settings_from, stack_file
from infra.settings.stack import Settings

__all__ = ["Settings", "profiles", "settings_from", "stack_file"]

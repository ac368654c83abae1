"""The settings of a stack: a file for each part, put together in `stack`."""

from infra.settings.stack import Settings, profiles, settings_from, stack_file

__all__ = ["Settings", "profiles", "settings_from", "stack_file"]

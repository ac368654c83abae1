"""The one error this room raises on purpose, always with a sentence a user can act on."""

from typing import ClassVar


class LocalAzureError(Exception):
    """Something the user can put right: a port taken, nothing running, a tool missing."""

    exit_code: ClassVar[int] = 2

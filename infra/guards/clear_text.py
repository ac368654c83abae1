"""Keeps secrets in clear out of stack files.

The engine says which keys it had to decrypt, not which values below a key: of two secrets one might be in clear, and
only the stack's file tells.
"""

from pathlib import Path

from infra.errors import SettingsError
from infra.settings import stack_file
from infra.settings.secrets import SECRETS, declared_secrets
from naming import NamingError
from naming.stack import configuration


def require_encrypted_secrets(project: Path, stack: str) -> None:
    """Raise `SettingsError` for a secret in clear in the stack's file, if it is in `project`."""
    file = stack_file(stack)
    if not (project / file).is_file():
        return
    try:
        config = configuration(project, stack)
    except NamingError as error:
        raise SettingsError(str(error)) from None
    if SECRETS in config:
        declared_secrets(config[SECRETS], file, encrypted=False)

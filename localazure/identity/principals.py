"""Which `IDENTITY_HEADER` stands for whom: the signed-in user, or the managed identity a job runs as.

A job's header carries its principal and a signature of this home, so that a job outlives a restart of the server.
"""

import hmac
import secrets
from hashlib import sha256

from localazure.home import Home, Settings
from localazure.identity.tokens import Principal


class Principals:
    """The principals that may ask the managed identity endpoint for tokens."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.user = Principal(settings.user_object_id, settings.user_object_id, "developer")
        self.user_header = home.secret("identity-header")
        self._key = home.secret("identity-key").encode()

    def header_of(self, principal: Principal) -> str:
        """The header that makes a process this principal; the same each time, so it outlives a restart."""
        text = f"{principal.object_id}/{principal.client_id}/{principal.name}"
        return f"{text}/{hmac.new(self._key, text.encode(), sha256).hexdigest()}"

    def of_header(self, header: str) -> Principal | None:
        """Whose header this is, or None for one that was never given out."""
        if secrets.compare_digest(header.encode(), self.user_header.encode()):
            return self.user
        object_id, client_id, name, _ = (header.split("/") + [""] * 4)[:4]
        candidate = Principal(object_id, client_id, name)
        return candidate if secrets.compare_digest(self.header_of(candidate).encode(), header.encode()) else None

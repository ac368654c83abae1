"""Access tokens: issued by the managed identity endpoint, checked by every service.

Signed with a key of this home, so that a token of another home, or one made up, is refused.
Shape as Microsoft Entra's v1.0 tokens (learn.microsoft.com, access-token-claims-reference); Azurite's `--oauth basic`
needs `iss` below https://sts.windows.net/, `aud`, `iat`, `nbf` and `exp`.
"""

import time
from dataclasses import dataclass

import jwt

from localazure.home import TENANT_ID

LIFETIME_SECONDS = 3600
TOKEN_KEY = "token-key"  # noqa: S105 - the name of a file
"""The secret of the home that signs tokens."""
_CLOCK_SKEW_SECONDS = 300
_ALGORITHM = "HS256"


@dataclass(frozen=True)
class Principal:
    """A user or managed identity: its object id is what access policies and role assignments name."""

    object_id: str
    client_id: str
    name: str


class InvalidTokenError(Exception):
    """No token, or one that this home did not issue for this audience."""


@dataclass(frozen=True)
class TokenAuthority:
    """Issues and checks the tokens of one home."""

    key: str

    def issue(self, principal: Principal, resource: str) -> tuple[str, int]:
        """A token for `resource` (an audience), and its expiry in seconds since the epoch."""
        now = int(time.time())
        expires = now + LIFETIME_SECONDS
        claims = {
            "aud": resource,
            "iss": f"https://sts.windows.net/{TENANT_ID}/",
            "iat": now - _CLOCK_SKEW_SECONDS,
            "nbf": now - _CLOCK_SKEW_SECONDS,
            "exp": expires,
            "oid": principal.object_id,
            "sub": principal.object_id,
            "appid": principal.client_id,
            "app_displayname": principal.name,
            "tid": TENANT_ID,
            "ver": "1.0",
        }
        return jwt.encode(claims, self.key, algorithm=_ALGORITHM), expires

    def check(self, authorization: str, audiences: frozenset[str]) -> Principal:
        """The principal of an `Authorization` header. Raises InvalidTokenError."""
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token:
            raise InvalidTokenError("the 'Authorization' header is missing or is no bearer token")
        try:
            claims = jwt.decode(token, self.key, algorithms=[_ALGORITHM], options={"verify_aud": False})
        except jwt.InvalidTokenError as problem:
            raise InvalidTokenError(f"the token was refused: {problem}") from None
        if str(claims.get("aud", "")).rstrip("/") not in audiences:
            raise InvalidTokenError(f"the token is for {claims.get('aud')}, not for {' or '.join(audiences)}")
        return Principal(claims["oid"], claims["appid"], claims["app_displayname"])

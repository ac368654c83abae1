"""Tokens and the headers that stand for a principal."""

from pathlib import Path

import jwt
import pytest

from localazure.home import Home
from localazure.identity.principals import Principals
from localazure.identity.tokens import InvalidTokenError, Principal, TokenAuthority

ARM = frozenset({"https://management.azure.com"})
SOMEBODY = Principal("object", "client", "somebody")


def test_a_token_gives_back_who_it_was_issued_to() -> None:
    authority = TokenAuthority("k" * 32)
    token, _ = authority.issue(SOMEBODY, "https://management.azure.com/")
    assert authority.check(f"Bearer {token}", ARM) == SOMEBODY


def test_a_token_of_another_home_is_refused() -> None:
    token, _ = TokenAuthority("a" * 32).issue(SOMEBODY, "https://management.azure.com")
    with pytest.raises(InvalidTokenError, match="refused"):
        TokenAuthority("b" * 32).check(f"Bearer {token}", ARM)


def test_a_token_for_another_service_is_refused() -> None:
    authority = TokenAuthority("k" * 32)
    token, _ = authority.issue(SOMEBODY, "https://vault.azure.net")
    with pytest.raises(InvalidTokenError, match=r"is for https://vault\.azure\.net"):
        authority.check(f"Bearer {token}", ARM)


def test_an_unsigned_token_is_refused() -> None:
    token = jwt.encode({"aud": "https://management.azure.com", "oid": "x"}, "", algorithm="none")
    with pytest.raises(InvalidTokenError):
        TokenAuthority("k" * 32).check(f"Bearer {token}", ARM)


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer "])
def test_no_token_is_refused(header: str) -> None:
    with pytest.raises(InvalidTokenError, match="missing"):
        TokenAuthority("k" * 32).check(header, ARM)


def test_a_principals_header_outlives_the_server_and_cannot_be_made_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    settings = home.create(0)
    header = Principals(home, settings).header_of(SOMEBODY)
    again = Principals(home, settings)
    assert again.of_header(header) == SOMEBODY
    assert again.of_header(again.user_header) == again.user
    assert again.of_header(header.replace("object", "subject")) is None
    assert again.of_header("") is None

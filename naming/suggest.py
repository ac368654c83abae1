"""Proposes the compliant name that is nearest to an existing one, and says what taking it would cost.

What a name says is kept, what it does not say comes from the convention. A type that the convention does not name
(it has no abbreviation) gets its own name back, corrected as far as Azure wants it (`naming.correct`).
"""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from naming.convention import Convention
from naming.correct import corrected
from naming.errors import NamingError, shown
from naming.parse import ParsedName, parse
from naming.parse_diagnosis import DeviationKind
from naming.rule import Rule
from naming.tokens import Tokens

_RENAMES = Path(__file__).parent / "renames.toml"
_WORD = re.compile(r"[a-z][a-z0-9]*")
_INSTANCE = re.compile(r"[a-z0-9]{1,4}")
_COMMONEST_REGION = "westeurope"


@dataclass(frozen=True, slots=True)
class Rename:
    """A type that Azure can rename in place: how, and where that is written."""

    type: str
    how: str
    source: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A compliant name, and what it costs to take it.

    `replaces` says whether Azure would have to delete the resource and create it again; `reason` says why, or how
    it is renamed. `assumed` are the tokens that the old name does not say, by the convention or by the caller.
    """

    name: str
    replaces: bool
    reason: str
    assumed: tuple[str, ...] = ()


def nearest_name(  # noqa: PLR0913 - what is known of a resource besides its name
    rule: Rule,
    name: str,
    convention: Convention,
    environment: str | None = None,
    region: str | None = None,
    *,
    is_in_environment: bool = False,
) -> Suggestion:
    """Return the compliant name nearest to `name`, of a resource of type `rule`.

    `environment` and `region` are what is taken where the name does not say; where they are None, the first
    environment of the convention and West Europe. With `is_in_environment`, the resource is known to be in
    `environment`, whatever its name says.

    Raises:
        NamingError: there is no such name: Azure wants a GUID, or the tokens can't stand in a name of this type.
    """
    if not is_named(rule, convention):
        return _suggestion(rule, name, corrected(rule, name))
    parsed = parse(convention, rule, name)
    is_elsewhere = is_in_environment and parsed.tokens.get("environment") not in (None, environment)
    if parsed.follows and not is_elsewhere:
        return Suggestion(name, replaces=False, reason="the name follows the convention.")
    if parsed.follows and parsed.recovered is None:
        raise NamingError(f"{shown(name)} was shortened, and does not say of what: no other name can be made of it.")
    tokens = parsed.recovered or tokens_meant(parsed, convention, environment, region)
    if is_elsewhere and environment:
        tokens = replace(tokens, environment=environment)
    return _suggestion(rule, name, convention.name(rule, tokens), unsaid(parsed, convention))


def unsaid(parsed: ParsedName, convention: Convention) -> tuple[str, ...]:
    """Return what a name is made of by the convention, be it for its hash alone, and this one does not say."""
    layout = convention.layout(parsed.rule)
    needed = layout.order if not layout.suffix_length else ("environment", "region", "workload")
    return tuple(
        token for token in ("environment", "region", "workload") if token in needed and token not in parsed.tokens
    )


def is_named(rule: Rule, convention: Convention) -> bool:
    """Whether the convention has names of the type, which it has where there is an abbreviation."""
    return rule.key in convention.types or rule.abbreviation is not None


def tokens_meant(
    parsed: ParsedName, convention: Convention, environment: str | None = None, region: str | None = None
) -> Tokens:
    """Return what a name should be made of: what it says, and else what is given, and else what is usual.

    Raises:
        NamingError: there is no such environment or region, or a token can't stand in a name.
    """
    said = parsed.tokens
    return convention.tokens(
        environment=said.get("environment") or environment or next(iter(convention.environments)),
        region=said.get("region") or region or _usual_region(convention),
        workload=_workload(parsed),
        instance=_instance(parsed),
    )


@cache
def renames() -> dict[str, Rename]:
    """Return the types that Azure can rename in place, by their lower-case name."""
    read = tomllib.loads(_RENAMES.read_text("utf-8"))["rename"]
    return {entry["type"].lower(): Rename(**entry) for entry in read}


def _suggestion(rule: Rule, name: str, nearest: str, assumed: tuple[str, ...] = ()) -> Suggestion:
    rename = renames().get(rule.type.lower())
    if nearest == name:
        return Suggestion(name, replaces=False, reason="the name is good as it is.")
    if rename:
        reason = f"Azure renames {rule.a_label} in place: {rename.how}."
        return Suggestion(nearest, replaces=False, reason=reason, assumed=assumed)
    reason = f"Azure can't rename {rule.a_label}: a new one is created, and the old one deleted with all that is in it."
    return Suggestion(nearest, replaces=True, reason=reason, assumed=assumed)


def _usual_region(convention: Convention) -> str:
    codes = convention.region_codes
    return _COMMONEST_REGION if _COMMONEST_REGION in codes else next(iter(codes))


def _workload(parsed: ParsedName) -> str | None:
    """Return the workload that a name says: words that stand for nothing else belong to it."""
    strays = (one for one in parsed.deviations if one.kind is DeviationKind.UNKNOWN and one.token is None)
    extra = {one.text for one in strays if one.meant is None}
    own = parsed.tokens.get("workload")
    words = [word for word in re.split(r"[^a-z0-9]+", parsed.name.lower()) if word in extra or word == own]
    joined = "".join(words) if len(words) > 1 else own or "".join(words)
    joined = re.sub(r"^[0-9]+", "", joined)
    return joined if _WORD.fullmatch(joined) else None


def _instance(parsed: ParsedName) -> str | None:
    instance = parsed.tokens.get("instance")
    return instance if instance and _INSTANCE.fullmatch(instance) else None

"""What a name is made of.

The shapes below make names unambiguous: every token but the instance starts with a letter, and the instance
is short, so none is ever taken for the hash that stands in a shortened name (see `naming.shorten`).
"""

import re
from dataclasses import dataclass

from naming.errors import NamingError, shown

_WORD = re.compile(r"[a-z][a-z0-9]*")
_INSTANCE = re.compile(r"[a-z0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of an environment, as the user writes them: full names, no short codes.

    `region` is the name that Azure's API uses; `instance` is None where there is only one.

    Raises:
        NamingError: workload, organisation or instance is not of the shape that names need.
    """

    organisation: str
    workload: str
    environment: str
    region: str
    instance: str | None = None

    def __post_init__(self) -> None:
        check_word("organisation", self.organisation)
        check_word("workload", self.workload)
        if self.instance is not None:
            check_instance("instance", self.instance)


def check_word(key: str, text: str) -> str:
    """Return `text`, or raise a NamingError that names `key` when it can't be a word of a name."""
    if _WORD.fullmatch(text):
        return text
    usable = re.sub(r"[^a-z0-9]|^[0-9]+", "", text.lower())
    example = f", for instance {shown(usable)}." if _WORD.fullmatch(usable) else "."
    raise NamingError(f"{key} is {shown(text)}: write lower-case letters and digits, starting with a letter{example}")


def check_instance(key: str, text: str) -> str:
    """Return `text`, or raise a NamingError that names `key` when it can't be the instance of a name."""
    if _INSTANCE.fullmatch(text):
        return text
    raise NamingError(f"{key} is {shown(text)}: write one to four lower-case letters or digits, for instance '01'.")

"""Writes a naming.toml that explains itself: the template `naming/init_template.toml` with one's own answers in it."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from naming.convention import Convention
from naming.errors import NamingError

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TEMPLATE = Path(__file__).parent / "init_template.toml"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new convention says; the defaults are those of `naming/defaults.toml`."""

    organisation: str
    workload: str
    instance: str = ""
    order: Sequence[str] = ("abbreviation", "workload", "environment", "region", "instance")
    separator: str = "-"
    suffix_length: int = 5
    region_codes: str = "azure-naming-tool"
    environments: Mapping[str, str] | None = None


def convention_text(answers: Answers) -> str:
    """Return the naming.toml of `answers`, which loads.

    Raises:
        NamingError: an answer is none that a convention can have; the sentence names its key.
    """
    environments = answers.environments or {"local": "loc", "dev": "dev", "qa": "qa", "prod": "prod", "shared": "shr"}
    for name in environments:
        if not _NAME.fullmatch(name):
            raise NamingError(f"the environment {name!r} can't be a stack: write letters, digits, '.', '_' and '-'.")
    text = Template(_TEMPLATE.read_text("utf-8")).substitute(
        organisation=_inside_quotes(answers.organisation),
        workload=_inside_quotes(answers.workload),
        instance=_inside_quotes(answers.instance),
        order=f"[{', '.join(map(_quoted, answers.order))}]",
        separator=_inside_quotes(answers.separator),
        suffix_length=answers.suffix_length,
        region_codes=_inside_quotes(answers.region_codes),
        environments="\n".join(f"{_key(name)} = {_quoted(short)}" for name, short in environments.items()),
    )
    Convention.from_mapping(tomllib.loads(text))
    return text


def write_convention(path: Path, answers: Answers, *, force: bool = False) -> None:
    """Write the naming.toml of `answers` to `path`.

    Raises:
        NamingError: an answer can't be, or there is a file at `path` already and `force` is not given.
    """
    text = convention_text(answers)
    if not force:
        require_free(path)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NamingError(f"{path} can't be written: {error.strerror}; choose another --output.") from error


def require_free(path: Path) -> None:
    """Raise a NamingError when there is something at `path` already: names made by it may be in use."""
    if path.exists():
        raise NamingError(f"{path} exists: choose another --output, or write over it with --force.")


def environments_of(spellings: Sequence[str]) -> dict[str, str]:
    """Return the environments of `NAME` or `NAME=SHORT`, as they are written on a command line.

    Raises:
        NamingError: one is written twice.
    """
    found: dict[str, str] = {}
    for spelling in spellings:
        name, _, short = (part.strip() for part in spelling.partition("="))
        if name in found:
            raise NamingError(
                f"the environment {name!r} is written twice: leave out {spelling.strip()!r} or the other."
            )
        found[name] = short or name
    return found


def _inside_quotes(text: str) -> str:
    return _quoted(text)[1:-1]


def _quoted(text: str) -> str:
    """Return `text` as TOML writes it: as JSON does, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if "." not in name else _quoted(name)

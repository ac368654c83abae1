"""What the linter reports and how severely: the settings of a project, and what the command line says on top.

They are written in `[lint]` of naming.toml, or in `[tool.mlws.lint]` of pyproject.toml by who has no naming.toml:

    [lint]
    select = ["NAM"]                        # ids or their beginnings; what is left out is not checked
    ignore = ["NAM106"]                     # the longer id wins: select NAM2, ignore NAM204
    baseline = "naming-baseline.json"       # findings in it are not reported

    [lint.severity]
    NAM201 = "warning"                      # error, warning or info; info alone does not fail a build

    [lint.per-file-ignores]
    "legacy/*.csv" = ["NAM2"]

    [lint.required-tags]
    owner = []                              # any value
    environment = ["dev", "prod"]           # one of these
"""

import os.path
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from naming.errors import NamingError, did_you_mean
from naming.lint.checks.catalogue import IDS, PREFIXES
from naming.lint.model import Severity

if TYPE_CHECKING:
    from naming.lint.model import Finding

Table = Mapping[str, object]

_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_NAMING_FILE = "naming.toml"
_PROJECT_FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of the linter; the default ones report everything.

    `required_tags` maps the name of a tag to its allowed values, empty where any will do. `file` is what sentences
    call the place that the settings were read from, `folder` the one that its paths are seen from.
    """

    select: tuple[str, ...] = ("NAM",)
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required_tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline: str | None = None
    file: str = "the settings"
    folder: str = ""

    @classmethod
    def load(cls, folder: Path) -> "Configuration":
        """Return the settings of the naming.toml or the pyproject.toml in `folder`, the default ones without either.

        Raises:
            NamingError: a file is no TOML, both have settings, or a key or value is none that the settings have.
        """
        own = _table_in(folder / _NAMING_FILE, ("lint",))
        project = _table_in(folder / _PROJECT_FILE, ("tool", "mlws", "lint"))
        if own is not None and project is not None:
            raise NamingError(
                f"{_NAMING_FILE} has [lint] and {_PROJECT_FILE} has [tool.mlws.lint]: keep one of the two."
            )
        if own is not None:
            found = cls.from_mapping(own, _NAMING_FILE, "lint")
        elif project is not None:
            found = cls.from_mapping(project, _PROJECT_FILE, "tool.mlws.lint")
        else:
            return cls()
        return replace(found, folder=str(folder))

    @classmethod
    def from_mapping(cls, read: Table, file: str = _NAMING_FILE, table: str = "lint") -> "Configuration":
        """Return the settings of a table; `file` and `table` are what sentences call it.

        Raises:
            NamingError: a key or value is none that the settings have.
        """
        return _Settings(file, table, read).configuration()

    def with_options(self, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> "Configuration":
        """Return the settings with those of the command line: `--select` instead of select, `--ignore` in addition.

        Raises:
            NamingError: an id or prefix is none of a check.
        """
        chosen = tuple(_checked_id(one, "--select") for one in ids_of(select))
        left_out = tuple(_checked_id(one, "--ignore") for one in ids_of(ignore))
        return replace(self, select=chosen or self.select, ignore=(*self.ignore, *left_out))

    def selects(self, check_id: str) -> bool:
        """Whether a check runs: the longest of the ids and prefixes that fit decides, ignore where both are alike."""
        return _longest(check_id, self.select) > _longest(check_id, self.ignore)

    def severity(self, check_id: str, usual: Severity) -> Severity:
        """Return how severe a finding of the check is, `usual` where the settings do not say."""
        fitting = [key for key in self.severities if check_id.startswith(key)]
        return self.severities[max(fitting, key=len)] if fitting else usual

    def reports(self, finding: "Finding") -> bool:
        """Whether a finding is reported in its file."""
        return not any(
            _longest(finding.id, ignored)
            for pattern, ignored in self.per_file_ignores.items()
            if _is_in(os.path.relpath(finding.resource.file or "-", self.folder), pattern)
        )

    @property
    def allowed_values(self) -> dict[str, tuple[str, ...]]:
        """The allowed values of the required tags, by the lower-case name of the tag."""
        return {name.lower(): values for name, values in self.required_tags.items()}


def ids_of(options: Sequence[str]) -> list[str]:
    """Return the ids and prefixes of options, each of which may hold several with commas between them."""
    return [part for option in options for part in option.replace(",", " ").split()]


class _Settings:
    """Reads a table of settings: every mistake is a sentence that names the file and the key."""

    def __init__(self, file: str, table: str, read: Table) -> None:
        self._file = file
        self._table = table
        self._read = read
        self._check_keys(read)

    def configuration(self) -> Configuration:
        return Configuration(
            select=self._ids("select", self._read.get("select", ["NAM"])),
            ignore=self._ids("ignore", self._read.get("ignore", [])),
            severities=self._severities(),
            per_file_ignores={
                pattern: self._ids(f'per-file-ignores."{pattern}"', ids)
                for pattern, ids in self._mapping("per-file-ignores").items()
            },
            required_tags={
                name: self._texts(f"required-tags.{name}", values)
                for name, values in self._mapping("required-tags").items()
            },
            baseline=self._baseline(),
            file=f"[{self._table}] of {self._file}",
        )

    def _severities(self) -> dict[str, Severity]:
        found: dict[str, Severity] = {}
        for check_id, wanted in self._mapping("severity").items():
            severity = next((one for one in _SEVERITIES if one == wanted), None)
            if severity is None:
                raise NamingError(f"{self._named('severity', check_id)} is {wanted!r}: {_alternatives(wanted)}")
            found[_checked_id(check_id, self._named("severity"))] = severity
        return found

    def _baseline(self) -> str | None:
        baseline = self._read.get("baseline")
        if baseline is None or (isinstance(baseline, str) and baseline):
            return baseline
        raise NamingError(f"{self._named('baseline')} is {baseline!r}: write the name of a file in quotes.")

    def _ids(self, key: str, value: object) -> tuple[str, ...]:
        return tuple(_checked_id(one, self._named(key)) for one in self._texts(key, value))

    def _texts(self, key: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise NamingError(f'{self._named(key)} is {value!r}: write a list of texts, such as ["one"].')

    def _mapping(self, key: str) -> Table:
        value = self._read.get(key, {})
        if isinstance(value, dict):
            return value
        raise NamingError(f"{self._named(key)} is {value!r}: write a table, [{self._table}.{key}].")

    def _check_keys(self, given: Collection[str]) -> None:
        known = ("select", "ignore", "severity", "per-file-ignores", "required-tags", "baseline")
        for key in given:
            if key not in known:
                raise NamingError(f"{self._file} has the unknown key {self._table}.{key}: {did_you_mean(key, known)}")

    def _named(self, *keys: str) -> str:
        return f"{self._file}: {'.'.join([self._table, *keys])}"


def _table_in(path: Path, keys: Sequence[str]) -> Table | None:
    if not path.is_file():
        return None
    try:
        found: object = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise NamingError(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise NamingError(f"{path} is not valid TOML: {error}.") from error
    for position, key in enumerate(keys, start=1):
        found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            return None
        if not isinstance(found, dict):
            name = ".".join(keys[:position])
            raise NamingError(f"{path.name}: {name} is {found!r}: write a table, [{name}].")
    return found if isinstance(found, dict) else None


def _checked_id(written: str, where: str) -> str:
    known = written.upper()
    if known in IDS or known in PREFIXES:
        return known
    raise NamingError(f"{where} has {written!r}, which is no check: {_nearest_id(known)}")


def _nearest_id(written: str) -> str:
    sentence = did_you_mean(written, IDS)
    return sentence if sentence.startswith("did you mean") else f"write an id such as {IDS[0]} or the start of one."


def _alternatives(wanted: object) -> str:
    return did_you_mean(wanted if isinstance(wanted, str) else "", _SEVERITIES)


def _longest(check_id: str, beginnings: Sequence[str]) -> int:
    return max((len(one) for one in beginnings if check_id.startswith(one)), default=0)


def _is_in(file: str, pattern: str) -> bool:
    """Whether a file is meant by a pattern: by its path from the folder of the settings, or the end of that."""
    path = file.replace("\\", "/")
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")

"""Reads a `naming.toml`: every key checked, every mistake a sentence that says what to write instead."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from naming.errors import NamingError, did_you_mean
from naming.regions import code_tables, region_name, regions
from naming.rule import Rule
from naming.rulebook import rule_for_key
from naming.shorten import HASH_LENGTH
from naming.tokens import check_instance, check_word

Table = Mapping[str, object]

_NAME = "naming.toml"
_DEFAULTS = Path(__file__).parent / "defaults.toml"
_WORDS = ("abbreviation", "organisation", "workload", "environment", "region", "instance")
# What the file holds besides the convention: the settings of the linter, read by naming/lint/configuration.py.
_OTHER_TABLES = ("lint",)
_TYPE_KEYS = ("abbreviation", "order", "separator", "max_length")
_SEPARATORS = ("-", "")
_SHORTEST_SUFFIX = 4


def nearest_convention(start: Path) -> Path:
    """Return the naming.toml of the project that the folder `start` is in.

    Raises:
        NamingError: there is none in `start` nor above it.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / _NAME).is_file():
            return folder / _NAME
    raise NamingError(
        f"there is no {_NAME} in {start} nor above it: write one with `mlws names init`, or name one with --convention."
    )


@dataclass(frozen=True, slots=True)
class TypeConvention:
    """What a convention says of one type; None where the type follows the rest of the convention."""

    abbreviation: str | None = None
    order: tuple[str, ...] | None = None
    separator: str | None = None
    max_length: int | None = None


class ConventionFile:
    """The keys of a naming.toml, with those of `naming/defaults.toml` where it leaves them out.

    Raises:
        NamingError: from each method, when a key is unknown or its value is none that the key takes.
    """

    def __init__(self, file: str, read: Table) -> None:
        self.file = file
        self._read = read
        self._defaults: Table = tomllib.loads(_DEFAULTS.read_text("utf-8"))
        self._check_keys("", read, (*self._defaults, *_OTHER_TABLES))

    @classmethod
    def read(cls, path: Path) -> "ConventionFile":
        """Read the file at `path`."""
        try:
            return cls(path.name, tomllib.loads(path.read_text("utf-8")))
        except OSError as error:
            raise NamingError(f"{path} can't be read: {error.strerror}; name one with --convention.") from error
        except ValueError as error:
            raise NamingError(f"{path} is not valid TOML: {error}.") from error

    def word(self, key: str) -> str:
        """Return a word that stands in names."""
        return self._word(key, self._value(key))

    def instance(self) -> str | None:
        """Return the instance, or None where it is left empty."""
        instance = self._text("instance", self._value("instance"))
        return check_instance(f"{self.file}: instance", instance) if instance else None

    def order(self) -> tuple[str, ...]:
        """Return the order of the words of a name."""
        return self._order("order", self._value("order"))

    def separator(self) -> str:
        """Return what stands between two words, where a type allows it."""
        return self._chosen("separator", self._value("separator"), _SEPARATORS)

    def suffix_length(self) -> int:
        """Return how many characters the suffix of a globally unique name has."""
        length = self._number("suffix_length", self._value("suffix_length"))
        if _SHORTEST_SUFFIX <= length <= HASH_LENGTH:
            return length
        raise NamingError(f"{self.file}: suffix_length is {length}: write {_SHORTEST_SUFFIX} to {HASH_LENGTH}.")

    def environments(self) -> dict[str, str]:
        """Return the short form of each environment, by its name."""
        given = self._table("environments", self._value("environments"))
        if not given:
            raise NamingError(f'{self.file}: [environments] is empty: write one, for instance dev = "dev".')
        shorts = {name: self._word(f"environments.{name}", short) for name, short in given.items()}
        self._no_two_alike("environments", shorts)
        return shorts

    def region_codes(self) -> dict[str, str]:
        """Return the short code of each region, by its name: the chosen table's, or the file's own."""
        table = self._chosen("region_codes", self._value("region_codes"), tuple(code_tables()))
        codes = {name: region.codes[table] for name, region in regions().items() if table in region.codes}
        for spelling, code in self._table("regions", self._value("regions")).items():
            # A region that is new to us is welcome; one that is nearly a known one is a slip of the pen.
            known = get_close_matches(region_name(spelling), regions(), n=1, cutoff=0.8)
            if known and region_name(spelling) not in regions():
                raise NamingError(f"{self.file}: [regions] has {spelling!r}: did you mean {known[0]!r}?")
            codes[region_name(spelling)] = self._word(f"regions.{spelling}", code)
        self._no_two_alike("regions", codes)
        return codes

    def types(self) -> dict[str, TypeConvention]:
        """Return what is different for single types, by `Rule.key`."""
        found: dict[str, TypeConvention] = {}
        for tables in (self._defaults["types"], self._value("types")):
            for spelling, keys in self._table("types", tables).items():
                name = f'types."{spelling}"'
                rule = self._rule(name, spelling)
                found[rule.key] = self._type(name, self._table(name, keys), rule, found.get(rule.key))
        return found

    def _value(self, key: str) -> object:
        return self._read.get(key, self._defaults.get(key, {}))

    def _rule(self, name: str, spelling: str) -> Rule:
        try:
            return rule_for_key(spelling)
        except NamingError as error:
            raise NamingError(f"{self.file}: {name}: {error}") from error

    def _type(self, name: str, keys: Table, rule: Rule, before: TypeConvention | None) -> TypeConvention:
        self._check_keys(f"{name}.", keys, _TYPE_KEYS)
        own = before or TypeConvention()
        if "abbreviation" in keys:
            own = replace(own, abbreviation=self._word(f"{name}.abbreviation", keys["abbreviation"]))
        if "order" in keys:
            own = replace(own, order=self._order(f"{name}.order", keys["order"]))
        if "separator" in keys:
            own = replace(own, separator=self._chosen(f"{name}.separator", keys["separator"], _SEPARATORS))
        if "max_length" in keys:
            own = replace(own, max_length=self._max_length(f"{name}.max_length", keys["max_length"], rule))
        return own

    def _max_length(self, key: str, value: object, rule: Rule) -> int:
        length = self._number(key, value)
        if rule.min_length <= length <= rule.max_length:
            return length
        allowed = f"{rule.min_length} to {rule.max_length}"
        raise NamingError(f"{self.file}: {key} is {length}: write {allowed}, which {rule.a_label} takes.")

    def _order(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise NamingError(f'{self.file}: {key} is {value!r}: write a list such as ["workload", "environment"].')
        words = [self._chosen(key, word, _WORDS) for word in value]
        twice = next((word for word in words if words.count(word) > 1), None)
        if twice:
            raise NamingError(f"{self.file}: {key} has {twice!r} twice: write it once.")
        if "environment" not in words:
            raise NamingError(f"{self.file}: {key} lacks 'environment', which no name may be without: add it.")
        return tuple(words)

    def _word(self, key: str, value: object) -> str:
        return check_word(f"{self.file}: {key}", self._text(key, value))

    def _text(self, key: str, value: object) -> str:
        if isinstance(value, str):
            return value
        raise NamingError(f"{self.file}: {key} is {value!r}: write text in quotes.")

    def _number(self, key: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise NamingError(f"{self.file}: {key} is {value!r}: write a whole number.")

    def _table(self, key: str, value: object) -> Table:
        if isinstance(value, dict):
            return value
        raise NamingError(f"{self.file}: {key} is {value!r}: write a table, [{key}].")

    def _chosen(self, key: str, value: object, allowed: Sequence[str]) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise NamingError(f"{self.file}: {key} is {value!r}: write one of {', '.join(map(repr, allowed))}.")

    def _check_keys(self, prefix: str, given: Table, known: Collection[str]) -> None:
        for key in given:
            if key not in known:
                raise NamingError(f"{self.file} has the unknown key {prefix}{key}: {did_you_mean(key, known)}")

    def _no_two_alike(self, table: str, shorts: Mapping[str, str]) -> None:
        owners: dict[str, str] = {}
        for name, short in shorts.items():
            if short in owners:
                both = f"{table}.{owners[short]} and {table}.{name} are both {short!r}"
                raise NamingError(f"{self.file}: {both}: change one, or names could not tell them apart.")
            owners[short] = name

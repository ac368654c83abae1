"""How an organisation names things: the convention of `naming.toml`, and the names that it makes.

The convention says which words a name has, in which order, and how they are spelt. What Azure allows is not its
business: each name is fitted to the rule of its type, and is checked against it before anybody sees it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from naming.errors import NamingError, did_you_mean
from naming.regions import code_tables, region_name, regions
from naming.rule import Rule, Scope, ViolationKind
from naming.rulebook import rule_for
from naming.shorten import HASH_LENGTH, Word, compose, digest
from naming.tokens import Tokens, check_instance, check_word

_DEFAULTS = Path(__file__).parent / "defaults.toml"
_WORDS = ("abbreviation", "organisation", "workload", "environment", "region", "instance")
_TYPE_KEYS = ("abbreviation", "order", "separator", "max_length")
_SEPARATORS = ("-", "")
_SHORTEST_SUFFIX = 4


@dataclass(frozen=True, slots=True)
class TypeConvention:
    """What a convention says of one type; None where it leaves the type to the rest of the convention."""

    abbreviation: str | None = None
    order: tuple[str, ...] | None = None
    separator: str | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class Convention:
    """A naming convention, as `naming.toml` writes it and with everything that it leaves out filled in.

    `environments` and `region_codes` map full names to the short ones that names contain; `types` is keyed by
    `Rule.key`; `file` is what error messages call the convention.
    """

    organisation: str
    workload: str
    instance: str | None
    order: tuple[str, ...]
    separator: str
    suffix_length: int
    environments: Mapping[str, str]
    region_codes: Mapping[str, str]
    types: Mapping[str, TypeConvention]
    file: str = "naming.toml"

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the convention of a `naming.toml`.

        Raises:
            NamingError: the file is missing, is no TOML, or has a key or value that a convention can't have.
        """
        try:
            read = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise NamingError(
                f"{path} can't be read ({error.strerror}): name a convention with --convention."
            ) from error
        except ValueError as error:
            raise NamingError(f"{path} is not valid TOML: {error}.") from error
        return cls.from_mapping(read, file=path.name)

    @classmethod
    def default(cls) -> Self:
        """Return the convention that a naming.toml starts from."""
        return cls.from_mapping({})

    @classmethod
    def from_mapping(cls, read: Mapping[str, Any], file: str = "naming.toml") -> Self:
        """Return the convention of the keys of a `naming.toml`; what is left out is as in `naming/defaults.toml`."""
        reader = _Reader(file, read, tomllib.loads(_DEFAULTS.read_text("utf-8")))
        return cls(
            organisation=reader.word("organisation"),
            workload=reader.word("workload"),
            instance=reader.instance(),
            order=reader.order(reader.value("order", list), "order"),
            separator=reader.one_of("separator", _SEPARATORS),
            suffix_length=reader.suffix_length(),
            environments=reader.environments(),
            region_codes=reader.region_codes(),
            types=reader.types(),
            file=file,
        )

    def tokens(
        self, environment: str, region: str, workload: str | None = None, instance: str | None = None
    ) -> Tokens:
        """Return the tokens of one environment; the convention's own workload and instance where none is given.

        Raises:
            NamingError: the environment or the region is not in the convention, or a token can't stand in a name.
        """
        if environment not in self.environments:
            raise NamingError(
                f"{self.file} has no environment {environment!r}: {did_you_mean(environment, self.environments)}"
            )
        region = self._known_region(region)
        return Tokens(
            self.organisation, workload or self.workload, environment, region, instance or self.instance
        )

    def name(self, rule: Rule, tokens: Tokens) -> str:
        """Return the name of the resource of type `rule` in the environment of `tokens`: one that Azure accepts.

        Raises:
            NamingError: no such name exists; the sentence names the key of the convention to change.
        """
        own = self.types.get(rule.key, TypeConvention())
        separator = self._separator(rule, own)
        suffixed = not separator or rule.scope in {Scope.GLOBAL, Scope.REGION}
        everything = _everything(tokens)
        name = compose(
            self._words(rule, own, tokens),
            separator,
            min(rule.max_length, own.max_length or rule.max_length),
            suffix=digest(everything, self.suffix_length) if suffixed else "",
            long_suffix=digest(everything, max(HASH_LENGTH, self.suffix_length)) if suffixed else "",
        )
        if name is None:
            raise NamingError(self._does_not_fit(rule, own, tokens))
        for violation in rule.violations(name):
            key = "workload" if violation.kind is ViolationKind.RESERVED else f'types."{rule.key}".order'
            raise NamingError(f"{self.file}: {violation.message} Change {key}.")
        return name

    def _known_region(self, region: str) -> str:
        name = region_name(region)
        if name in self.region_codes:
            return name
        if name in regions():
            raise NamingError(
                f'{self.file} has no short code for the region {name}: add {name} = "..." to [regions], or choose the '
                "other table of region_codes."
            )
        raise NamingError(f"there is no Azure region {region!r}: {_nearest_region(name)}")

    def _separator(self, rule: Rule, own: TypeConvention) -> str:
        wanted = self.separator if own.separator is None else own.separator
        return rule.separator if wanted else ""

    def _words(self, rule: Rule, own: TypeConvention, tokens: Tokens) -> list[Word]:
        texts = {
            "abbreviation": self._abbreviation(rule, own),
            "organisation": tokens.organisation,
            "workload": tokens.workload,
            "environment": self.environments[tokens.environment],
            "region": self.region_codes[tokens.region],
            "instance": tokens.instance or "",
        }
        return [Word(token, texts[token]) for token in own.order or self.order if texts[token]]

    def _abbreviation(self, rule: Rule, own: TypeConvention) -> str:
        abbreviation = own.abbreviation or rule.abbreviation
        if abbreviation:
            return abbreviation
        raise NamingError(
            f"{self.file} has no abbreviation for a {rule.label}, and the Cloud Adoption Framework has none either: "
            f'write one in types."{rule.key}".abbreviation.'
        )

    def _does_not_fit(self, rule: Rule, own: TypeConvention, tokens: Tokens) -> str:
        limit = min(rule.max_length, own.max_length or rule.max_length)
        short = self.environments[tokens.environment]
        return (
            f"{self.file}: no name of a {rule.label} fits into {limit} characters, because {short!r} must be in it: "
            f"shorten environments.{tokens.environment}"
            + (f' or raise types."{rule.key}".max_length.' if limit < rule.max_length else ".")
        )


class _Reader:
    """Takes the values of a convention from what the file says and, where it says nothing, from the defaults."""

    def __init__(self, file: str, read: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
        self._file = file
        self._read = read
        self._defaults = defaults
        self._check_keys("", read, defaults)

    def value(self, key: str, kind: type) -> Any:
        """Return the value of a key, once it is of the kind that the key takes."""
        return self._typed(key, self._read.get(key, self._defaults[key]), kind)

    def word(self, key: str) -> str:
        """Return the value of a key whose text stands in names."""
        return self._checked_word(key, self.value(key, str))

    def instance(self) -> str | None:
        """Return the instance, or None where it is left empty."""
        instance = self.value("instance", str)
        return check_instance(f"{self._file}: instance", instance) if instance else None

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """Return the value of a key that takes only the `allowed` ones."""
        return self._chosen(key, self.value(key, str), allowed)

    def suffix_length(self) -> int:
        """Return how many characters the suffix of a globally unique name has."""
        length: int = self.value("suffix_length", int)
        if _SHORTEST_SUFFIX <= length <= HASH_LENGTH:
            return length
        raise NamingError(
            f"{self._file}: suffix_length is {length}: write {_SHORTEST_SUFFIX} to {HASH_LENGTH}."
        )

    def order(self, given: list[Any], key: str) -> tuple[str, ...]:
        """Return an order of words that has each at most once and has an environment."""
        for position, word in enumerate(given):
            self._chosen(key, word, _WORDS)
            if word in given[:position]:
                raise NamingError(f"{self._file}: {key} has {word!r} twice: write it once.")
        if "environment" not in given:
            raise NamingError(
                f"{self._file}: {key} lacks 'environment': every name tells which environment it is of."
            )
        return tuple(given)

    def environments(self) -> dict[str, str]:
        """Return the environments, by name, with their short form."""
        given: dict[str, Any] = self.value("environments", dict)
        if not given:
            raise NamingError(f'{self._file}: [environments] is empty: write one, for instance dev = "dev".')
        shorts = {name: self._checked_word(f"environments.{name}", short) for name, short in given.items()}
        self._no_two_alike("environments", shorts)
        return shorts

    def region_codes(self) -> dict[str, str]:
        """Return the short code of every region: of the chosen table, then of the file's own [regions]."""
        table = self.one_of("region_codes", tuple(code_tables()))
        codes = {name: region.codes[table] for name, region in regions().items() if table in region.codes}
        for spelling, code in self.value("regions", dict).items():
            codes[region_name(spelling)] = self._checked_word(f"regions.{spelling}", code)
        self._no_two_alike("regions", codes)
        return codes

    def types(self) -> dict[str, TypeConvention]:
        """Return what the file and the defaults say of single types, by `Rule.key`."""
        found: dict[str, dict[str, Any]] = {}
        for said in (self._defaults["types"], self.value("types", dict)):
            for spelling, keys in said.items():
                key = f'types."{spelling}"'
                self._check_keys(f"{key}.", self._typed(key, keys, dict), _TYPE_KEYS)
                rule = self._rule(key, spelling)
                found.setdefault(rule.key, {}).update(self._type_values(key, keys, rule))
        return {key: TypeConvention(**values) for key, values in found.items()}

    def _type_values(self, key: str, keys: dict[str, Any], rule: Rule) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if "abbreviation" in keys:
            values["abbreviation"] = self._checked_word(f"{key}.abbreviation", keys["abbreviation"])
        if "order" in keys:
            values["order"] = self.order(self._typed(f"{key}.order", keys["order"], list), f"{key}.order")
        if "separator" in keys:
            values["separator"] = self._chosen(f"{key}.separator", keys["separator"], _SEPARATORS)
        if "max_length" in keys:
            length = self._typed(f"{key}.max_length", keys["max_length"], int)
            if not rule.min_length <= length <= rule.max_length:
                raise NamingError(
                    f"{self._file}: {key}.max_length is {length}: a {rule.label} takes "
                    f"{rule.min_length} to {rule.max_length} characters."
                )
            values["max_length"] = length
        return values

    def _rule(self, key: str, spelling: str) -> Rule:
        base, _, variant = spelling.removesuffix("]").partition("[")
        try:
            return rule_for(base, variant or None)
        except NamingError as error:
            raise NamingError(f"{self._file}: {key}: {error}") from error

    def _typed(self, key: str, value: Any, kind: type) -> Any:
        if isinstance(value, kind) and not isinstance(value, bool):
            return value
        kinds = {str: "text in quotes", int: "a whole number", list: "a list", dict: "a table"}
        raise NamingError(f"{self._file}: {key} is {value!r}: write {kinds[kind]}.")

    def _checked_word(self, key: str, text: Any) -> str:
        return check_word(f"{self._file}: {key}", self._typed(key, text, str))

    def _chosen(self, key: str, value: Any, allowed: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        shown = ", ".join(map(repr, allowed))
        raise NamingError(f"{self._file}: {key} is {value!r}: write one of {shown}.")

    def _check_keys(self, prefix: str, given: Mapping[str, Any], known: Any) -> None:
        for key in given:
            if key not in known:
                raise NamingError(
                    f"{self._file} has the unknown key {prefix}{key}: {did_you_mean(key, known)}"
                )

    def _no_two_alike(self, key: str, shorts: Mapping[str, str]) -> None:
        owners: dict[str, str] = {}
        for name, short in shorts.items():
            if short in owners:
                raise NamingError(
                    f"{self._file}: {key}.{owners[short]} and {key}.{name} are both {short!r}: names would not tell "
                    "them apart, so change one."
                )
            owners[short] = name


def _everything(tokens: Tokens) -> list[Word]:
    return [
        Word("organisation", tokens.organisation),
        Word("workload", tokens.workload),
        Word("environment", tokens.environment),
        Word("region", tokens.region),
        Word("instance", tokens.instance or ""),
    ]


def _nearest_region(name: str) -> str:
    sentence = did_you_mean(name, regions())
    return sentence if sentence.startswith("did you mean") else "write one such as 'westeurope'."

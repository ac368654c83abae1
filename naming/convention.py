"""How an organisation names things: the convention of `naming.toml`, and the names that it makes.

The convention says which words a name has, in which order, and how they are spelt. What Azure allows is not
its business: each name is fitted to the rule of its type, and checked against it before anybody sees it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from naming.convention_file import ConventionFile, TypeConvention
from naming.convention_layout import Layout
from naming.errors import NamingError, did_you_mean
from naming.regions import region_name, regions
from naming.rule import Rule, Scope, ViolationKind
from naming.tokens import Tokens


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
    def load(cls, path: Path) -> "Convention":
        """Read the convention of a `naming.toml`.

        Raises:
            NamingError: the file is missing, is no TOML, or has a key or value that a convention can't have.
        """
        return cls._of(ConventionFile.read(path))

    @classmethod
    def from_mapping(cls, read: Mapping[str, object], file: str = "naming.toml") -> "Convention":
        """Return the convention of the keys of a naming.toml; no keys give the default convention."""
        return cls._of(ConventionFile(file, read))

    @classmethod
    def _of(cls, read: ConventionFile) -> "Convention":
        return cls(
            organisation=read.word("organisation"),
            workload=read.word("workload"),
            instance=read.instance(),
            order=read.order(),
            separator=read.separator(),
            suffix_length=read.suffix_length(),
            environments=read.environments(),
            region_codes=read.region_codes(),
            types=read.types(),
            file=read.file,
        )

    def tokens(self, environment: str, region: str, workload: str | None = None, instance: str | None = None) -> Tokens:
        """Return the tokens of one environment, with the convention's own workload and instance where None.

        Raises:
            NamingError: the convention has no such environment or region, or a token can't stand in a name.
        """
        if environment not in self.environments:
            nearest = did_you_mean(environment, self.environments)
            raise NamingError(f"{self.file} has no environment {environment!r}: {nearest}")
        region = self._known_region(region)
        return Tokens(self.organisation, workload or self.workload, environment, region, instance or self.instance)

    def name(self, rule: Rule, tokens: Tokens) -> str:
        """Return the name of the resource of type `rule` in the environment of `tokens`: Azure accepts it.

        Raises:
            NamingError: no such name exists; the sentence names the key of the convention to change.
        """
        layout = self.layout(rule)
        name = layout.name(tokens, self.environments[tokens.environment], self.region_codes[tokens.region])
        if name is None:
            raise NamingError(self._does_not_fit(layout, tokens))
        for violation in rule.violations(name):
            key = "workload" if violation.kind is ViolationKind.RESERVED else f'types."{rule.key}".order'
            raise NamingError(f"{self.file}: {violation.message} Change {key}.")
        return name

    def layout(self, rule: Rule) -> Layout:
        """Return how the names of the type of `rule` are put together.

        Raises:
            NamingError: neither the convention nor the Cloud Adoption Framework has an abbreviation for the type.
        """
        known = self._layouts.get(rule.key)
        if known is None or known.rule is not rule:
            known = self._layouts[rule.key] = self._layout(rule)
        return known

    @cached_property
    def meanings(self) -> Mapping[str, Mapping[str, str]]:
        """What the short words of names mean: by token, short word to full name."""
        return {
            "environment": {short: name for name, short in self.environments.items()},
            "region": {code: name for name, code in self.region_codes.items()},
        }

    @cached_property
    def _layouts(self) -> dict[str, Layout]:
        return {}

    def _layout(self, rule: Rule) -> Layout:
        own = self.types.get(rule.key, TypeConvention())
        separator = rule.separator if (self.separator if own.separator is None else own.separator) else ""
        suffixed = not separator or rule.scope in {Scope.GLOBAL, Scope.REGION}
        return Layout(
            rule=rule,
            abbreviation=self._abbreviation(rule, own),
            order=own.order or self.order,
            separator=separator,
            limit=own.max_length or rule.max_length,
            suffix_length=self.suffix_length if suffixed else 0,
        )

    def _known_region(self, region: str) -> str:
        name = region_name(region)
        if name in self.region_codes:
            return name
        if name in regions():
            raise NamingError(
                f"{self.file} has no short code for the region {name!r}: write one in [regions], "
                f'for instance {name} = "{name[:2]}{name[-1]}".'
            )
        raise NamingError(f"there is no Azure region {region!r}: {_nearest_region(name)}")

    def _abbreviation(self, rule: Rule, own: TypeConvention) -> str:
        abbreviation = own.abbreviation or rule.abbreviation
        if abbreviation:
            return abbreviation
        raise NamingError(
            f"{self.file} has no abbreviation for {rule.a_label}, and neither has the Cloud Adoption "
            f'Framework: write types."{rule.key}".abbreviation.'
        )

    def _does_not_fit(self, layout: Layout, tokens: Tokens) -> str:
        rule, limit = layout.rule, layout.limit
        short = self.environments[tokens.environment]
        return (
            f"{self.file}: no name of {rule.a_label} that has {short!r} in it fits into {limit} characters: "
            f"shorten environments.{tokens.environment}"
            + (f' or raise types."{rule.key}".max_length.' if limit < rule.max_length else ".")
        )


def _nearest_region(name: str) -> str:
    sentence = did_you_mean(name, regions())
    return sentence if sentence.startswith("did you mean") else "write one such as 'westeurope'."

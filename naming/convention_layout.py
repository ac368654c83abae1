"""How a convention puts together the names of one type: worked out once, used for each of its names."""

from dataclasses import dataclass
from functools import lru_cache

from naming.rule import Rule
from naming.shorten import HASH_LENGTH, Word, compose, digest
from naming.tokens import Tokens


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Layout:
    """The words of the names of a type: which, in which order, with what between them, in how many characters.

    `suffix_length` is how long the hash is that ends a name, 0 for names that need none.
    """

    rule: Rule
    abbreviation: str
    order: tuple[str, ...]
    separator: str
    limit: int
    suffix_length: int

    def name(self, tokens: Tokens, environment: str, region: str) -> str | None:
        """Return the name of `tokens`, whose short environment and region are given; None where none fits."""
        texts = {
            "abbreviation": self.abbreviation,
            "organisation": tokens.organisation,
            "workload": tokens.workload,
            "environment": environment,
            "region": region,
            "instance": tokens.instance or "",
        }
        words = [Word(token, texts[token]) for token in self.order if texts[token]]
        if not self.suffix_length:
            return compose(words, self.separator, self.limit)
        suffix = token_hash(tokens)
        return compose(words, self.separator, self.limit, suffix[: self.suffix_length], suffix)


@lru_cache(maxsize=4096)
def token_hash(tokens: Tokens) -> str:
    """Return the hash of everything that a name stands for; a shorter suffix is the start of it."""
    words = [
        Word("organisation", tokens.organisation),
        Word("workload", tokens.workload),
        Word("environment", tokens.environment),
        Word("region", tokens.region),
        Word("instance", tokens.instance or ""),
    ]
    return digest(words, HASH_LENGTH)

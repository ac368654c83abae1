"""What hypothesis draws for names: words, instances and whole environments."""

from hypothesis import assume
from hypothesis import strategies as st

from naming import Convention, NamingError, Rule, Tokens

CONVENTION = Convention.from_mapping(
    {"environments": {"local": "loc", "dev": "dev", "qa": "qa", "production": "production"}}
)

words = st.from_regex(r"[a-z][a-z0-9]{0,40}", fullmatch=True)
# Words that look alike until they are shortened, or that look like shortened ones.
similar_words = st.one_of(
    words,
    st.builds("customerchurnmodel{}".format, st.integers(0, 10**6)),
    st.sampled_from(["customerch", "custom", "dev", "qa", "euw", "a", "ab", "c", "x" * 60, "x" * 61]),
)
instances = st.none() | st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True)
environments = st.sampled_from(sorted(CONVENTION.environments))
regions = st.sampled_from(sorted(CONVENTION.region_codes))


def named(rule: Rule, made_of: Tokens) -> str:
    """The name of these tokens; an example without one, because the type's names are too short for it, is given up."""
    try:
        return CONVENTION.name(rule, made_of)
    except NamingError as error:
        assume("fits into" not in str(error))
        raise


def tokens(convention: Convention = CONVENTION) -> st.SearchStrategy[Tokens]:
    """Any environment that the convention can have."""
    return st.builds(Tokens, st.just(convention.organisation), similar_words, environments, regions, instances)

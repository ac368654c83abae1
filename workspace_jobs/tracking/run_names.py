"""Names for runs that nobody named, in MLflow's form: `adjective-noun-number`."""

import random

_ADJECTIVES = """
    able amber blithe brisk calm candid clever crisp deft eager fair fleet gentle glad hardy keen lively lucid
    merry nimble patient plucky quick quiet serene sharp spry steady sunny swift tidy vivid warm wise witty
    zesty
""".split()  # noqa: SIM905 - words are easier to read so
_NOUNS = """
    ant bear bee carp cod crane crow deer dove elk finch fox frog goose gull hare hawk heron jay kite lark
    loon lynx mink mole moth newt otter owl pike quail ram rook seal shrew skink snail swan toad trout vole
    wren yak
""".split()  # noqa: SIM905 - words are easier to read so


def random_name() -> str:
    """Return a name, at most 20 characters long."""
    draw = random.choice
    return f"{draw(_ADJECTIVES)}-{draw(_NOUNS)}-{random.randrange(1000)}"  # noqa: S311 - a name is no secret

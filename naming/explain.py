"""Says what Azure accepts as a name, who says so, and why one source is followed: as rows, text, JSON and Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from naming.published import Published, published
from naming.rule import Rule

RULE_COLUMNS = ("type", "label", "abbreviation", "length", "scope")


def rule_rows(rules: Sequence[Rule]) -> list[tuple[str, ...]]:
    """Return one row for each rule, as `RULE_COLUMNS` says; the label of a derived rule is its type."""
    return [
        (rule.key, rule.label if rule.curated else "", rule.abbreviation or "", _lengths(rule), rule.scope.value)
        for rule in rules
    ]


def rule_fields(rule: Rule) -> dict[str, object]:
    """Return a rule as JSON has it. The first of `sources` is followed, and `reason` says why."""
    return {
        "type": rule.type,
        "variant": rule.variant,
        "label": rule.label,
        "abbreviation": rule.abbreviation,
        "min_length": rule.min_length,
        "max_length": rule.max_length,
        "max_with_parent": rule.max_with_parent,
        "pattern": rule.pattern,
        "never": list(rule.never),
        "scope": rule.scope.value,
        "case": rule.case.value,
        "separator": rule.separator,
        "reserved_words": rule.reserved_words is not None,
        "description": rule.description,
        "curated": rule.curated,
        "note": rule.note,
        "reason": _reason(rule),
        "sources": [
            {"name": source.name, "says": source.says, "retrieved": source.retrieved, "followed": position == 0}
            for position, source in enumerate(rule.sources)
        ],
        "good": list(rule.good),
        "bad": list(rule.bad),
        "published": [asdict(page) for page in published(rule)],
    }


def rule_text(rule: Rule) -> str:
    """Return everything about a rule, to be read on a terminal."""
    facts = [
        ("abbreviation", rule.abbreviation or "none in the Cloud Adoption Framework"),
        ("length", _lengths(rule)),
        *([("together", f"{rule.max_with_parent} at most with what it is in")] if rule.max_with_parent else []),
        ("characters", rule.description),
        ("pattern", rule.pattern),
        *(("never", never) for never in rule.never),
        ("unique in", rule.scope.value),
        ("case", rule.case.value),
        ("reserved words", "refused" if rule.reserved_words else "no matter"),
        *([("for example", ", ".join(rule.good)), ("not", ", ".join(map(repr, rule.bad)))] if rule.good else []),
        *(("published", f"{_names(page)} ({page.title}, {page.date})") for page in published(rule)),
        *(
            ("also read" if position else "follows", f"{source.name}: {source.says} (read {source.retrieved})")
            for position, source in enumerate(rule.sources)
        ),
        ("why", _reason(rule)),
    ]
    title = f"{rule.key} ({rule.label})" if rule.curated else rule.key
    return "\n".join([title, *(f"  {key:<15} {value}" for key, value in facts)])


def markdown(rules: Sequence[Rule]) -> str:
    """Return the reference page of the curated rules: `docs/reference/naming.md`."""
    by_hand = sorted((rule for rule in rules if rule.curated), key=lambda rule: rule.area or "")
    types, derived = len({rule.type for rule in rules}), sum(1 for rule in rules if not rule.curated)
    lines = [
        "# What Azure accepts as a name",
        "",
        "Written by `mlws names explain --markdown` from `naming/rules/`; a test compares the two. How a name",
        "is put together is the convention's business: `naming.toml` explains itself.",
        "",
        f"mlws knows the rules of {types:,} types. The {len(by_hand)} below are curated, for what people",
        "meet most: label, abbreviation, reserved words and notes are ours, limits and patterns those of the sources",
        f"each names. {derived:,} were derived by a program from Azure's documentation and the ARM specifications, the",
        "stricter of the two. `mlws names explain TYPE` shows each with its sources. A type is written as below",
        "wherever mlws takes one; its abbreviation and its label do as well. `accepted` and `refused` names were made",
        "up for the rule; `published` ones are Microsoft's, with the page and the date of the edition that was read.",
    ]
    areas = [(area, list(of_area)) for area, of_area in groupby(by_hand, key=lambda rule: rule.area or "")]
    for area, of_area in areas:
        lines += ["", f"## {_title(area)}", "", *_table(of_area)]
        for rule in of_area:
            lines += ["", f"### {rule.label}", "", *_section(rule)]
    return "\n".join(lines) + "\n"


def _title(area: str) -> str:
    return area.replace("-", " ").capitalize()


def _table(rules: Sequence[Rule]) -> Iterator[str]:
    yield "| type | label | abbreviation | length | characters | unique in |"
    yield "|---|---|---|---|---|---|"
    for rule in rules:
        yield (
            f"| [`{rule.key}`](#{rule.label.lower().replace(' ', '-')}) | {rule.label} | {rule.abbreviation or ''} "
            f"| {_lengths(rule)} | {rule.description.replace('|', chr(92) + '|')} | {rule.scope.value} |"
        )


def _section(rule: Rule) -> list[str]:
    facts = [
        f"- type: `{rule.key}`",
        f"- length: {_lengths(rule)}",
        *([f"- length with what it is in: {rule.max_with_parent} at most"] if rule.max_with_parent else []),
        f"- characters: {rule.description}",
        f"- pattern: `{rule.pattern}`",
        *(f"- never: `{never}`" for never in rule.never),
        f"- unique in: {rule.scope.value}; case: {rule.case.value}",
        *(["- refuses Azure's reserved words"] if rule.reserved_words else []),
        f"- accepted: {', '.join(f'`{name}`' for name in rule.good)}",
        f"- refused: {', '.join(f'`{repr(name)[1:-1]}`' for name in rule.bad)}",
        *(f"- published: {_names(page, '`')} ([{page.title}]({page.url}), {page.date})" for page in published(rule)),
        *(f"- source: {source.name}: `{source.says}` (read {source.retrieved})" for source in rule.sources),
    ]
    return [*facts, "", rule.note] if rule.note else facts


def _names(page: Published, mark: str = "") -> str:
    """The names on a page, those that it refuses and those that our rule refuses told from the others."""
    names = [
        *(f"{mark}{name}{mark}" for name in page.good),
        *(f"not {mark}{name}{mark}" for name in page.bad),
        *(f"{mark}{name}{mark}, which our rule refuses: {why.rstrip('.')}" for name, why in page.disputed.items()),
    ]
    return "; ".join(names) if page.disputed else ", ".join(names)


def _reason(rule: Rule) -> str:
    """Say why the first source is followed."""
    if rule.note:
        return rule.note
    if len(rule.sources) == 1:
        return "It is the only source known that says anything of this type's names."
    return "The sources agree; where one says more, or less is allowed, the stricter is followed."


def _lengths(rule: Rule) -> str:
    return str(rule.max_length) if rule.min_length == rule.max_length else f"{rule.min_length}-{rule.max_length}"

"""Which checks there are: the id of each and the module that documents it.

Written out, so that settings and the command line know every id without importing a single check.
"""

MODULES = {
    "NAM101": "length",
    "NAM102": "characters",
    "NAM103": "reserved",
    "NAM104": "with_parent",
    "NAM105": "edges",
    "NAM106": "number_sign",
    "NAM201": "abbreviation",
    "NAM202": "environment",
    "NAM203": "region",
    "NAM204": "order",
    "NAM205": "missing",
    "NAM206": "suffix",
    "NAM207": "form",
    "NAM208": "other_environment",
    "NAM301": "duplicate",
    "NAM302": "duplicate_by_case",
    "NAM303": "duplicate_across_environments",
    "NAM401": "tag_required",
    "NAM402": "tag_value_allowed",
    "NAM403": "tag_count",
    "NAM404": "tag_name_length",
    "NAM405": "tag_value_length",
    "NAM406": "tag_name_characters",
    "NAM407": "tag_reserved",
    "NAM408": "tag_duplicate_by_case",
}
IDS = tuple(MODULES)
PREFIXES = frozenset(check_id[:length] for check_id in IDS for length in range(1, 6))

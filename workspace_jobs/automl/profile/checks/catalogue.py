"""Which checks there are: the id of each and the module that documents it, in the order of the report."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

MODULES = {
    "EDA101": "missing_targets",
    "EDA102": "constant_target",
    "EDA103": "unfit_target",
    "EDA104": "rare_classes",
    "EDA105": "imbalance",
    "EDA201": "leakage",
    "EDA202": "shared_rows",
    "EDA203": "groups",
    "EDA301": "constant_columns",
    "EDA302": "nearly_constant_columns",
    "EDA303": "duplicate_columns",
    "EDA304": "identifiers",
    "EDA305": "duplicate_rows",
    "EDA306": "collinearity",
    "EDA401": "missing_values",
    "EDA402": "missing_together",
    "EDA403": "placeholders",
    "EDA404": "infinite_values",
    "EDA405": "extreme_values",
    "EDA406": "numbers_as_text",
    "EDA407": "mixed_types",
    "EDA408": "spellings",
    "EDA501": "high_cardinality",
    "EDA502": "dates",
    "EDA503": "text",
    "EDA601": "too_few_rows",
    "EDA602": "shift",
    "EDA603": "columns_of_test",
}
IDS = tuple(MODULES)
FAMILIES = {
    "EDA1": "The target",
    "EDA2": "Scores that are too good to be true",
    "EDA3": "Columns and rows that add nothing",
    "EDA4": "Values",
    "EDA5": "Columns that need preparation",
    "EDA6": "The tables as a whole",
}


class Check(Protocol):
    """A module of a check; the alerts it yields have its id."""

    ID: str
    SEVERITY: Severity
    __doc__: str

    def check(self, context: Context, /) -> Iterator[Alert]:
        """Yield what is found."""


@cache
def module(check_id: str) -> Check:
    """The module of a check."""
    return cast(Check, import_module(f"{__package__}.{MODULES[check_id]}"))


def title(check_id: str) -> str:
    """What a check finds, in one line."""
    return module(check_id).__doc__.partition("\n")[0].partition(": ")[2].removesuffix(".")


def description(check_id: str) -> list[str]:
    """What a check finds and what to do about it, paragraph by paragraph, without its examples."""
    body = module(check_id).__doc__.partition("\n\n")[2].partition("\nFound:\n")[0]
    return [" ".join(paragraph.split()) for paragraph in body.split("\n\n") if paragraph.strip()]

"""What Azure resources may be called, and what they are called.

Knows the rules, the convention and the linter. Must not know Pulumi, the jobs or the embedded Azure, nor
import anything heavier than click, rich and a YAML reader.

A name is imported from its module when it is first used: who lints names does not wait for the planner.
"""

from importlib import import_module

# As in typing, whose import takes longer than finding a rule.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.convention_file import TypeConvention
    from naming.errors import NamingError
    from naming.plan import NamingPlan, PlannedName, naming_plan
    from naming.rule import Case, Rule, Scope, Source, Violation, ViolationKind
    from naming.rulebook import rule_for, rule_for_key, rules
    from naming.tokens import Tokens

__all__ = [
    "Case",
    "Convention",
    "NamingError",
    "NamingPlan",
    "PlannedName",
    "Rule",
    "Scope",
    "Source",
    "Tokens",
    "TypeConvention",
    "Violation",
    "ViolationKind",
    "naming_plan",
    "rule_for",
    "rule_for_key",
    "rules",
]

_MODULES = {
    "naming.convention": ("Convention",),
    "naming.convention_file": ("TypeConvention",),
    "naming.errors": ("NamingError",),
    "naming.plan": ("NamingPlan", "PlannedName", "naming_plan"),
    "naming.rule": ("Case", "Rule", "Scope", "Source", "Violation", "ViolationKind"),
    "naming.rulebook": ("rule_for", "rule_for_key", "rules"),
    "naming.tokens": ("Tokens",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)

"""What Azure resources may be called, and what they are called.

Knows the rules, the convention and the linter. Must not know Pulumi, the jobs or the embedded Azure, nor import
anything heavier than click, rich and a YAML reader.
"""

from naming.convention import Convention, TypeConvention
from naming.errors import NamingError
from naming.plan import NamingPlan, PlannedName, naming_plan
from naming.rule import Case, Rule, Scope, Source, Violation, ViolationKind
from naming.rulebook import rule_for, rules
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
    "rules",
]

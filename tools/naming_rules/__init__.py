"""Makes naming/rules/types/ from the facts: `python -m tools.naming_rules`. The product never imports it."""

"""The checks: each is a module whose docstring is its published page, docs/reference/profile/.

A check looks at the whole table and yields alerts. A new one is a new module and a line in `catalogue`.
"""

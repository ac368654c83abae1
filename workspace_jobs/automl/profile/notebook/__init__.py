"""The checks as a notebook in plain pandas, executed: to follow, to doubt and to change.

Knows pandas and notebooks; the cells do not use this package, but to read the table.
"""

from workspace_jobs.automl.profile.notebook.writing import Sources, write_exploration

__all__ = ["Sources", "write_exploration"]

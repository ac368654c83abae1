"""The search: which candidates are tried, in processes that can be ended, until time or trials are used up.

Knows candidates, rows and predictions; must not know files that a user names, MLflow, or how progress is shown.
"""

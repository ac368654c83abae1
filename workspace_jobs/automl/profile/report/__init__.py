"""A profile as one HTML page that needs nothing else: no script, no font, no address is loaded.

Knows profiles; must not know frames.
"""

from workspace_jobs.automl.profile.report.page import html

__all__ = ["html"]

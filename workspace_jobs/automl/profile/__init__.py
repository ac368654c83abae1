"""A table before training: what is in it, what is wrong with it, and what to do about that.

Knows pandas frames; must not know models or runs: what is measured here is measured with numpy, in seconds.
"""

from workspace_jobs.automl.profile.alerts import Alert
from workspace_jobs.automl.profile.notebook import Sources, write_exploration
from workspace_jobs.automl.profile.profiling import Profile, profile
from workspace_jobs.automl.profile.report import html

__all__ = ["Alert", "Profile", "Sources", "html", "profile", "write_exploration"]

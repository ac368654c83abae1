"""The report of a run as its last step, within the time that the run has kept for it."""

from pathlib import Path

from workspace_jobs.automl.report.pages.model_card import write_model_card
from workspace_jobs.automl.report.pages.report_page import write_report
from workspace_jobs.automl.run_folder import RunFolder

# Everything else on the page, and loading what explains, on an idle machine with room to spare.
_OTHER_SECONDS, _LEAST_SECONDS, _MOST_SECONDS = 5.5, 1.0, 10.0


def report_in(folder: RunFolder, seconds_left: float) -> Path:
    """Write report and model card; the best trial is explained where `seconds_left` allow it."""
    explaining = min(_MOST_SECONDS, seconds_left - _OTHER_SECONDS)
    page = write_report(folder, explain_seconds=explaining if explaining >= _LEAST_SECONDS else 0.0)
    write_model_card(folder)
    return page

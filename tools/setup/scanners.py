"""What only tests need: checkov, which scans what the program deploys, and the schema that SARIF reports must fit."""

from tools.setup import npm, wheels
from tools.setup.progress import Reporter
from tools.setup.project import Project


def prepare(project: Project, reporter: Reporter) -> None:
    """Make `.tools/checkov` and `.tools/sarif` hold what is pinned."""
    wheels.unpack(project, "checkov", reporter)
    npm.prepare(project, "sarif", reporter)

"""What only tests need: checkov, an MLflow 2, the schema of SARIF reports, and the environment of the policy pack."""

from tools.setup import npm, wheels
from tools.setup.process import Command, run
from tools.setup.progress import Reporter
from tools.setup.project import Project

_ADVICE = "check that this machine reaches a Python package index (PIP_INDEX_URL names another) and run it again"


def prepare(project: Project, reporter: Reporter) -> None:
    """Make `.tools/checkov`, `.tools/mlflow2`, `.tools/sarif` and `policy/.venv` hold what is pinned."""
    wheels.unpack(project, "checkov", reporter)
    wheels.unpack(project, "mlflow2", reporter)
    npm.prepare(project, "sarif", reporter)
    command = Command("the policy pack's environment", ["sh", "policy/run", "set-up"], _ADVICE, project.root)
    run(command, project.logs / "policy.log", reporter)

"""Judges the names that people give here by Azure's rules, before anything is sent."""

import re

from workspace_jobs.errors import JobsError

DATASTORE = "Microsoft.MachineLearningServices/workspaces/datastores"
JOB = "Microsoft.MachineLearningServices/workspaces/jobs"
EXPERIMENT = "Microsoft.MachineLearningServices/workspaces/experiments"
STORAGE_ACCOUNT = "Microsoft.Storage/storageAccounts"
BLOB_CONTAINER = "Microsoft.Storage/storageAccounts/blobServices/containers"
FILE_SHARE = "Microsoft.Storage/storageAccounts/fileServices/shares"
# Where Azure ML itself files jobs that name no experiment.
DEFAULT_EXPERIMENT = "Default"


def check_name(resource_type: str, name: str, where: str) -> None:
    """Raise JobsError where Azure would not accept `name`; `where` says whose it is, as "--name"."""
    from naming import rule_for

    violations = rule_for(resource_type).violations(name)
    if violations:
        raise JobsError(f"{where}: {violations[0].message}")


def experiment_from(text: str) -> str:
    """Return an experiment's name that Azure accepts, made from the name of a folder or file."""
    from naming import rule_for

    fitting = re.sub(r"[^A-Za-z0-9_-]+", "-", text)[: rule_for(EXPERIMENT).max_length].strip("-_")
    return fitting or DEFAULT_EXPERIMENT

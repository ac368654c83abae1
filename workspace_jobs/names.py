"""Judges the names that people give here by Azure's rules, before anything is sent."""

from workspace_jobs.errors import JobsError

DATASTORE = "Microsoft.MachineLearningServices/workspaces/datastores"
JOB = "Microsoft.MachineLearningServices/workspaces/jobs"
EXPERIMENT = "Microsoft.MachineLearningServices/workspaces/experiments"


def check_name(resource_type: str, name: str, where: str) -> None:
    """Raise JobsError where Azure would not accept `name`; `where` says whose it is, as "--name"."""
    from naming import rule_for

    violations = rule_for(resource_type).violations(name)
    if violations:
        raise JobsError(f"{where}: {violations[0].message}")

"""The ARM types of Azure Machine Learning, spelled as Azure does."""

PROVIDER = "Microsoft.MachineLearningServices"
WORKSPACE = f"{PROVIDER}/workspaces"
DATASTORE = f"{WORKSPACE}/datastores"
COMPUTE = f"{WORKSPACE}/computes"
JOB = f"{WORKSPACE}/jobs"
OUTBOUND_RULE = f"{WORKSPACE}/outboundRules"
REGISTRY = f"{PROVIDER}/registries"

DEFAULT_STORE = "workspaceblobstore"
ARTIFACT_STORE = "workspaceartifactstore"
ARTIFACT_CONTAINER = "azureml"
# The tag that makes a job's run the child of another, to MLflow too.
PARENT_TAG = "mlflow.parentRunId"


def workspace_id(resource_id: str) -> str:
    """The id of the workspace that a resource lies in."""
    segments = resource_id.split("/")
    at = [segment.lower() for segment in segments].index("workspaces")
    return "/".join(segments[: at + 2])


def artifact_prefix(job_name: str) -> str:
    """Where logs and artifacts of a job lie in the artifact store's container."""
    return f"ExperimentRun/dcid.{job_name}"

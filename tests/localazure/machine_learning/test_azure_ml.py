"""Azure ML with the official SDK: datastores, assets, and jobs that really run."""

import uuid
from pathlib import Path

import mlflow
import pytest
import requests
from azure.ai.ml import Input, MLClient, Output, command, load_job
from azure.ai.ml.entities import AccountKeyConfiguration, AzureBlobDatastore, Data, Environment
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

from localazure.home import SUBSCRIPTION_ID
from tests.conftest import EmbeddedAzure
from tests.localazure.arm_client import ArmClient, vault_body

pytestmark = pytest.mark.xdist_group("azure")

GROUP = "rg-ml"
NO_CONDA = Environment(name="plain", version="1", image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04")


def make_workspace(arm: ArmClient, user: str) -> str:
    """A workspace with all that it needs; returns its name."""
    group = arm.group(GROUP)
    at = f"{group}/providers/"
    place = {"location": "westeurope"}
    identity = arm.put(f"{at}Microsoft.ManagedIdentity/userAssignedIdentities/id-ml", place)
    storage = arm.put(
        f"{at}Microsoft.Storage/storageAccounts/stmltests",
        {**place, "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}},
    )
    vault = arm.put(f"{at}Microsoft.KeyVault/vaults/kv-ml-tests", vault_body(user, "get", "set"))
    insights = arm.put(f"{at}Microsoft.Insights/components/appi-ml", {**place, "kind": "web", "properties": {}})
    workspace = f"{at}Microsoft.MachineLearningServices/workspaces/mlw-tests"
    tied = {"storageAccount": storage["id"], "keyVault": vault["id"], "applicationInsights": insights["id"]}
    acts_as = {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}}
    arm.put(workspace, {**place, "identity": acts_as, "properties": tied})
    cluster = {"vmSize": "STANDARD_DS3_V2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1}}
    arm.put(
        f"{workspace}/computes/cpu-cluster",
        {**place, "properties": {"computeType": "AmlCompute", "properties": cluster}},
    )
    return "mlw-tests"


@pytest.fixture
def ml_client(azure: EmbeddedAzure) -> MLClient:
    name = make_workspace(ArmClient(), azure.settings.user_object_id)
    return MLClient(DefaultAzureCredential(), SUBSCRIPTION_ID, GROUP, name)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_a_workspace_comes_with_its_datastores(ml_client: MLClient) -> None:
    names = {one.name for one in ml_client.datastores.list()}
    assert names >= {"workspaceblobstore", "workspaceartifactstore", "workspacefilestore"}
    assert ml_client.datastores.get_default().name == "workspaceblobstore"


def test_a_datastores_key_goes_in_and_comes_back_on_request_only(ml_client: MLClient) -> None:
    wanted = AzureBlobDatastore(
        name="by_key",
        account_name="stmltests",
        container_name="c",
        credentials=AccountKeyConfiguration(account_key="c2VjcmV0"),
    )
    ml_client.datastores.create_or_update(wanted)
    assert ml_client.datastores.get("by_key", include_secrets=True).credentials.account_key == "c2VjcmV0"
    path = (
        f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/{GROUP}/providers"
        "/Microsoft.MachineLearningServices/workspaces/mlw-tests/datastores/by_key"
    )
    assert "c2VjcmV0" not in ArmClient().call("GET", path).text


def test_versions_of_data_count_up(ml_client: MLClient, tmp_path: Path) -> None:
    file = write(tmp_path, "table.csv", "a,b\n1,2\n") / "table.csv"
    name = f"table{uuid.uuid4().hex[:6]}"
    versions = [
        ml_client.data.create_or_update(Data(name=name, path=str(file), type="uri_file")).version for _ in range(2)
    ]
    assert versions == ["1", "2"]
    assert ml_client.data.get(name, label="latest").version == "2"


def test_a_command_job_runs_with_its_inputs_outputs_and_tracking(ml_client: MLClient, tmp_path: Path) -> None:
    table = write(tmp_path / "data", "table.csv", "a,b\n1,2\n3,4\n") / "table.csv"
    script = """
import pathlib, sys, mlflow
table, rate, model = sys.argv[1:]
mlflow.log_param("rate", rate)
mlflow.log_metric("rows", len(pathlib.Path(table).read_text().splitlines()) - 1)
pathlib.Path("note.txt").write_text("a note")
mlflow.log_artifact("note.txt")
pathlib.Path(model, "model.txt").write_text("weights")
"""
    hostile = 'it\'s $(touch /tmp/pwned); `x` "quoted"'
    job = ml_client.jobs.create_or_update(
        command(
            code=str(write(tmp_path / "code", "train.py", script)),
            command="python train.py ${{inputs.table}} ${{inputs.rate}} ${{outputs.model}}",
            inputs={"table": Input(type="uri_file", path=str(table)), "rate": hostile},
            outputs={"model": Output(type="uri_folder")},
            environment=NO_CONDA,
            compute="cpu-cluster",
            experiment_name="tests",
        )
    )
    ml_client.jobs.stream(job.name)
    assert ml_client.jobs.get(job.name).status == "Completed"
    ml_client.jobs.download(job.name, download_path=tmp_path / "got", all=True)
    assert (tmp_path / "got/named-outputs/model/model.txt").read_text() == "weights"
    assert (tmp_path / "got/artifacts/note.txt").read_text() == "a note"
    tracking = mlflow.MlflowClient(ml_client.workspaces.get("mlw-tests").mlflow_tracking_uri)
    run = tracking.get_run(job.name)
    assert (run.data.metrics, run.data.params["rate"], run.info.status) == ({"rows": 2.0}, hostile, "FINISHED")
    assert "note.txt" in {one.path for one in tracking.list_artifacts(job.name)}
    page = requests.get(job.services["Studio"].endpoint, timeout=10, allow_redirects=False)
    assert page.status_code == 302, page.text
    assert page.headers["Location"].endswith(f"/#/experiments/{run.info.experiment_id}/runs/{job.name}")


def test_a_failing_job_says_why(ml_client: MLClient, tmp_path: Path) -> None:
    code = write(tmp_path / "code", "fail.py", "print('last words'); raise SystemExit(3)")
    job = ml_client.jobs.create_or_update(
        command(code=str(code), command="python fail.py", environment=NO_CONDA, compute="cpu-cluster")
    )
    with pytest.raises(JobException, match="3"):
        ml_client.jobs.stream(job.name)
    assert ml_client.jobs.get(job.name).status == "Failed"


def test_a_cancelled_job_ends(ml_client: MLClient) -> None:
    job = ml_client.jobs.create_or_update(
        command(command="sleep 300", environment=NO_CONDA, compute="cpu-cluster", experiment_name="tests")
    )
    ml_client.jobs.begin_cancel(job.name).wait()
    ml_client.jobs.stream(job.name)
    assert ml_client.jobs.get(job.name).status == "Canceled"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"compute": "azureml:none"}, "none"),
        (
            {"inputs": {"table": {"type": "uri_file", "path": "azureml://datastores/none/paths/x"}}},
            "no datastore 'none'",
        ),
    ],
)
def test_a_job_with_a_loose_end_is_refused(
    ml_client: MLClient, tmp_path: Path, change: dict[str, object], words: str
) -> None:
    import yaml

    body = {
        "command": "echo ${{inputs.table}}" if "inputs" in change else "true",
        "environment": {"image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"},
        "compute": "azureml:cpu-cluster",
        **change,
    }
    file = tmp_path / "job.yaml"
    file.write_text(yaml.safe_dump(body))
    with pytest.raises(HttpResponseError, match=words):
        ml_client.jobs.create_or_update(load_job(file))


def test_a_kind_of_job_that_is_not_run_is_refused(azure: EmbeddedAzure) -> None:
    arm = ArmClient()
    name = make_workspace(arm, azure.settings.user_object_id)
    path = (
        f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/{GROUP}/providers"
        f"/Microsoft.MachineLearningServices/workspaces/{name}/jobs/sweep"
    )
    for body, words in (
        ({"jobType": "Spark"}, "'Spark' jobs it does not"),
        ({"jobType": "Sweep", "trial": {"command": "true"}}, "A sweep job needs 'searchSpace'"),
    ):
        answer = arm.call("PUT", path, {"properties": body})
        assert answer.status_code == 400
        assert words in answer.json()["error"]["message"]

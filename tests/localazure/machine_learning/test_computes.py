"""Compute instances: what Azure refuses, what an update changes, and starting and stopping with the official SDK."""

from typing import Any

import pytest
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential

from localazure.home import SUBSCRIPTION_ID
from tests.conftest import EmbeddedAzure
from tests.localazure.arm_client import ArmClient
from tests.localazure.machine_learning.test_azure_ml import GROUP, make_workspace

pytestmark = pytest.mark.xdist_group("azure")

EVENING = {"action": "Stop", "triggerType": "Cron", "cron": {"expression": "0 19 * * 1-5", "timeZone": "UTC"}}


@pytest.fixture
def workspace(arm: ArmClient, azure: EmbeddedAzure) -> str:
    name = make_workspace(arm, azure.settings.user_object_id)
    return f"{arm.group(GROUP)}/providers/Microsoft.MachineLearningServices/workspaces/{name}"


def instance(**settings: Any) -> dict[str, Any]:
    properties = {"vmSize": "Standard_DS3_v2", "idleTimeBeforeShutdown": "PT60M", **settings}
    return {"location": "westeurope", "properties": {"computeType": "ComputeInstance", "properties": properties}}


def test_an_instance_runs_and_its_schedules_have_ids(arm: ArmClient, workspace: str) -> None:
    made = arm.put(f"{workspace}/computes/ci-ids", instance(schedules={"computeStartStop": [EVENING]}))["properties"]

    assert made["properties"]["state"] == "Running"
    assert made["properties"]["schedules"]["computeStartStop"][0]["provisioningStatus"] == "Completed"


def test_an_instance_stays_what_it_was_made_as(arm: ArmClient, workspace: str) -> None:
    arm.put(f"{workspace}/computes/ci-same", instance())
    later = arm.put(f"{workspace}/computes/ci-same", instance(idleTimeBeforeShutdown="PT30M"))

    assert later["properties"]["properties"]["idleTimeBeforeShutdown"] == "PT60M"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"vmSize": ""}, "needs 'properties.properties.vmSize'"),
        ({"idleTimeBeforeShutdown": "PT5M"}, "between PT15M and P3D"),
        ({"idleTimeBeforeShutdown": "P4D"}, "between PT15M and P3D"),
        ({"idleTimeBeforeShutdown": "soon"}, "not a duration"),
        ({"schedules": {"computeStartStop": [{**EVENING, "action": "Sleep"}]}}, "Schedule format"),
        ({"schedules": {"computeStartStop": [{**EVENING, "triggerType": "Recurrence"}]}}, "Schedule format"),
    ],
)
def test_what_azure_cannot_keep_is_refused(arm: ArmClient, workspace: str, settings: dict[str, Any], said: str) -> None:
    answer = arm.call("PUT", f"{workspace}/computes/ci-refused", instance(**settings))

    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]


def test_the_sdk_stops_and_starts_an_instance_but_no_cluster(arm: ArmClient, workspace: str) -> None:
    arm.put(f"{workspace}/computes/ci-power", instance())
    client = MLClient(DefaultAzureCredential(), SUBSCRIPTION_ID, GROUP, workspace.rpartition("/")[2])

    client.compute.begin_stop("ci-power").wait()
    assert arm.call("GET", f"{workspace}/computes/ci-power").json()["properties"]["properties"]["state"] == "Stopped"
    client.compute.begin_start("ci-power").wait()
    assert arm.call("GET", f"{workspace}/computes/ci-power").json()["properties"]["properties"]["state"] == "Running"
    assert arm.call("POST", f"{workspace}/computes/cpu-cluster/stop", {}).status_code == 400

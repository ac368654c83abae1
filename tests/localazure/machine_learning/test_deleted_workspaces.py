"""A deleted workspace keeps its name for 14 days, unless it is deleted for good."""

from contextlib import nullcontext
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
from cryptography.fernet import Fernet

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager
from localazure.arm.store import Resource, ResourceStore
from localazure.home import SUBSCRIPTION_ID
from localazure.machine_learning import deleted_workspaces
from tests.conftest import EmbeddedAzure
from tests.localazure.machine_learning.test_workspaces import WORKSPACES, Workspaces, message

pytestmark = pytest.mark.xdist_group("azure")


@pytest.fixture
def workspaces(azure: EmbeddedAzure) -> Workspaces:
    return Workspaces(azure)


def test_a_deleted_workspace_keeps_its_name_until_it_is_purged(workspaces: Workspaces) -> None:
    tied = workspaces.tied()
    path = f"{workspaces.at}{WORKSPACES}/mlw-kept"
    workspaces.make("mlw-kept", "Default", **tied)
    assert workspaces.arm.call("DELETE", path).status_code == 200

    assert workspaces.arm.call("GET", path).status_code == 404
    assert workspaces.arm.call("GET", path.rpartition("/")[0]).json()["value"] == []
    assert message(workspaces.put("MLW-kept", "Default", **tied)).startswith("Soft-deleted workspace exists. Please")
    assert workspaces.put("mlw-other", "Default", **tied).ok, "only the name is taken"
    assert workspaces.arm.call("DELETE", path).status_code == 204, "gone already, and its name still kept"
    assert not workspaces.put("mlw-kept", "Default", **tied).ok

    assert workspaces.arm.call("DELETE", f"{path}?forceToPurge=true").status_code == 200
    assert workspaces.put("mlw-kept", "Default", **tied).ok


def test_the_sdk_deletes_for_good(workspaces: Workspaces) -> None:
    tied = workspaces.tied()
    workspaces.make("mlw-gone", "Default", **tied)
    client = MLClient(DefaultAzureCredential(), SUBSCRIPTION_ID, f"rg-{workspaces.tag}")

    client.workspaces.begin_delete("mlw-gone", delete_dependent_resources=False, permanently_delete=True).result()

    assert workspaces.put("mlw-gone", "Default", **tied).ok


def test_a_group_that_is_deleted_keeps_the_names_of_its_workspaces(workspaces: Workspaces) -> None:
    workspaces.make("mlw-inside", "Default", **workspaces.tied())
    group = workspaces.at.removesuffix("/providers/")
    assert workspaces.arm.call("DELETE", group).ok

    workspaces.arm.group(group.rpartition("/")[2])
    assert "Soft-deleted workspace exists" in message(workspaces.put("mlw-inside", "Default"))


@pytest.mark.parametrize(("days", "refused"), [(13, True), (14, False)])
def test_after_fourteen_days_the_name_is_free(
    days: int, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arm = ResourceManager.of(ResourceStore(tmp_path / "azure.db", Fernet.generate_key()), [])
    clock = Clock()
    monkeypatch.setattr(deleted_workspaces, "datetime", clock)
    deleted_workspaces.keep(arm, Resource("/subscriptions/x/w", WORKSPACES, {}))
    clock.ahead = timedelta(days=days)

    with pytest.raises(ArmError) if refused else nullcontext():
        deleted_workspaces.refuse_kept(arm, "/subscriptions/X/W")


class Clock:
    """Stands for `datetime`, and may be ahead."""

    fromisoformat = staticmethod(datetime.fromisoformat)
    ahead = timedelta()

    def now(self, zone: tzinfo) -> datetime:
        return datetime.now(zone) + self.ahead

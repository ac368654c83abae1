"""What holds state is protected and locked in prod; what a stack file lets go is told in words."""

from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import settings_from
from tests.infra.changes import changed
from tests.infra.configurations import configuration
from tests.infra.program import Run, created

STATEFUL = {
    "key-vault", "monitoring-logs", "registry", "storage", "storage-training-data", "workspace",
}  # fmt: skip
LOCKS = {"locks-container-registry", "locks-key-vault", "locks-log-analytics", "locks-storage"}


def stack(name: str, **ours: Any) -> Run:
    return created(name, configuration(**ours))


def protected(run: Run) -> set[str]:
    return {one.name for one in run.azure if one.protected}


def locks(run: Run) -> set[str]:
    return {one.name for one in run.all("authorization:ManagementLockByScope")}


def test_prod_keeps_what_holds_state_and_dev_can_go() -> None:
    prod, dev = stack("prod"), stack("dev")

    assert (protected(prod), locks(prod)) == (STATEFUL, LOCKS)
    assert (protected(dev), locks(dev)) == (set(), set())


def test_no_lock_keeps_a_cluster_from_scaling_down() -> None:
    for lock in stack("prod").all("authorization:ManagementLockByScope"):
        assert lock.inputs["level"] == "CanNotDelete"
        assert not any(of in lock.inputs["scope"] for of in ("ResourceGroup", "machinelearningservices"))


def test_a_lock_comes_after_whatever_it_would_hold_and_so_goes_first() -> None:
    run = stack("prod")
    held = {one.urn for one in run.azure if ":RoleAssignment" in one.type or ":BlobContainer" in one.type}

    for lock in run.all("authorization:ManagementLockByScope"):
        assert lock.depends_on >= held


def test_what_may_be_replaced_is_named_and_its_loss_is_told() -> None:
    run = stack("prod", protection={"allowReplacing": ["storage"], "locks": False})

    assert protected(run) == STATEFUL - {"storage", "storage-training-data"}
    assert locks(run) == set()
    assert "allowReplacing has 'storage'" in run.warnings[0]
    assert "gone is every blob and file of the account" in run.warnings[0]
    assert stack("prod").warnings == []


def test_protection_changes_no_resource_but_the_locks() -> None:
    off = {"protect": False, "locks": False}

    assert changed(stack("prod"), stack("prod", protection=off)) == LOCKS


def test_a_wrong_name_is_a_sentence_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"mlws:protection\.allowReplacing\.0: 'vault' is not possible; write .*"):
        settings_from(configuration(protection={"allowReplacing": ["vault"]}), "prod")


def test_a_lock_would_stop_a_replacement_half_way() -> None:
    with pytest.raises(SettingsError, match=r"mlws:protection: allowReplacing needs `locks: false` beside it"):
        settings_from(configuration(protection={"allowReplacing": ["workspace"]}), "prod")

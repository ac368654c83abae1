"""The guardrail: what it judges, and that the program stops at a name or a tag that the linter refuses."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi.runtime.settings import SETTINGS
from pulumi_azure_native import compute

from infra import names, stack_tags
from infra.components import role_assignment
from infra.errors import InfraError
from infra.guards.guardrail import Guardrail, _guard, sentences
from infra.settings import Settings
from naming import Convention, NamingPlan
from naming.lint.configuration import Configuration
from tests.infra.configurations import configuration
from tests.infra.program import Run, run_program

CONVENTION = Convention.from_mapping({})
VAULT = "azure-native:keyvault:Vault"
COMPUTE = "azure-native:machinelearningservices:Compute"


def guardrail(**settings: Any) -> Guardrail:
    return Guardrail.of(CONVENTION, Configuration.from_mapping(settings), "dev")


def ids_of_name(token: str, inputs: dict[str, Any], **settings: Any) -> list[str]:
    return [finding.id for finding in guardrail(**settings).name_findings(token, "it", inputs)]


def ids_of_tags(inputs: dict[str, Any], **settings: Any) -> list[str]:
    named = {"vault_name": "kv-churn-dev-euw-8fdv0", **inputs}
    return [finding.id for finding in guardrail(**settings).tag_findings(VAULT, "it", named)]


@pytest.mark.parametrize(
    ("token", "inputs", "ids"),
    [
        (VAULT, {"vault_name": "kv-churn-dev-euw-8fdv0"}, []),
        (VAULT, {"vaultName": "kv--churn"}, ["NAM102", "NAM205"]),
        (VAULT, {"vault_name": "kv-churn-stage-euw-8fdv0"}, ["NAM202"]),
        (VAULT, {"vault_name": "kv-churn-qa-euw-8xg0z"}, ["NAM206", "NAM208"]),
        ("azure-native:storage:StorageAccount", {"account_name": "Microsoft_1"}, ["NAM102", "NAM103"]),
        ("azure-native:storage:BlobContainer", {"container_name": "training-data"}, []),
        ("azure-native:resources:ResourceGroup", {"resource_group_name": "rg-churn-dev-euw"}, []),
        (COMPUTE, {"compute_name": "cpu-churn-euw-dev", "properties": {"computeType": "AmlCompute"}}, []),
        (COMPUTE, {"compute_name": "ci-churn-euw-dev", "properties": {"computeType": "ComputeInstance"}}, []),
        ("azure-native:nowhere:Nothing", {"vault_name": "kv--"}, []),
        ("pulumi:pulumi:Stack", {}, []),
        (VAULT, {"vault_name": object()}, []),
        (VAULT, {}, []),
    ],
)
def test_a_name_is_judged_by_the_linters_checks(token: str, inputs: dict[str, Any], ids: list[str]) -> None:
    found = ids_of_name(token, inputs)
    assert found[: len(ids)] == ids if ids else found == []


def test_the_settings_of_the_linter_hold_here_too() -> None:
    name = {"vault_name": "kv-churn-stage-euw-8fdv0"}
    assert ids_of_name(VAULT, name, ignore=["NAM2"]) == []
    assert ids_of_tags({"tags": {}}, **{"required-tags": {"owner": []}}) == ["NAM401"]
    assert ids_of_tags({"tags": {"owner": "me"}}, **{"required-tags": {"owner": ["ml"]}}) == ["NAM402"]
    assert ids_of_tags({"tags": {}}, select=["NAM1"], **{"required-tags": {"owner": []}}) == []


def test_tags_are_judged_where_they_are_known() -> None:
    assert ids_of_tags({"tags": {"a<b": "x"}}) == ["NAM406"]
    assert ids_of_tags({"tags": {"owner": object()}}) == []
    assert ids_of_tags({"tags": {"owner": "me"}}) == []
    assert ids_of_tags({}) == []


def test_two_resources_of_one_name_in_one_place_are_found_and_in_two_places_are_not() -> None:
    judge = guardrail()
    token = "azure-native:storage:BlobContainer"
    inputs = {"container_name": "data", "account_name": "one", "resource_group_name": "rg"}
    assert not judge.name_findings(token, "first", inputs)
    assert not judge.name_findings(token, "second", {**inputs, "account_name": "other"})
    assert [finding.id for finding in judge.name_findings(token, "third", inputs)] == ["NAM301"]


def test_packages_of_single_api_versions_are_judged_too() -> None:
    token = "azure-native_keyvault_v20240401:keyvault:Vault"
    assert "NAM102" in [one.id for one in guardrail().name_findings(token, "vault", {"vault_name": "kv--churn"})]


def test_windows_is_told_from_what_the_program_writes() -> None:
    token, name = "azure-native:compute:VirtualMachine", "vm-of-eighteen-chr"
    objects = compute.OSProfileArgs(windows_configuration=compute.WindowsConfigurationArgs())
    disk = {"os_disk": {"os_type": compute.OperatingSystemTypes.WINDOWS}}
    written: list[dict[str, Any]] = [
        {"os_profile": objects},
        {"storage_profile": disk},
        {"osProfile": {"windowsConfiguration": {}}},
    ]
    for inputs in written:
        findings = guardrail().name_findings(token, "machine", {"vm_name": name, **inputs})
        assert "NAM101" in [finding.id for finding in findings], inputs
    assert "NAM101" not in [one.id for one in guardrail().name_findings(token, "machine", {"vm_name": name})]


def test_what_is_on_another_resource_is_compared_there_alone() -> None:
    judge = guardrail()
    token = "azure-native:authorization:ManagementLockByScope"
    inputs: dict[str, Any] = {"lock_name": "keep", "scope": "/subscriptions/s"}
    assert not judge.name_findings(token, "first", inputs)
    assert not judge.name_findings(token, "second", {**inputs, "scope": "/subscriptions/t"})
    assert not judge.name_findings(token, "third", {**inputs, "scope": object()})
    assert [finding.id for finding in judge.name_findings(token, "fourth", inputs)] == ["NAM301"]


def test_a_resource_without_a_name_is_judged_by_its_label_of_which_pulumi_makes_one() -> None:
    guard = _guard(guardrail())

    def declared(label: str) -> pulumi.ResourceTransformationArgs:
        return pulumi.ResourceTransformationArgs(None, VAULT, label, {"tags": {}}, pulumi.ResourceOptions())  # type: ignore[arg-type]

    with pytest.raises(InfraError, match=r"NAM2\d\d at resource 'vault'.*'kv-"):
        guard(declared("vault"))
    assert guard(declared("kv-churn-dev-euw-8fdv0")) is None


def test_a_finding_says_the_id_the_name_and_a_better_one() -> None:
    findings = guardrail().name_findings(VAULT, "vault", {"vault_name": "kv-churn-prd-euw"})
    told = sentences("vault", findings)
    assert told.startswith("NAM20")
    assert "resource 'vault'" in told
    assert "'prd'" in told
    assert "'kv-churn-prod-euw-" in told or "'kv-churn-dev-euw-" in told


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A program that stops leaves tasks of its event loop in Pulumi's state, where the next program would find them."""
    yield
    if SETTINGS.outputs:
        SETTINGS.outputs.clear()
        # Each complains with a traceback when it is collected, which Python 3.11 can't take while another test parses.
        gc.collect()


def stopped(stack: str = "dev", **options: Any) -> Run:
    run = run_program(stack, configuration(), **options)
    assert run.error is not None
    return run


@pytest.fixture
def misnamed_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    made = names.planned_names

    def planned(*arguments: Any) -> NamingPlan:
        plan = made(*arguments)
        entries = [
            replace(entry, name="kv-churn-stage-euw") if entry.role == "key_vault" else entry for entry in plan.entries
        ]
        return NamingPlan(plan.tokens, tuple(entries))

    monkeypatch.setattr(names, "planned_names", planned)


@pytest.mark.usefixtures("misnamed_vault")
@pytest.mark.parametrize("preview", [True, False])
def test_the_program_stops_before_a_resource_with_a_wrong_name(preview: bool) -> None:
    run = stopped(preview=preview)
    told = str(run.error)
    assert "NAM202 at resource 'key-vault" in told
    assert "'kv-churn-dev-euw-8fdv0'" in told
    assert not [resource for resource in run.resources if resource.type == VAULT]


def test_the_program_stops_at_a_wrong_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    made = stack_tags.stack_tags

    def with_another(settings: Settings, workload: str) -> dict[str, str]:
        return {**made(settings, workload), "cost<centre": "1"}

    monkeypatch.setattr(stack_tags, "stack_tags", with_another)
    assert "NAM406 at resource 'resource-group" in str(stopped().error)


def test_a_name_that_is_known_only_later_is_judged_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(role_assignment, "assignment_id", lambda **_: "no-guid")
    run = stopped()
    assert "NAM102 at resource 'workspace-access" in str(run.error)
    assert not [resource for resource in run.resources if resource.type.endswith(":RoleAssignment")]

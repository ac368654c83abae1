"""Stack local never touches real Azure, and no other stack mistakes the embedded Azure for a real one."""

import base64
import json

import pulumi
import pytest

from infra.errors import InfraError
from infra.guards.deployer import EMBEDDED_TENANT_ID, current_deployer, principal_type
from tests.infra.configurations import configuration
from tests.infra.program import ROOT, TENANT, run_program


def test_the_tenant_id_is_all_that_the_program_knows_of_the_embedded_azure() -> None:
    knowing = [path.name for path in (ROOT / "infra").rglob("*.py") if "10ca1a2e" in path.read_text()]

    assert knowing == ["deployer.py"]


def refusal(stack: str, tenant: str, **ours: str) -> str:
    run = run_program(stack, configuration(**ours), tenant=tenant)

    assert run.resources == [], "nothing may be half-made"
    assert isinstance(run.error, pulumi.RunError), "a person reads this: no traceback"
    return str(run.error)


def test_the_local_stack_refuses_real_azure_and_says_how_to_run_it() -> None:
    said = refusal("local", TENANT)

    assert "mlws local exec -- pulumi up --stack local" in said
    assert TENANT in said


@pytest.mark.parametrize("stack", ["dev", "qa", "prod"])
def test_other_stacks_refuse_the_embedded_azure_and_say_how_to_leave_it(stack: str) -> None:
    assert "outside `mlws local exec`" in refusal(stack, EMBEDDED_TENANT_ID.upper())


def test_a_stack_of_environment_local_under_another_name_is_local_too() -> None:
    assert "mlws local exec" in refusal("laptop", TENANT, environment="local")


def test_a_stack_whose_name_begins_with_local_is_for_the_embedded_azure() -> None:
    assert "mlws local exec" in refusal("local-shared", TENANT, environment="dev")
    assert run_program("local-dev", configuration(environment="dev"), tenant=EMBEDDED_TENANT_ID).error is None


def test_renaming_the_environment_does_not_open_real_azure_to_stack_local() -> None:
    assert "mlws local exec" in refusal("local", TENANT, environment="dev")


def test_each_stack_accepts_its_own_azure() -> None:
    assert run_program("local", configuration(), tenant=EMBEDDED_TENANT_ID).error is None
    assert run_program("dev", configuration(), tenant=TENANT).error is None


def test_a_mistake_in_the_stack_file_ends_the_program_without_traceback_before_any_resource() -> None:
    run = run_program("dev", configuration(computCluster={}))

    assert isinstance(run.error, pulumi.RunError)
    assert str(run.error).startswith("Pulumi.dev.yaml: 'mlws:computCluster' is not a setting")
    assert run.error.__suppress_context__
    assert run.resources == []


def test_a_provider_that_reaches_nobody_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> None:
        raise Exception("invoke failed:\nmanagement.azure.com refused the connection")  # noqa: TRY002 - as the engine

    monkeypatch.setattr("pulumi_azure_native.authorization.get_client_config", unreachable)
    with pytest.raises(InfraError, match=r"refused the connection.*mlws local start") as told:
        current_deployer()
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("claims", "type_"),
    [
        ({"scp": "user_impersonation"}, "User"),
        ({"idtyp": "user"}, "User"),
        ({"idtyp": "app"}, "ServicePrincipal"),
        ({"oid": "a managed identity"}, "ServicePrincipal"),
    ],
)
def test_a_token_tells_a_person_from_a_service(claims: dict[str, str], type_: str) -> None:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    assert principal_type(f"header.{body}.signature") == type_


def test_a_token_that_is_none_is_taken_for_a_persons() -> None:
    assert principal_type("opaque") == "User"

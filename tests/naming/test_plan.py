import pytest
from hypothesis import given

from naming import Convention, NamingError, NamingPlan, PlannedName, Tokens, naming_plan
from naming.plan import ROLES

from . import strategies

CONVENTION = Convention.from_mapping({})


@given(strategies.tokens())
def test_a_plan_has_a_valid_name_for_every_role(tokens: Tokens) -> None:
    plan = naming_plan(
        strategies.CONVENTION, tokens.environment, tokens.region, workload=tokens.workload, instance=tokens.instance
    )
    assert [entry.role for entry in plan] == [role for role, _, _ in ROLES]
    assert all(entry.rule.accepts(plan[entry.role]) for entry in plan)


def test_the_roles_are_those_that_the_other_rooms_ask_for() -> None:
    plan = naming_plan(CONVENTION, environment="dev", region="westeurope")
    assert {entry.role: plan[entry.role] for entry in plan} == {
        "resource_group": "rg-churn-dev-euw",
        "workspace": "mlw-churn-dev-euw",
        "storage_account": "stchurndeveuw8fdv0",
        "key_vault": "kv-churn-dev-euw-8fdv0",
        "application_insights": "appi-churn-dev-euw",
        "log_analytics": "log-churn-dev-euw",
        "container_registry": "crchurndeveuw8fdv0",
        "managed_identity": "id-churn-dev-euw",
        "compute_cluster": "cpu-churn-euw-dev",
    }
    with pytest.raises(KeyError):
        plan["bastion"]


def test_a_compute_cluster_never_ends_in_a_hyphen_and_a_number() -> None:
    plan = naming_plan(CONVENTION, "dev", "westus2", instance="01")
    assert plan["compute_cluster"] == "cpu-01-churn-usw2-dev"


def test_no_two_environments_share_a_globally_unique_name() -> None:
    plans = [
        naming_plan(CONVENTION, environment, region)
        for environment in CONVENTION.environments
        for region in CONVENTION.region_codes
    ]
    for role in ("storage_account", "key_vault", "container_registry", "resource_group", "workspace"):
        assert len({plan[role] for plan in plans}) == len(plans)


def test_a_region_may_be_written_as_people_read_it() -> None:
    assert naming_plan(CONVENTION, "dev", "West Europe") == naming_plan(CONVENTION, "dev", "westeurope")


@pytest.mark.parametrize(
    ("environment", "region", "sentence"),
    [
        ("devv", "westeurope", "no environment 'devv': did you mean 'dev'?"),
        ("Prod", "westeurope", "did you mean 'prod'?"),
        ("zzz", "westeurope", "write one of dev, local, prod, qa, shared."),
        ("dev", "westeuropa", "no Azure region 'westeuropa': did you mean 'westeurope'?"),
        ("dev", "mars", "'westeurope'"),
    ],
)
def test_an_unknown_environment_or_region_is_answered_with_the_nearest(
    environment: str, region: str, sentence: str
) -> None:
    with pytest.raises(NamingError) as raised:
        naming_plan(CONVENTION, environment, region)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(("workload", "instance"), [("churn-model", None), ("Churn", None), ("churn", "prod-01")])
def test_a_token_that_cannot_stand_in_a_name_is_refused(workload: str, instance: str | None) -> None:
    with pytest.raises(NamingError, match=r"workload is|instance is"):
        naming_plan(CONVENTION, "dev", "westeurope", workload=workload, instance=instance)


def test_a_plan_cannot_be_made_of_an_invalid_name_or_of_two_that_are_alike() -> None:
    tokens = CONVENTION.tokens("dev", "westeurope")
    invalid = PlannedName("key_vault", "Microsoft.KeyVault/vaults", None, "kv--dev")
    with pytest.raises(NamingError, match="'kv--dev'"):
        NamingPlan(tokens, (invalid,))
    one = PlannedName("key_vault", "Microsoft.KeyVault/vaults", None, "kv-dev")
    other = PlannedName("second_vault", "Microsoft.KeyVault/vaults", None, "KV-DEV")
    with pytest.raises(NamingError, match="key_vault and second_vault would both be 'KV-DEV'"):
        NamingPlan(tokens, (one, other))

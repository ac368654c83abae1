"""Logs, alerts, budget, retention and classification: by profile, and each setting touches what it is about."""

import re
from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import settings_from
from tests.infra.configurations import configuration
from tests.infra.program import Run, created

EMAIL = "ml-platform@example.org"


def stack(name: str, **ours: Any) -> Run:
    return created(name, configuration(**ours))


def logged(run: Run) -> dict[str, dict[str, Any]]:
    return {one.name.removeprefix("diagnostics-"): one.inputs for one in run.all("monitor:DiagnosticSetting")}


def test_in_prod_every_resource_that_can_logs_everything_to_log_analytics() -> None:
    settings = logged(stack("prod"))

    assert settings.keys() == {"key-vault", "registry", "blobs", "files", "queues", "tables", "logs", "workspace"}
    assert len({one["resourceUri"] for one in settings.values()}) == len(settings)
    for one in settings.values():
        assert one["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]
        assert one["metrics"]
        assert "operationalinsights:Workspace" in one["workspaceId"]


def test_in_dev_who_changed_what_is_logged_and_nothing_that_costs_more() -> None:
    settings = logged(stack("dev"))

    assert settings["key-vault"]["logs"] == [{"category": "AuditEvent", "enabled": True}]
    assert not any("categoryGroup" in str(one["logs"]) or one["metrics"] for one in settings.values())


def test_logs_and_untagged_images_are_kept_as_long_as_the_profile_says() -> None:
    prod, dev = stack("prod"), stack("dev")

    assert prod.one("operationalinsights:Workspace").inputs["retentionInDays"] == 90
    assert prod.one("containerregistry:Registry").inputs["policies"] == {
        "retentionPolicy": {"days": 30, "status": "enabled"}
    }
    assert "policies" not in dev.one("containerregistry:Registry").inputs


def test_without_anybody_to_tell_there_is_no_alert() -> None:
    run = stack("prod")

    assert run.all("monitor:ActionGroup") + run.all("monitor:MetricAlert") == []


def test_failed_jobs_and_quota_are_told_to_the_addresses() -> None:
    run = stack("prod", alerts={"emails": [EMAIL], "failedRuns": 3, "quotaPercent": 90})
    group = run.one("monitor:ActionGroup").inputs
    alerts = {one.name: one.inputs for one in run.all("monitor:MetricAlert")}

    assert [receiver["emailAddress"] for receiver in group["emailReceivers"]] == [EMAIL]
    assert {
        name: (one["criteria"]["allOf"][0]["metricName"], one["criteria"]["allOf"][0]["threshold"])
        for name, one in alerts.items()
    } == {"alerts-failed-runs": ("Failed Runs", 3), "alerts-quota": ("Quota Utilization Percentage", 90)}
    for one in alerts.values():
        assert "machinelearningservices:Workspace" in one["scopes"][0]
        assert "monitor:ActionGroup" in one["actions"][0]["actionGroupId"]


def test_the_budget_is_of_the_resource_group_and_tells_owners_and_addresses() -> None:
    budget = stack("prod", alerts={"emails": [EMAIL]}).one("consumption:Budget")
    told = budget.inputs["notifications"]

    assert "resources:ResourceGroup" in budget.inputs["scope"]
    assert budget.inputs["amount"] == 3000
    assert sorted(told) == ["actual-100", "actual-50", "actual-80", "forecast"]
    for one in told.values():
        assert (one["contactRoles"], one["contactEmails"]) == (["Owner"], [EMAIL])


def test_the_month_in_which_a_budget_was_made_is_no_difference_later() -> None:
    budget = stack("dev").one("consumption:Budget")

    assert re.fullmatch(r"\d{4}-\d\d-01T00:00:00Z", budget.inputs["timePeriod"]["startDate"])
    assert budget.ignores == ("timePeriod",)


def test_the_classification_of_the_data_is_a_tag() -> None:
    def tag(run: Run) -> str:
        return str(run.one("storage:StorageAccount").inputs["tags"]["data-classification"])

    tags = {"owner": "me", "costCentre": "1", "dataClassification": "restricted"}
    assert tag(stack("prod")) == "confidential", "nobody said that it is less"
    assert tag(stack("prod", tags=tags)) == "restricted"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"containerRegistry": {"untaggedRetentionDays": 7}}, "untaggedRetentionDays needs sku 'Premium', not 'Basic'"),
        ({"containerRegistry": {"zoneRedundant": True}}, "zoneRedundant needs sku 'Premium', not 'Basic'"),
        ({"alerts": {"emails": ["me"]}}, "mlws:alerts.emails.0: 'me' is not possible; write an e-mail address"),
        ({"monitoring": {"diagnostics": "audits"}}, "write none, audit or all (did you mean 'audit'?)"),
        ({"budget": {"thresholds": [80, 50]}}, "mlws:budget: the thresholds [80, 50] must rise; write [50, 80]"),
        (
            {"budget": {"monthlyAmount": 0}},
            "mlws:budget.monthlyAmount: '0' is not possible; write 1 or more, the nearest is 1",
        ),
        (
            {"tags": {"owner": "me", "costCentre": "1", "dataClassification": "secret"}},
            "write public, internal, confidential or restricted",
        ),
    ],
)
def test_a_mistake_is_a_sentence(setting: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(**setting), "dev")

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_key_of_application_insights_is_secret_in_the_state() -> None:
    insights = created("dev", configuration()).one("applicationinsights:Component")
    assert "instrumentationKey" in insights.secret_outputs

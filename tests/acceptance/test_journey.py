"""`make up`, twice; then what a user does next; then `make down`, and up again.

One test a step, in order, on one copy of the project with an embedded Azure of its own.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.project_copy import ProjectCopy
from tests.conftest import PROJECT

pytestmark = [pytest.mark.xdist_group("journey"), pytest.mark.timeout(600)]

STACK_FILE = "Pulumi.local.yaml"


class Journey(ProjectCopy):
    """A copy of the project, and the jobs that ran in it."""

    def jobs(self) -> list[dict[str, str]]:
        listed = self.inside("mlws", "jobs", "list", "--json")
        assert listed.returncode == 0, listed.stdout
        found: list[dict[str, str]] = json.loads(listed.stdout)
        return found


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    journey = Journey.at(tmp_path_factory.mktemp("journey"))
    yield journey
    journey.run("mlws", "local", "stop")


@pytest.fixture(scope="module")
def first(journey: Journey) -> str:
    """What the first `make up` printed."""
    done = journey.run(sys.executable, "-m", "tools.up")
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def second(journey: Journey, first: str) -> str:
    """What the second one printed."""
    done = journey.run(sys.executable, "-m", "tools.up")
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_first_run_creates_the_stack_and_trains_two_models(journey: Journey, first: str) -> None:
    assert ", 0 unchanged" in first
    for expected in ("machinelearningservices:Workspace", "keyvault:Vault", "storage:StorageAccount", "config.json"):
        assert expected in first
    assert {(job["experiment"], job["status"]) for job in journey.jobs()} >= {
        ("elastic-net-diabetes", "Completed"),
        ("digits-automl", "Completed"),
    }


def test_the_summary_has_no_secret_and_no_noise(first: str, second: str) -> None:
    for noise in ("experimental class", "Authorization", "Traceback", "Request headers", "AccountKey"):
        assert noise not in first + second


def test_the_second_run_changes_nothing_and_trains_one_more(journey: Journey, second: str) -> None:
    assert "0 changed" in second
    experiments = [job["experiment"] for job in journey.jobs()]
    assert sorted(experiments) == ["digits-automl", "elastic-net-diabetes", "elastic-net-diabetes"]


def test_a_preview_by_hand_shows_no_change_and_the_tree_stays_clean(journey: Journey, second: str) -> None:
    done = journey.inside("pulumi", "preview", "--stack", "local", "--expect-no-changes")
    assert done.returncode == 0, done.stdout
    assert (journey.root / STACK_FILE).read_bytes() == (PROJECT / STACK_FILE).read_bytes()


def test_config_json_is_what_the_sdk_reads(journey: Journey, first: str) -> None:
    config = json.loads((journey.root / "config.json").read_text())
    assert set(config) == {"subscription_id", "resource_group", "workspace_name", "logging"}


def test_no_secret_is_in_the_state_in_clear(journey: Journey, first: str) -> None:
    key = journey.inside(
        "python",
        "-c",
        "from azure.identity import DefaultAzureCredential as C; from azure.keyvault.secrets import SecretClient as S;"
        "import json, sys; print(S(sys.argv[1], C()).get_secret('storage-account-key').value)",
        json.loads(journey.inside("pulumi", "stack", "output", "--stack", "local", "--json").stdout)["key_vault_uri"],
    ).stdout.strip()
    assert len(key) > 40
    for file in (journey.root / "home" / "pulumi-state").rglob("*"):
        assert not file.is_file() or key.encode() not in file.read_bytes(), file


def test_the_tracked_run_has_params_metrics_and_a_model_that_predicts(journey: Journey, second: str) -> None:
    name = next(job["name"] for job in journey.jobs() if job["experiment"] == "elastic-net-diabetes")
    shown = json.loads(journey.inside("mlws", "jobs", "show", name, "--json").stdout)
    assert {"alpha", "l1_ratio"} <= set(shown["params"])
    assert {"mse", "rmse", "mae", "r2"} <= set(shown["metrics"])
    script = (
        "import sys, mlflow; from sklearn.datasets import load_diabetes;"
        "mlflow.set_tracking_uri(sys.argv[1]);"
        "info = mlflow.models.get_model_info(sys.argv[2]); assert info.signature and info.saved_input_example_info;"
        "model = mlflow.pyfunc.load_model(sys.argv[2]);"
        "print(len(model.predict(load_diabetes(as_frame=True).data.head(3))))"
    )
    uri = json.loads(journey.inside("pulumi", "stack", "output", "--stack", "local", "--json").stdout)
    loaded = journey.inside("python", "-c", script, uri["mlflow_tracking_uri"], f"runs:/{name}/model")
    assert loaded.stdout.strip().endswith("3"), loaded.stdout


def test_the_automl_model_downloads(journey: Journey, first: str, tmp_path: Path) -> None:
    name = next(job["name"] for job in journey.jobs() if job["experiment"] == "digits-automl")
    done = journey.inside("mlws", "jobs", "download", name, "--all", "--to", str(tmp_path))
    assert done.returncode == 0, done.stdout
    assert list(tmp_path.rglob("MLmodel")), done.stdout


def test_a_failing_job_shows_the_end_of_its_log_and_exits_1(journey: Journey, first: str) -> None:
    script = journey.root / "fails.py"
    script.write_text("print('the last words')\nraise SystemExit(3)\n")
    done = journey.inside("mlws", "jobs", "submit", "fails.py", "--stream")
    assert done.returncode == 1, done.stdout
    assert "the last words" in done.stdout
    assert "Traceback" not in done.stdout


BAD_INPUT = {
    "a job that does not exist": (("mlws", "jobs", "submit", "elastic-nett"), "elastic-net"),
    "a script that does not exist": (("mlws", "jobs", "submit", "missing.py"), "missing.py"),
    "an unknown stack": (("mlws", "names", "prd"), "prod"),
    "a missing config.json": (("mlws", "jobs", "list", "--config", "missing.json"), "missing.json"),
}


@pytest.mark.parametrize("what", BAD_INPUT)
def test_bad_input_is_one_sentence_and_exit_2(journey: Journey, first: str, what: str) -> None:
    command, expected = BAD_INPUT[what]
    done = journey.inside(*command)
    assert (done.returncode, done.stdout.count("\n")) == (2, 1), done.stdout
    assert done.stdout.startswith("error: ")
    assert expected in done.stdout


def test_a_config_json_of_another_workspace_is_told(journey: Journey, first: str) -> None:
    config = json.loads((journey.root / "config.json").read_text())
    (journey.root / "other.json").write_text(json.dumps({**config, "workspace_name": "mlw-other"}))
    done = journey.inside("mlws", "jobs", "list", "--config", "other.json")
    assert done.returncode == 2, done.stdout
    assert "mlw-other" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_datastore_whose_secret_is_missing_registers_nothing(journey: Journey, first: str) -> None:
    text = (journey.root / "datastores.yaml").read_text()
    changed = text.replace("storage-account-key", "no-such-secret").replace("name: training_data", "name: renamed_data")
    (journey.root / "broken.yaml").write_text(changed)
    done = journey.inside("mlws", "datastores", "register", "--file", "broken.yaml")
    assert done.returncode == 2, done.stdout
    assert "no-such-secret" in done.stdout
    listed = journey.inside("mlws", "datastores", "list", "--json").stdout
    assert "renamed_data" not in listed


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mlws:tag: {}", "mlws:tags"),
        ("azure-native:location: westeurop", "westeurope"),
        ("mlws:environment: prd", "prod"),
        ("mlws:workload: Customer-Churn", "mlws:workload"),
    ],
)
def test_a_mistake_in_a_stack_file_stops_pulumi_before_the_first_resource(
    journey: Journey, first: str, line: str, expected: str
) -> None:
    stack_file = journey.root / STACK_FILE
    kept = stack_file.read_text()
    key = line.split(": ", maxsplit=1)[0]
    lines = [one for one in kept.splitlines() if key not in one]
    stack_file.write_text("\n".join([*lines, f"  {line}"]) + "\n")
    try:
        checked = journey.run("mlws", "infra", "check", "local")
        assert (checked.returncode, checked.stdout.count("\n")) == (2, 1), checked.stdout
        assert expected in checked.stdout
        done = journey.inside("pulumi", "preview", "--stack", "local")
        assert done.returncode != 0, done.stdout
        assert expected in done.stdout
        assert "Traceback" not in done.stdout
    finally:
        stack_file.write_text(kept)


def test_another_stack_refuses_the_embedded_azure(journey: Journey, first: str) -> None:
    assert journey.inside("pulumi", "stack", "init", "dev").returncode == 0
    done = journey.inside("pulumi", "preview", "--stack", "dev")
    assert done.returncode != 0, done.stdout
    assert "stack 'dev' is for real Azure, but the provider is logged in to the embedded one" in done.stdout
    assert "Traceback" not in done.stdout


def test_down_destroys_everything_and_up_brings_it_back(journey: Journey, second: str) -> None:
    before = json.loads((journey.root / "config.json").read_text())
    down = journey.run(sys.executable, "-m", "tools.down")
    assert down.returncode == 0, down.stdout
    not_running = journey.inside("true")
    assert (not_running.returncode, "mlws local start" in not_running.stdout) == (2, True)

    up = journey.run(sys.executable, "-m", "tools.up")
    assert up.returncode == 0, up.stdout
    assert json.loads((journey.root / "config.json").read_text()) == before
    again = journey.inside("pulumi", "preview", "--stack", "local", "--expect-no-changes")
    assert again.returncode == 0, again.stdout

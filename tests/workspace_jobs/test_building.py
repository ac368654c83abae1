from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.workspace_jobs.conftest import FakeWorkspace
from workspace_jobs.errors import JobsError
from workspace_jobs.jobs.building import Options, built, parse_settings
from workspace_jobs.jobs.submission import submit
from workspace_jobs.jobs.targets import BUNDLED, DigitsAutoML, JobFile, Script, resolve

ELASTIC_NET = BUNDLED["elastic-net"]


def rest(target: Any, options: Options) -> dict[str, Any]:
    """The body that the SDK would put on the wire."""
    with built(target, options) as job:
        entity: Any = job._to_job() if hasattr(job, "_to_job") else job
        body: dict[str, Any] = entity._to_rest_object().as_dict()["properties"]
    return body


def test_bundled_names_job_files_and_scripts_are_told_apart(tmp_path: Path) -> None:
    for name in ("job.yaml", "job.yml", "train.py"):
        (tmp_path / name).touch()
    assert resolve("digits-automl") == DigitsAutoML()
    assert resolve(str(tmp_path / "job.yml")) == JobFile(tmp_path / "job.yml")
    assert resolve(str(tmp_path / "train.py")) == Script(tmp_path / "train.py")


def test_every_bundled_job_is_there() -> None:
    assert all(target.path.is_file() for target in BUNDLED.values() if isinstance(target, JobFile))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("elastic-nett", "did you mean `elastic-net`"),
        ("nowhere.py", "nowhere.py is neither a file nor a bundled job"),
        (".", "is a folder"),
        (__file__[:-3] + ".txt", "neither a file"),
    ],
)
def test_a_target_that_is_not_there_is_a_sentence(target: str, words: str) -> None:
    with pytest.raises(JobsError, match=words) as raised:
        resolve(target)
    assert raised.value.exit_code == 2


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(JobsError, match=r"notes\.txt is not a job"):
        resolve(str(tmp_path / "notes.txt"))


def test_the_bundled_job_takes_settings_a_name_an_experiment_and_a_compute() -> None:
    options = Options("run-1", "tries", "cpu", {"inputs.alpha": 0.5})
    with built(ELASTIC_NET, options) as job:
        entity: Any = job
        assert (entity.name, entity.experiment_name, entity.compute) == ("run-1", "tries", "cpu")
    body = rest(ELASTIC_NET, options)
    assert body["inputs"]["alpha"] == {"jobInputType": "literal", "value": "0.5"}
    assert body["inputs"]["l1_ratio"] == {"jobInputType": "literal", "value": "1.0"}


def test_the_bundled_job_keeps_its_own_experiment() -> None:
    assert rest(ELASTIC_NET, Options())["experimentName"] == "elastic-net-diabetes"


@pytest.mark.parametrize(
    ("folder", "experiment"),
    [("churn", "churn"), ("my churn (2)", "my-churn-2"), ("größe", "gr-e"), ("…", "Default"), ("x" * 255, "x" * 255)],
)
def test_a_job_file_without_an_experiment_gets_the_working_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, experiment: str
) -> None:
    (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / folder)
    Path("job.yaml").write_text("command: echo\nenvironment: azureml:e@latest\n")
    assert rest(JobFile(Path("job.yaml")), Options())["experimentName"] == experiment
    assert rest(JobFile(Path("job.yaml")), Options(experiment="tries"))["experimentName"] == "tries"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("command: echo\nenvironment: 5", "`environment`: not a value that Azure ML can read here$"),
        (
            "command: echo\nenvironment: {image: i, conda_file: gone.yaml}",
            r"`environment`: No such file or directory: .*gone\.yaml$",
        ),
        ("type: sweeep", "Unsupported job type: sweeep$"),
    ],
)
def test_what_the_sdk_trips_over_is_told_without_its_source(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "job.yaml"
    path.write_text(content)
    with pytest.raises(JobsError, match=words) as raised, built(JobFile(path), Options()):
        pass
    assert raised.value.exit_code == 2


def test_an_input_that_the_job_does_not_have_gets_its_nearest_spelling() -> None:
    with (
        pytest.raises(JobsError, match="no input `alhpa`: did you mean `alpha`"),
        built(ELASTIC_NET, Options(settings={"inputs.alhpa": 1})),
    ):
        pass


def test_a_command_that_refers_to_a_missing_input_is_refused_before_the_upload(tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    path.write_text("command: echo ${{inputs.apha}}\nenvironment: azureml:e@latest\ninputs: {alpha: 1}\n")
    with (
        pytest.raises(JobsError, match=r"`apha`, which is not there: did you mean `alpha`"),
        built(JobFile(path), Options()),
    ):
        pass


@pytest.mark.parametrize(("content", "words"), [("- a", "keys and values"), ("a: [", "not YAML")])
def test_a_job_file_that_is_none_is_a_sentence(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "job.yaml"
    path.write_text(content)
    with pytest.raises(JobsError, match=words), built(JobFile(path), Options()):
        pass


@pytest.mark.parametrize("options", [Options(name="bad name"), Options(experiment="bad/name")])
def test_names_are_judged_first(options: Options) -> None:
    with pytest.raises(JobsError, match=r"--name|--experiment"), built(ELASTIC_NET, options):
        pass


def test_settings_are_read_as_yaml() -> None:
    assert parse_settings(["inputs.alpha=0.1", "tags.a=b=c", "description="]) == {
        "inputs.alpha": 0.1,
        "tags.a": "b=c",
        "description": "",
    }


@pytest.mark.parametrize("setting", ["alpha", "=1", "inputs.=1", "a b=1", "a=["])
def test_a_setting_of_another_form_is_refused(setting: str) -> None:
    with pytest.raises(JobsError, match="--set"):
        parse_settings([setting])


class FakeJobs:
    def __init__(self) -> None:
        self.submitted: list[Any] = []

    def create_or_update(self, job: Any) -> Any:
        self.submitted.append(job)
        return job


@pytest.fixture
def submitted(workspace: FakeWorkspace) -> list[Any]:
    jobs = FakeJobs()
    workspace.ml_client.__dict__["jobs"] = jobs
    workspace.computes = [
        SimpleNamespace(name="vm", type="computeinstance"),
        SimpleNamespace(name="cpu-b", type="amlcompute"),
        SimpleNamespace(name="cpu-a", type="amlcompute"),
    ]
    return jobs.submitted


@pytest.mark.parametrize(
    ("wanted", "used"),
    [
        (None, "cpu-a"),
        ("vm", "vm"),
        ("CPU-B", "CPU-B"),
        ("azureml:cpu-b", "cpu-b"),
        ("serverless", "serverless"),
    ],
)
def test_a_job_runs_on_the_compute_wanted_or_on_the_first_cluster(
    workspace: FakeWorkspace, submitted: list[Any], wanted: str | None, used: str
) -> None:
    submit(workspace, ELASTIC_NET, Options(compute=wanted))
    assert submitted[0].compute == used


def test_a_compute_that_is_not_there_gets_its_nearest_spelling(workspace: FakeWorkspace, submitted: list[Any]) -> None:
    with pytest.raises(JobsError, match="has no compute `cpu-c`: did you mean `cpu-"):
        submit(workspace, ELASTIC_NET, Options(compute="cpu-c"))
    assert submitted == []


def test_a_workspace_without_clusters_says_so(workspace: FakeWorkspace, submitted: list[Any]) -> None:
    workspace.computes.clear()
    with pytest.raises(JobsError, match="no compute cluster"):
        submit(workspace, ELASTIC_NET, Options())
    assert submitted == []

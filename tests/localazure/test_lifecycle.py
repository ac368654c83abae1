"""Start, stop, and what survives: each test with an embedded Azure of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jwt
import psutil
import pytest
import requests
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.storage.blob import BlobServiceClient
from click.testing import CliRunner
from mlflow import MlflowClient

from localazure import control
from localazure.cli import local
from localazure.errors import LocalAzureError
from localazure.home import Home, Settings
from localazure.processes import recorded
from tests.localazure.arm_client import ArmClient, vault_body

pytestmark = pytest.mark.xdist_group("lifecycle")

ACCOUNT = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}


def quiet(_: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("lifecycle"))
    assert control.start(home, 0, quiet) is True
    yield home
    control.stop(home)


@pytest.fixture
def pointed(running: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name, value in control.environment(running).items():
        monkeypatch.setenv(name, value)
    return running


def process_of(home: Home, name: str) -> psutil.Process:
    process = next(one.process() for one in recorded(home) if one.name == name)
    assert process is not None
    return process


def wait_until(condition: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def all_ready(home: Home) -> bool:
    return all(one.state == "ready" for one in control.services(home))


def test_a_second_start_does_nothing(running: Home) -> None:
    before = {one.name: one.pid for one in control.services(running)}
    assert control.start(running, None, quiet) is False
    assert {one.name: one.pid for one in control.services(running)} == before


def test_two_starts_at_once_bring_up_one(tmp_path: Path) -> None:
    home = Home(tmp_path)
    command = [sys.executable, "-m", "mlws", "local", "start", "--home", str(tmp_path), "--port", "0"]
    try:
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = sorted(process.communicate(timeout=90)[0].splitlines()[0] for process in both)
        assert said == ["embedded Azure is already running", "embedded Azure started"]
        assert all_ready(home)
    finally:
        control.stop(home)


def test_what_was_answered_survives_a_kill_of_every_process(pointed: Home) -> None:
    arm = ArmClient()
    group = arm.group("rg-durable")
    me = Settings.load(pointed).user_object_id
    arm.put(f"{group}/providers/Microsoft.KeyVault/vaults/kv-durable", vault_body(me, "get", "set"))
    arm.put(f"{group}/providers/Microsoft.Storage/storageAccounts/stdurable", ACCOUNT)
    vault = SecretClient("https://kv-durable.vault.azure.net", DefaultAzureCredential())
    blobs = BlobServiceClient("https://stdurable.blob.core.windows.net", DefaultAzureCredential())
    tracking = MlflowClient(f"http://127.0.0.1:{Settings.load(pointed).ports.mlflow}")
    container = blobs.create_container("kept")

    for round_number, name in enumerate(("azurite", "mlflow", "server")):
        vault.set_secret("kept", f"value {round_number}")
        container.upload_blob("kept", f"blob {round_number}", overwrite=True)
        experiment = tracking.create_experiment(f"kept {round_number}")
        process_of(pointed, name).send_signal(signal.SIGKILL)
        if name == "server":
            assert control.start(pointed, None, quiet) is True
        wait_until(lambda: all_ready(pointed))

        assert vault.get_secret("kept").value == f"value {round_number}"
        assert container.download_blob("kept").readall() == f"blob {round_number}".encode()
        assert tracking.get_experiment(experiment).name == f"kept {round_number}"


def test_stop_ends_its_own_processes_and_no_others(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    home = Home(tmp_path / "home")
    try:
        control.start(home, 0, quiet)
        own = [process_of(home, name) for name in ("server", "azurite", "mlflow")]
        # A record whose process id now belongs to somebody else must not match.
        records = json.loads(home.processes.read_text())
        records.append({"name": "stale", "pid": stranger.pid, "created": 1.0})
        home.processes.write_text(json.dumps(records))
        assert set(control.stop(home)) == {"server", "azurite", "mlflow"}
        assert not any(process.is_running() for process in own)
        assert stranger.poll() is None
        assert control.stop(home) == []
        with pytest.raises(LocalAzureError, match="not running"):
            control.execute(home, ["true"])
        assert control.start(home, None, quiet) is True
    finally:
        stranger.kill()
        stranger.wait()
        control.stop(home)


def test_a_taken_port_names_who_has_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalAzureError) as refused:
            control.start(Home(tmp_path), port, quiet)
    assert f"port {port} is taken by process {os.getpid()}" in str(refused.value)
    assert "--port" in str(refused.value)
    assert recorded(Home(tmp_path)) == []


def test_a_port_of_another_embedded_azure_is_named(running: Home, tmp_path: Path) -> None:
    port = Settings.load(running).ports.front_door
    with pytest.raises(LocalAzureError, match=f"port {port} belongs to the embedded Azure of {running.path}"):
        control.start(Home(tmp_path), port, quiet)


@pytest.mark.parametrize("command", [["env"], ["status"], ["exec", "--", "true"]])
def test_nothing_runs_where_nothing_was_started(tmp_path: Path, command: list[str]) -> None:
    result = CliRunner().invoke(local, [command[0], "--home", str(tmp_path), *command[1:]])
    assert isinstance(result.exception, LocalAzureError)
    assert "run `mlws local start` first" in str(result.exception)


def test_exec_runs_nothing_when_another_program_has_the_port(running: Home, tmp_path: Path) -> None:
    home = Home(tmp_path)
    settings = home.create(0)
    witness = tmp_path / "ran"
    with socket.socket() as impostor:
        impostor.bind(("127.0.0.1", settings.ports.front_door))
        impostor.listen()
        impostor.settimeout(0.1)
        home.ca_certificate.write_bytes(running.ca_certificate.read_bytes())
        with pytest.raises(LocalAzureError, match="not running"):
            control.execute(home, ["touch", str(witness)])
    assert not witness.exists()


def test_exec_points_a_process_at_it_and_gives_back_its_exit_code(running: Home) -> None:
    script = "import os, sys; print(os.environ['HTTPS_PROXY'], os.environ['PULUMI_HOME']); sys.exit(7)"
    command = [sys.executable, "-m", "mlws", "local", "exec", "--home", str(running.path), "--"]
    result = subprocess.run([*command, "python", "-c", script], capture_output=True, text=True, check=False)
    ports = Settings.load(running).ports
    assert result.returncode == 7, result.stderr
    assert result.stdout.split() == [f"http://127.0.0.1:{ports.front_door}", str(running.pulumi)]


def test_status_and_env_as_json(running: Home) -> None:
    status = CliRunner().invoke(local, ["status", "--json", "--home", str(running.path)])
    assert status.exit_code == 0
    assert {one["name"]: one["state"] for one in json.loads(status.output)["services"]} == {
        "server": "ready",
        "azurite": "ready",
        "mlflow": "ready",
    }
    variables = json.loads(CliRunner().invoke(local, ["env", "--json", "--home", str(running.path)]).output)
    assert variables["REQUESTS_CA_BUNDLE"] == str(running.ca_certificate)


@pytest.mark.parametrize("place", ["/proc/nowhere", "/proc/" + "x" * 300])
def test_a_folder_that_cannot_be_is_told_in_a_sentence(place: str) -> None:
    with pytest.raises(LocalAzureError, match="choose another state folder with --home or MLWS_HOME"):
        Home(Path(place)).create(0)


def test_only_the_folder_of_an_embedded_azure_is_ever_deleted(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("three years")
    with pytest.raises(LocalAzureError, match="nothing to reset"):
        control.reset(Home(tmp_path))
    with pytest.raises(LocalAzureError, match="other files"):
        control.start(Home(tmp_path), 0, quiet)
    assert list(tmp_path.iterdir()) == [mine]


def test_a_reset_leaves_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    control.start(home, 0, quiet)
    control.reset(home)
    assert not home.path.exists()


def test_a_start_while_a_child_is_down_waits_for_it_and_ends_nothing(running: Home) -> None:
    server = process_of(running, "server").pid
    process_of(running, "mlflow").send_signal(signal.SIGKILL)
    assert control.start(running, None, quiet) is False
    assert all_ready(running)
    assert process_of(running, "server").pid == server


def test_a_made_up_token_opens_no_blob(pointed: Home) -> None:
    name = f"st{os.urandom(4).hex()}"
    arm = ArmClient()
    arm.put(f"{arm.group('rg-forged')}/providers/Microsoft.Storage/storageAccounts/{name}", ACCOUNT)
    now = int(time.time())
    claims: dict[str, object] = {"aud": "https://storage.azure.com", "iss": "https://sts.windows.net/x/", "oid": "x"}
    claims.update(iat=now - 60, nbf=now - 60, exp=now + 600)
    forged = jwt.encode(claims, "anything at all, as long as it is long", algorithm="HS256")
    url = f"https://{name}.blob.core.windows.net/?comp=list"
    for token, status in ((forged, 401), (forged.rsplit(".", 1)[0] + ".", 401), (_blob_token(), 200)):
        headers = {"Authorization": f"Bearer {token}", "x-ms-version": "2023-11-03"}
        assert requests.get(url, headers=headers, timeout=10).status_code == status


def _blob_token() -> str:
    return DefaultAzureCredential().get_token("https://storage.azure.com/.default").token


def test_secrets_of_the_home_are_readable_by_their_owner_only(running: Home) -> None:
    private = [running.certificates / "ca.key", running.database, running.settings, *running.secrets.iterdir()]
    private += [running.azurite / "accounts.json", running.azurite / "blob.key"]
    assert [file.name for file in private if file.stat().st_mode & 0o077] == []
    assert running.path.stat().st_mode & 0o077 == 0

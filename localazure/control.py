"""Start, stop and look at an embedded Azure from outside: what the commands of `mlws local` do."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localazure.errors import LocalAzureError
from localazure.home import LOOPBACK, MARKER_HEADER, SUBSCRIPTION_ID, Home, Settings
from localazure.local_environment import machine_environment, user_environment, with_this_package
from localazure.processes import end, owner_of_port, recorded, sole_control
from localazure.pulumi_provider.install import install
from localazure.storage.azurite import azurite_folder, node

_READY_SECONDS = 90.0
_POLL_SECONDS = 0.1
_TAIL_LINES = 15


@dataclass(frozen=True)
class Service:
    """One process of the embedded Azure, for `mlws local status`."""

    name: str
    pid: int | None
    state: str
    address: str


def start(home: Home, port: int | None, progress: Callable[[str], None]) -> bool:
    """Bring it up, and wait until every part answers. Returns False when it was up already.

    Raises LocalAzureError when a port is taken, a tool is missing, or the server ends at once.
    """
    azurite_folder(), node()
    home.make_folders()
    with sole_control(home):
        settings = home.create(port)
        answer = _own_status(home, settings)
        if answer is not None and all(answer["ready"].values()):
            return False
        if answer is not None:
            progress("it runs already; waiting until every part answers")
            _await_ready(home, settings, None, progress)
            return False
        end(recorded(home))
        _refuse_taken_ports(settings)
        home.secret("pulumi-passphrase")
        install(home.pulumi, Path(sys.executable))
        progress("starting the front door, Azurite and MLflow")
        _await_ready(home, settings, _spawn(home, settings), progress)
    return True


def stop(home: Home) -> list[str]:
    """End the processes that were started here, running jobs included. Returns the names of those that lived."""
    if not home.exists:
        return []
    with sole_control(home):
        return _end_all(home)


def services(home: Home) -> list[Service]:
    """Each process, whether it runs and whether it answers."""
    settings = Settings.load(home)
    answer = _status(settings) or {}
    ready = answer.get("ready", {}) if answer.get("home") == str(home.path) else {}
    living = {one.name: one.pid for one in recorded(home) if one.process() is not None}
    ports = settings.ports
    addresses = {
        "server": (f"http://{LOOPBACK}:{ports.front_door}", bool(ready)),
        "azurite": (f"https://{LOOPBACK}:{ports.blob}", ready.get("azurite", False)),
        "mlflow": (f"http://{LOOPBACK}:{ports.mlflow}", ready.get("mlflow", False)),
    }
    return [
        Service(name, living.get(name), _state(running=name in living, answers=answers), address)
        for name, (address, answers) in addresses.items()
    ]


def environment(home: Home) -> dict[str, str]:
    """The variables that point a process at this embedded Azure. Raises LocalAzureError when none was started."""
    return user_environment(home, Settings.load(home))


def execute(home: Home, command: list[str]) -> None:
    """Become `command`, pointed at the embedded Azure; never returns.

    Raises LocalAzureError unless a request to management.azure.com through the front door is answered with the
    embedded Azure's own marker: nothing is run that might reach the real one.
    """
    variables = environment(home)
    require_embedded(home)
    tools = Path(__file__).resolve().parent.parent / ".tools" / "bin"
    path = os.pathsep.join([str(Path(sys.executable).parent), str(tools), os.environ.get("PATH", "")])
    # Pulumi prefers a passphrase in the environment to the file that is meant.
    inherited = {name: value for name, value in os.environ.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
    merged = {**inherited, **variables, "PATH": path}
    program = shutil.which(command[0], path=path)
    if program is None:
        raise LocalAzureError(f"there is no command '{command[0]}' on PATH; write `mlws local exec -- COMMAND`")
    sys.stdout.flush()
    os.execve(program, command, merged)  # noqa: S606 - the command is the user's own


def require_embedded(home: Home) -> None:
    """Raise LocalAzureError unless the front door answers for management.azure.com as the embedded Azure."""
    settings = Settings.load(home)
    context = ssl.create_default_context(cafile=str(home.ca_certificate)) if home.ca_certificate.is_file() else None
    connection = http.client.HTTPSConnection(LOOPBACK, settings.ports.front_door, context=context, timeout=10)
    connection.set_tunnel("management.azure.com", 443)
    try:
        connection.request("GET", f"/subscriptions/{SUBSCRIPTION_ID}")
        marker = connection.getresponse().headers.get(MARKER_HEADER)
    except (OSError, http.client.HTTPException):
        marker = None
    finally:
        connection.close()
    if marker != SUBSCRIPTION_ID:
        raise LocalAzureError("the embedded Azure is not running; run `mlws local start` first")


def reset(home: Home) -> None:
    """Stop, and delete everything that was kept.

    Raises LocalAzureError for a folder that is no home: nothing else is ever deleted.
    """
    if not home.exists:
        raise LocalAzureError(f"{home.path} is not the folder of an embedded Azure; there is nothing to reset")
    stop(home)
    shutil.rmtree(home.path)


def _end_all(home: Home) -> list[str]:
    records = recorded(home)
    living = [one.name for one in records if one.process() is not None]
    end(one for one in records if one.name == "server")
    end(recorded(home))
    home.processes.unlink(missing_ok=True)
    return living


def _spawn(home: Home, settings: Settings) -> "subprocess.Popen[bytes]":
    log = home.logs / "server.log"
    with log.open("ab") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "localazure.server", str(home.path)],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env=with_this_package(machine_environment(settings)),
            cwd=home.path,
            start_new_session=True,
        )


def _await_ready(
    home: Home, settings: Settings, server: "subprocess.Popen[bytes] | None", progress: Callable[[str], None]
) -> None:
    waiting = {"server", "azurite", "mlflow"}
    deadline = time.monotonic() + _READY_SECONDS
    while waiting:
        if server is not None and server.poll() is not None:
            end(recorded(home))
            raise LocalAzureError(f"the embedded Azure could not start:\n{_tail(home.logs / 'server.log')}")
        if time.monotonic() > deadline:
            _end_all(home)
            names = ", ".join(sorted(waiting))
            raise LocalAzureError(f"not ready after {_READY_SECONDS:.0f} s: {names}; see `mlws local logs`")
        answer = _status(settings)
        if answer is not None:
            done = {"server", *(name for name, ready in answer["ready"].items() if ready)} & waiting
            for name in sorted(done):
                progress(f"{name} is ready")
            waiting -= done
        time.sleep(_POLL_SECONDS if waiting else 0)


def _own_status(home: Home, settings: Settings) -> dict[str, Any] | None:
    """What the server of this home answers; None where nothing does."""
    answer = _status(settings)
    if answer is not None and answer["home"] != str(home.path):
        raise LocalAzureError(
            f"port {settings.ports.front_door} belongs to the embedded Azure of {answer['home']}; stop that one, or "
            "choose another with `mlws local start --port N`"
        )
    return answer


def _refuse_taken_ports(settings: Settings) -> None:
    for port in (settings.ports.front_door, settings.ports.blob, settings.ports.mlflow):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                raise LocalAzureError(
                    f"port {port} is taken by {owner_of_port(port)}; stop it, or choose other ports with "
                    "`mlws local start --port N`"
                ) from None


def _status(settings: Settings) -> dict[str, Any] | None:
    connection = http.client.HTTPConnection(LOOPBACK, settings.ports.front_door, timeout=5)
    try:
        connection.request("GET", "/status")
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) and answer.get("embeddedAzure") == SUBSCRIPTION_ID else None


def _state(*, running: bool, answers: bool) -> str:
    if answers:
        return "ready"
    return "no answer" if running else "stopped"


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])

"""The state folder of one embedded Azure: where each thing lives, and the few settings that must outlive a restart.

Everything the embedded Azure keeps is below this one folder (mode 0700), so that deleting it is a full reset.
"""

import json
import os
import secrets
import socket
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from localazure.errors import LocalAzureError

TENANT_ID = "10ca1a2e-0000-4000-8000-000000000000"
SUBSCRIPTION_ID = "10ca1a2e-0000-4000-8000-000000000001"

MARKER_HEADER = "x-embedded-azure"
"""What every answer of the embedded Resource Manager carries, and no answer of the real one."""

DEFAULT_PORT = 8440
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """The three TCP ports of an embedded Azure, all on loopback."""

    front_door: int
    blob: int
    mlflow: int

    @classmethod
    def starting_at(cls, port: int) -> Self:
        """Three ports in a row, or three free ones picked by the system for port 0."""
        if port:
            return cls(port, port + 1, port + 2)
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            free = []
            for listener in (one, two, three):
                listener.bind((LOOPBACK, 0))
                free.append(listener.getsockname()[1])
        return cls(*free)


@dataclass(frozen=True)
class Home:
    """Paths below the state folder. Nothing here touches the disk until `create`."""

    path: Path

    @classmethod
    def find(cls, explicit: Path | None = None) -> Self:
        """The folder asked for, else `MLWS_HOME`, else `.mlws/azure` of the project one stands in."""
        if explicit is not None:
            return cls(explicit.resolve())
        if configured := os.environ.get("MLWS_HOME"):
            return cls(Path(configured).resolve())
        here = Path.cwd()
        project = next((p for p in (here, *here.parents) if (p / "Pulumi.yaml").is_file()), here)
        return cls(project / ".mlws" / "azure")

    @property
    def settings(self) -> Path:
        """Ports and other choices made at the first start."""
        return self.path / "settings.json"

    @property
    def database(self) -> Path:
        """The ARM store, Key Vault secrets included (sealed)."""
        return self.path / "azure.db"

    @property
    def secrets(self) -> Path:
        """One file a secret, each mode 0600."""
        return self.path / "secrets"

    @property
    def certificates(self) -> Path:
        """The private CA. Its key never leaves this folder and is never installed system-wide."""
        return self.path / "certificates"

    @property
    def ca_certificate(self) -> Path:
        """What clients must trust: `REQUESTS_CA_BUNDLE` and `SSL_CERT_FILE` point here."""
        return self.certificates / "ca.pem"

    @property
    def azurite(self) -> Path:
        """Azurite's blobs, and the accounts file it reads."""
        return self.path / "azurite"

    @property
    def mlflow(self) -> Path:
        """The MLflow server's database and the artifacts of runs that belong to no workspace."""
        return self.path / "mlflow"

    @property
    def jobs(self) -> Path:
        """One folder a submitted job."""
        return self.path / "jobs"

    @property
    def environments(self) -> Path:
        """Virtual environments of jobs, by digest of what they hold."""
        return self.path / "environments"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.path / "logs"

    @property
    def pulumi(self) -> Path:
        """A `PULUMI_HOME` of its own, so that other stacks keep the official provider."""
        return self.path / "pulumi"

    @property
    def pulumi_state(self) -> Path:
        """The state backend of stack `local`."""
        return self.path / "pulumi-state"

    @property
    def processes(self) -> Path:
        """Which processes were started, so that `stop` ends exactly those."""
        return self.path / "processes.json"

    @property
    def lock(self) -> Path:
        """Held by whoever starts or stops."""
        return self.path / "control.lock"

    @property
    def exists(self) -> bool:
        """Whether an embedded Azure was ever started here."""
        return self.settings.is_file()

    def create(self, port: int | None) -> "Settings":
        """Make the folder if it is new, and return its settings. `port` moves an existing one."""
        self.make_folders()
        known = Settings.load(self) if self.exists else None
        if known is not None and port in (None, 0, known.ports.front_door):
            return known
        settings = Settings(
            ports=Ports.starting_at(DEFAULT_PORT if port is None else port),
            user_object_id=known.user_object_id if known else str(uuid.uuid4()),
        )
        write_atomically(self.settings, json.dumps(asdict(settings), indent=2))
        return settings

    def make_folders(self) -> None:
        """Make what is below the folder.

        Raises LocalAzureError for a place where folders cannot be made, or one that holds something else.
        """
        inside = [self.secrets, self.certificates, self.logs, self.jobs, self.pulumi_state]
        inside += [self.azurite, self.mlflow, self.environments, self.pulumi]
        where = f"{self.path}: choose another state folder with --home or MLWS_HOME"
        try:
            found = {one.name for one in self.path.iterdir()} if self.path.exists() else set()
            # Another start may be at the same point.
            strange = {name for name in found if not name.startswith(f".{self.settings.name}.")}
            if not self.exists and strange - {one.name for one in (*inside, self.lock)}:
                raise LocalAzureError(f"there are other files in {where}")
            for folder in (self.path, *inside):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise LocalAzureError(f"{(problem.strerror or str(problem)).lower()} in {where}") from None

    def secret(self, name: str) -> str:
        """The secret of that name: random, made at first use, readable by this user only."""
        file = self.secrets / name
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text()
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(32))
        return file.read_text()


@dataclass(frozen=True)
class Settings:
    """What must stay the same from one start to the next."""

    ports: Ports
    user_object_id: str

    @classmethod
    def load(cls, home: Home) -> Self:
        """Read them back. Raises LocalAzureError where nothing was ever started, or the file is damaged."""
        try:
            stored = json.loads(home.settings.read_text())
            return cls(ports=Ports(**stored["ports"]), user_object_id=stored["user_object_id"])
        except FileNotFoundError:
            raise LocalAzureError(
                f"no embedded Azure was started in {home.path}; run `mlws local start` first"
            ) from None
        except (ValueError, KeyError, TypeError) as problem:
            raise LocalAzureError(
                f"{home.settings} is damaged ({problem}); run `mlws local reset` to begin anew"
            ) from None


def write_atomically(file: Path, text: str) -> None:
    """Replace `file` in one step, mode 0600: a reader sees the old text or the new, never half of it."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)

"""The running embedded Azure that tests share: started once a worker, in a folder of its own, on free ports."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from localazure import control
from localazure.home import Home, Settings

# How fast a busy machine draws examples says nothing about the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

PROJECT = Path(__file__).resolve().parents[1]


# What MLflow is told by this name would reach every process that a later test starts.
MLFLOW_VARIABLES = {name for name in os.environ if name.startswith("MLFLOW_")}


@pytest.fixture(autouse=True)
def mlflow_forgets() -> Iterator[None]:
    """What a test tells MLflow holds for that test: where runs go, which experiment is active, how stores are built."""
    yield
    if fluent := sys.modules.get("mlflow.tracking.fluent"):
        vars(fluent)["_active_experiment_id"] = None
        vars(sys.modules["mlflow.tracking._tracking_service.utils"])["_tracking_uri"] = None
        vars(sys.modules["mlflow.tracking._model_registry.utils"])["_registry_uri"] = None
    if activation := sys.modules.get("workspace_jobs.tracking.activation"):
        activation.disable()
    for name in {one for one in os.environ if one.startswith("MLFLOW_")} - MLFLOW_VARIABLES:
        del os.environ[name]


@dataclass(frozen=True)
class EmbeddedAzure:
    """A running embedded Azure: its folder, and the variables that point a process at it."""

    home: Home
    environment: Mapping[str, str]

    @property
    def settings(self) -> Settings:
        """Ports and the user's object id."""
        return Settings.load(self.home)

    def run(self, *command: str, cwd: Path = PROJECT, timeout: float = 300) -> "subprocess.CompletedProcess[str]":
        """Run a command against it, and give back what it printed."""
        path = os.pathsep.join([str(Path(sys.executable).parent), str(PROJECT / ".tools" / "bin"), os.environ["PATH"]])
        return subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **self.environment, "PATH": path},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


@pytest.fixture(scope="session")
def embedded_azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAzure]:
    """One embedded Azure for the whole session of a worker."""
    home = Home(tmp_path_factory.mktemp("azure"))
    control.start(home, 0, progress=lambda _: None)
    yield EmbeddedAzure(home, control.environment(home))
    control.stop(home)


@pytest.fixture
def azure(embedded_azure: EmbeddedAzure, monkeypatch: pytest.MonkeyPatch) -> EmbeddedAzure:
    """The same, with this process pointed at it, so that the official SDKs can be called right here."""
    for name, value in embedded_azure.environment.items():
        monkeypatch.setenv(name, value)
    return embedded_azure

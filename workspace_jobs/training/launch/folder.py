"""The folder of one launch: the spec, what will be the run's artifacts, and how far the run has come."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """A run as far as it is known: `status` is MLflow's, empty while it runs; `error` one line about a failure."""

    run_id: str
    experiment: str
    tracking_uri: str
    status: str = ""
    error: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class LaunchFolder:
    """Paths below `path`; the launcher and the process of the code both know them."""

    path: Path

    @property
    def spec_file(self) -> Path:
        """The LaunchSpec as JSON."""
        return self.path / "launch.json"

    @property
    def artifacts(self) -> Path:
        """What becomes the run's artifacts, with their names."""
        return self.path / "artifacts"

    @property
    def stdout(self) -> Path:
        """What the code prints: written by its process itself, so that nothing is lost when it is killed."""
        return self.artifacts / "logs" / "stdout.txt"

    @property
    def stderr(self) -> Path:
        """The same of standard error."""
        return self.artifacts / "logs" / "stderr.txt"

    def outcome(self) -> Outcome | None:
        """How far the run has come, None where it never began."""
        file = self.path / "outcome.json"
        return Outcome(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None

    def write_outcome(self, outcome: Outcome) -> None:
        """Replace what is known of the run, as a whole."""
        draft = self.path / "outcome.json.draft"
        draft.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        draft.replace(self.path / "outcome.json")

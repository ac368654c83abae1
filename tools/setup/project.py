"""Where set-up puts things. One value to pass around, so that tests can point it at a temporary folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """A clone of the project, and the two git-ignored folders that set-up fills in it."""

    root: Path

    @property
    def environment(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        """Where the virtual environment keeps its commands."""
        return self.environment / "bin"

    @property
    def python(self) -> Path:
        """The virtual environment's interpreter."""
        return self.scripts / "python"

    @property
    def tools(self) -> Path:
        """Everything that is not Python."""
        return self.root / ".tools"

    @property
    def bin(self) -> Path:
        """Commands of those tools, as links that stay where they are while tools come and go."""
        return self.tools / "bin"

    @property
    def logs(self) -> Path:
        """The full output of each step, for when it fails."""
        return self.tools / "logs"

    @property
    def recipes(self) -> Path:
        """The pinned manifests that tools are built from."""
        return self.root / "tools"

"""What is asked of a run on a compute, as a file that goes along with the code."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from workspace_jobs.automl.decisions.costs import as_written
from workspace_jobs.automl.options import Options

FILE = "mlws-automl.json"
CANDIDATES = "candidates.yaml"


@dataclass(frozen=True)
class Request:
    """A run. `data` is its name; the tables themselves are inputs of the job, save a data set of scikit-learn."""

    data: str
    options: Options
    register_as: str | None = None

    def write(self, folder: Path) -> None:
        """Write it into `folder`, with the candidates that it names and without any path of this machine."""
        candidates = self.options.candidates
        if candidates is not None:
            (folder / CANDIDATES).write_bytes(candidates.read_bytes())
        here = {"out": None, "test": None, "config": None, "candidates": CANDIDATES if candidates else None}
        options = asdict(replace(self.options, test=None, costs=as_written(self.options.costs))) | here
        # A label of the target, whatever type it has there, is known by its text.
        options["positive"] = None if self.options.positive is None else str(self.options.positive)
        content = {"data": self.data, "options": options, "register_as": self.register_as}
        (folder / FILE).write_text(json.dumps(content, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> "Request":
        """Read it back."""
        content = json.loads(file.read_text(encoding="utf-8"))
        return cls(content["data"], _options(content["options"]), content["register_as"])


def _options(raw: Mapping[str, Any]) -> Options:
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    plain["candidates"] = Path(plain["candidates"]) if plain["candidates"] else None
    return Options(**plain)

"""What is to be launched, written down: the one thing that passes from who asks for a job to where it runs."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """The code to run as `__main__`: a script by its path, or a module by its dotted name."""

    name: str
    is_module: bool = False


@dataclass(frozen=True)
class Source:
    """Where the code comes from: git's commit, branch and repository, each empty where there is none."""

    commit: str = ""
    branch: str = ""
    repository: str = ""


@dataclass(frozen=True)
class LaunchSpec:
    """A job to launch.

    Parameters
    ----------
    target: what runs; a script's path is relative to `root`.
    parameters: handed to the script as `--name value`, in this order, and logged as the run's parameters.
    arguments: handed to the script after them as they are, and not logged.
    data: name to path; handed to the script as `--name path`, digested, and logged as the run's inputs.
    experiment: where the run is filed; on a compute the platform's own run is used instead.
    files: the code, relative to `root`, that becomes the run's artifact `code`.
    root: the folder that the code is in, and that the job runs in.
    diff: the code's uncommitted changes, as git prints them.
    """

    target: Target
    parameters: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    experiment: str = ""
    run_name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    root: str = "."
    source: Source = Source()
    diff: str = ""

    @property
    def command_line(self) -> list[str]:
        """The arguments that the script finds in `sys.argv[1:]`."""
        named = [part for name, value in {**self.parameters, **self.data}.items() for part in (f"--{name}", value)]
        return [*named, *self.arguments]

    def write(self, path: Path) -> Path:
        """Write it as JSON and return the path; `read` gives an equal one back."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> "LaunchSpec":
        """The spec that `write` wrote."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["target"] = Target(**raw["target"])
        raw["source"] = Source(**raw["source"])
        for name in ("arguments", "files"):
            raw[name] = tuple(raw[name])
        return cls(**raw)


def parameter_name(name: str) -> str:
    """The name under which a parameter is logged: `l1-ratio` is what a script calls `l1_ratio`."""
    return name.replace("-", "_")

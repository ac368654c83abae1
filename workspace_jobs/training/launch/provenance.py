"""What a run was made of, as files: the code, its uncommitted changes, and the packages of the environment."""

import shutil
from importlib.metadata import distributions
from pathlib import Path

from workspace_jobs.training.launch.spec import LaunchSpec

LOCK_HEADER = "# Every package of the environment that the job ran in.\n"


def write_provenance(spec: LaunchSpec, artifacts: Path) -> None:
    """Fill the folder: `code/`, `git.diff` where something is not committed, `requirements.txt`."""
    for file in spec.files:
        copy = artifacts / "code" / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(spec.root) / file, copy)
    if spec.diff:
        (artifacts / "git.diff").write_text(spec.diff, encoding="utf-8")
    (artifacts / "requirements.txt").write_text(LOCK_HEADER + "\n".join(environment_lock()) + "\n", encoding="utf-8")


def environment_lock() -> list[str]:
    """`name==version` of every installed package, sorted, as `pip freeze` has it but without starting pip."""
    found = {(one.name, one.version) for one in distributions() if one.name}
    return sorted((f"{name}=={version}" for name, version in found), key=str.lower)

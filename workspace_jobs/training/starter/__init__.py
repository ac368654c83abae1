"""Starter scripts: what `mlws train new` writes, and its writing. The scripts import nothing of ours."""

from pathlib import Path

from workspace_jobs.errors import JobsError

_TEMPLATES = Path(__file__).resolve().parent


def write_starter(name: str, problem: str) -> Path:
    """Write the script for `problem` ("classification" or "regression") as NAME.py and return its path.

    Raises JobsError where there is such a file, and where it cannot be written.
    """
    path = Path(name if name.endswith(".py") else f"{name}.py")
    text = (_TEMPLATES / f"{problem}.py.txt").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise JobsError(f"{path} exists already: choose another name, or move it away") from None
    except OSError as error:
        raise JobsError(f"{path} cannot be written ({error.strerror}): choose another name") from error
    return path

"""The code that a job consists of: its script, the modules beside it that it imports, and what is named besides.

Nothing else of the folder is taken, since a folder also holds keys, `.env` files and data.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.training.launch.spec import Target

# What nobody means to hand out, whatever folder it lies in.
_SECRET_NAMES = (
    "config.json",
    "id_rsa",
    "id_ed25519",
    "credentials",
    "secrets.*",
    ".env*",
    ".netrc",
    ".git*",
    ".azure*",
)
_SECRET_SUFFIXES = (".pem", ".key", ".pfx", ".p12", ".kdbx", ".publishsettings")


@dataclass(frozen=True)
class Snapshot:
    """The files of a job, relative to `root`, in order; the target as it is called from there."""

    root: Path
    target: Target
    files: tuple[str, ...]


def snapshot(target: str, include: Sequence[Path] = ()) -> Snapshot:
    """What `target`, a script's path or a module's name, consists of. Raises JobsError."""
    path = Path(target)
    if path.suffix == ".py":
        if not path.is_file():
            raise JobsError(f"{target} does not exist: name a Python script, or a module as package.module")
        root = Path.cwd() if path.resolve().is_relative_to(Path.cwd()) else path.resolve().parent
        entry = path.resolve()
        named = Target(entry.relative_to(root).as_posix())
    else:
        root, entry, named = Path.cwd(), _module_file(target), Target(target, is_module=True)
    found = dict.fromkeys(_reached(entry, (entry.parent, root)))
    for wanted in include:
        found.update(dict.fromkeys(_included(wanted, root)))
    return Snapshot(root, named, tuple(sorted(file.relative_to(root).as_posix() for file in found)))


def is_secret(path: Path) -> bool:
    """Whether a file looks, by its name alone, like one that holds a secret."""
    return path.suffix.lower() in _SECRET_SUFFIXES or any(path.match(pattern) for pattern in _SECRET_NAMES)


def _module_file(name: str) -> Path:
    place = Path.cwd().joinpath(*name.split("."))
    for file in (place.with_suffix(".py"), place / "__main__.py"):
        if file.is_file():
            return file
    raise JobsError(f"{name} is neither a Python script nor a module of this folder: write path/to/script.py")


def _reached(entry: Path, roots: Sequence[Path]) -> Iterator[Path]:
    """The file and every module below the roots that it imports, directly or not."""
    seen: set[Path] = set()
    waiting = [entry]
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        yield file
        waiting += [found for name in _imported(file, roots) for found in _files_of(name, roots)]


def _imported(file: Path, roots: Sequence[Path]) -> Iterator[str]:
    """The dotted names that a file imports; a relative one as the name it has below a root."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise JobsError(f"{file} is not Python ({error}): mend it") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, file, roots)
            yield from (f"{module}.{alias.name}" if module else alias.name for alias in node.names)


def _absolute(node: ast.ImportFrom, file: Path, roots: Sequence[Path]) -> str:
    if not node.level:
        return node.module or ""
    folder = file.parents[node.level - 1]
    root = next((one for one in reversed(roots) if folder.is_relative_to(one)), folder)
    return ".".join((*folder.relative_to(root).parts, *(node.module or "").split("."))).strip(".")


def _files_of(name: str, roots: Sequence[Path]) -> Iterator[Path]:
    """The files of `a.b.c` below the first root that has `a`: the packages on the way, and the module."""
    parts = name.split(".")
    for root in roots:
        found = []
        for depth in range(1, len(parts) + 1):
            place = root.joinpath(*parts[:depth])
            found += [one for one in (place / "__init__.py", place.with_suffix(".py")) if one.is_file()]
        if found:
            yield from found
            return


def _included(wanted: Path, root: Path) -> Iterator[Path]:
    path = wanted.resolve()
    if not path.exists() or not path.is_relative_to(root):
        raise JobsError(f"--include {wanted}: name a file or folder that exists below {root}")
    if path.is_file():
        if is_secret(path):
            raise JobsError(
                f"--include {wanted}: by its name it holds a secret, which no snapshot may; read it elsewhere"
            )
        yield path
        return
    inside = (one for one in path.rglob("*") if one.is_file())
    yield from (one for one in inside if not any(is_secret(part) for part in (one, *one.relative_to(path).parents)))

"""A model's requirements, inferred once for models of the same classes: MLflow starts a process each time, 5 s a model.

MLflow loads the model in a fresh process and looks which packages that imports. What is imported depends on the
classes in the model's file and on what is installed, so the answer is kept for these, in the user's cache folder. A
model with code of the user's own, or in a format whose classes can't be read here, is left to MLflow each time.
"""

import contextlib
import functools
import hashlib
import json
import os
import pickletools
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workspace_jobs.tracking.database import cache_folder

Infer = Callable[..., list[str]]
_PICKLES = (".pkl", ".pickle", ".joblib")
_STRINGS = ("SHORT_BINUNICODE", "BINUNICODE", "UNICODE", "BINUNICODE8")


def cached(infer: Infer) -> Infer:
    """Return MLflow's `_infer_requirements` with a memory of what it said."""

    @functools.wraps(infer)
    def infer_once(model_uri: str, flavor: str, *arguments: Any, **options: Any) -> list[str]:  # noqa: ANN401
        modules = modules_of(Path(model_uri))
        if modules is None or options.get("extra_env_vars") or not all(map(_is_installed, modules)):
            return infer(model_uri, flavor, *arguments, **options)
        kept = cache_folder() / "requirements" / f"{_key(flavor, modules)}.json"
        if kept.exists():
            return list(json.loads(kept.read_text("utf-8")))
        found = infer(model_uri, flavor, *arguments, **options)
        _keep(kept, found)
        return found

    return infer_once


def _keep(path: Path, requirements: list[str]) -> None:
    """Write the file whole or not at all; who can't write it asks MLflow again."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        made.write_text(json.dumps(requirements), "utf-8")
        made.replace(path)


def modules_of(path: Path) -> set[str] | None:
    """Return the modules of the classes in a model's file; None where they can't be told."""
    if not path.is_file():
        return None
    try:
        if path.suffix == ".skops":
            with zipfile.ZipFile(path) as archive:
                return set(_skops_modules(json.loads(archive.read("schema.json"))))
        if path.suffix in _PICKLES:
            return set(_pickle_modules(path.read_bytes()))
    except (ValueError, KeyError, zipfile.BadZipFile):
        return None
    return None


def _skops_modules(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "__module__" in node:
            yield str(node["__module__"])
        for value in node.values():
            yield from _skops_modules(value)
    elif isinstance(node, list):
        for value in node:
            yield from _skops_modules(value)


def _pickle_modules(content: bytes) -> Iterator[str]:
    """Give the modules that loading imports, and perhaps others: each string in the pickle that names a known one."""
    for opcode, argument, _ in pickletools.genops(content):
        if opcode.name == "GLOBAL":
            yield str(argument).partition(" ")[0]
        elif opcode.name in _STRINGS and argument in sys.modules:
            yield str(argument)


def _is_installed(module: str) -> bool:
    """Whether a module is of Python or an installed package, whose files change only when it is installed anew."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return True
    file = None if top == "__main__" else getattr(sys.modules.get(top), "__file__", None)
    return file is not None and any(part in ("site-packages", "dist-packages") for part in Path(file).parts)


def _key(flavor: str, modules: set[str]) -> str:
    folders = [Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    installed = [(str(folder), folder.stat().st_mtime_ns) for folder in folders if folder.is_dir()]
    described = json.dumps([sys.version, flavor, sorted(modules), installed])
    return hashlib.sha256(described.encode()).hexdigest()[:32]

"""The code that a sweep tries: a function called with keyword arguments, or a script run as `__main__`."""

import importlib
import importlib.util
import inspect
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from pathlib import Path
from types import ModuleType

from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.sweeps.messages import Assignment
from workspace_jobs.sweeps.space import Parameters
from workspace_jobs.sweeps.values import text_of_value
from workspace_jobs.training.launch.spec import Target
from workspace_jobs.training.launch.target import exit_code_of, run_as_main

Code = Callable[[Parameters], Mapping[str, float]]
# The metric of a function that returns a number, where the sweep names none.
ONLY_METRIC = "objective"
# How Azure ML writes where a value goes.
PLACEHOLDER = re.compile(r"\$\{\{\s*(?:search_space|inputs)\.(\w+)\s*\}\}")


class ScriptFailedError(Exception):
    """A script ended with an exit code other than 0."""


def code_of(given: Assignment) -> Code:
    """What to call with a trial's parameters; it returns what it measured. Raises JobsError."""
    if not given.function:
        target = Target(given.file, is_module=not given.file.endswith(".py"))
        return lambda parameters: _run(target, command_line(given.arguments, parameters))
    found = _function(_module(given.file), given.file, given.function)
    _check_names(found, given.function, given.names)
    return lambda parameters: _measured(found(**parameters), given.function, given.metric or ONLY_METRIC)


def command_line(arguments: Sequence[str], parameters: Parameters) -> list[str]:
    """A script's arguments: those given with the parameters filled in, else `--name value` of each parameter."""
    values = {name: text_of_value(value) for name, value in parameters.items()}
    if not arguments:
        return [part for name, value in values.items() for part in (f"--{name}", value)]
    return [PLACEHOLDER.sub(lambda found: values[found[1]], argument) for argument in arguments]


def mentions_mlflow(file: str) -> bool:
    """Whether the code logs with MLflow, as far as its own text says."""
    path = Path(file if file.endswith(".py") else f"{file.replace('.', os.sep)}.py")
    return path.is_file() and "mlflow" in path.read_text(encoding="utf-8", errors="replace")


def _run(target: Target, arguments: Sequence[str]) -> Mapping[str, float]:
    try:
        run_as_main(target, arguments)
    except SystemExit as stop:
        if (code := exit_code_of(stop)) != 0:
            raise ScriptFailedError(f"exit code {code}") from None
    return {}


def _module(file: str) -> ModuleType:
    if not file.endswith(".py"):
        sys.path.insert(0, str(Path.cwd()))
        return importlib.import_module(file)
    path = Path(file)
    sys.path.insert(0, str(path.parent.absolute()))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise JobsError(f"{file} cannot be loaded: name a Python script")
    module = importlib.util.module_from_spec(spec)
    # Where pickle and dataclasses look for it.
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _function(module: ModuleType, file: str, name: str) -> Callable[..., object]:
    found: Callable[..., object] | None = getattr(module, name, None)
    if not callable(found):
        known = [key for key, value in vars(module).items() if inspect.isfunction(value)]
        raise JobsError(f"{file} has no function `{name}`: {nearest(name, known)}")
    return found


def _check_names(function: Callable[..., object], name: str, names: tuple[str, ...]) -> None:
    try:
        inspect.signature(function).bind(**dict.fromkeys(names))
    except TypeError as error:
        raise JobsError(f"{name} cannot be called with {', '.join(names)} ({error}): vary what it takes") from None


def _measured(returned: object, function: str, metric: str) -> Mapping[str, float]:
    if returned is None:
        return {}
    if isinstance(returned, Real):
        return {metric: float(returned)}
    if isinstance(returned, Mapping) and all(isinstance(value, Real) for value in returned.values()):
        return {str(name): float(value) for name, value in returned.items()}
    raise TypeError(f"{function} returned {type(returned).__name__}: return a number, a dict of numbers, or nothing")

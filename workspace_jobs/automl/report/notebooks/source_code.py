"""Writes a pipeline as the Python a person would write: what differs from the defaults, and the imports it takes."""

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import methodcaller
from typing import Any

import numpy as np

_WIDTH = 92
_INDENT = "    "
# First parameters that everybody writes without their name.
_POSITIONAL = ("steps", "transformers", "transformer_list", "func", "estimator")


class Source:
    """Expressions that make estimators, and the imports that all of them need."""

    def __init__(self) -> None:
        self._imports: set[tuple[str, str]] = set()

    @property
    def imports(self) -> str:
        """The import statements, a line a module."""
        modules = sorted({module for module, _ in self._imports})
        names = {module: sorted(name for of, name in self._imports if of == module) for module in modules}
        return "\n".join(f"from {module} import {', '.join(names[module])}" for module in modules)

    def expression(self, value: Any, indent: str = "") -> str:  # noqa: ANN401 - scikit-learn has no types
        """The expression that makes an equal, unfitted estimator (or list, number, ...), written behind `indent`."""
        if isinstance(value, methodcaller):
            return self._call(methodcaller, *_arguments(value), indent)
        if inspect.isfunction(value) or isinstance(value, type):
            return self.name(value)
        if isinstance(value, Mapping):
            pairs = [
                f"{self.expression(key)}: {self.expression(part, indent + _INDENT)}" for key, part in value.items()
            ]
            return _bracketed("{", pairs, "}", indent)
        if isinstance(value, list | tuple):
            return self._sequence(value, indent)
        if type(value).__module__.split(".")[0] not in {"builtins", "numpy"}:
            return self._call(type(value), (), changed_parameters(value), indent)
        return _literal(value)

    def name(self, called: Callable[..., Any]) -> str:
        """The name of a class or function, which is imported."""
        self._imports.add((_public_module(called), called.__name__))
        return called.__name__

    def _call(self, called: Callable[..., Any], arguments: Sequence[Any], named: Mapping[str, Any], indent: str) -> str:
        inner = indent if len(arguments) + len(named) == 1 else indent + _INDENT
        parts = [self.expression(argument, inner) for argument in arguments]
        for name, value in sorted(named.items(), key=lambda pair: pair[0] not in _POSITIONAL):
            written = self.expression(value, inner)
            parts.append(written if name in _POSITIONAL else f"{name}={written}")
        return _bracketed(f"{self.name(called)}(", parts, ")", indent)

    def _sequence(self, values: Sequence[Any], indent: str) -> str:
        if isinstance(values, tuple):
            parts = [self.expression(value, indent) for value in values]
            return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        return _bracketed("[", [self.expression(value, indent + _INDENT) for value in values], "]", indent)


def changed_parameters(estimator: Any) -> dict[str, Any]:  # noqa: ANN401
    """The parameters of an estimator, or of what splits for it, that are not its class's defaults."""
    signature = inspect.signature(type(estimator)).parameters
    defaults = {name: parameter.default for name, parameter in signature.items()}
    has = estimator.get_params(deep=False) if hasattr(estimator, "get_params") else vars(estimator)
    # A parameter that only a base class names is unset while it is None.
    return {name: has[name] for name in sorted(has) if not _equal(has[name], defaults.get(name))}


def _equal(value: object, default: object) -> bool:
    if isinstance(value, float) and isinstance(default, float) and np.isnan(value) and np.isnan(default):
        return True
    return type(value) is type(default) and repr(value) == repr(default)


def _arguments(caller: methodcaller) -> tuple[Sequence[Any], Mapping[str, Any]]:
    made, arguments = tuple(caller.__reduce__())
    if isinstance(made, partial):
        return (*made.args, *arguments), made.keywords
    assert isinstance(arguments, tuple)
    return arguments, {}


def _public_module(called: Callable[..., Any]) -> str:
    """The shortest module from which `called` can be imported by its name."""
    parts = called.__module__.split(".")
    if called.__module__.startswith("_"):
        return called.__module__.lstrip("_")
    for length in range(1, len(parts)):
        module = ".".join(parts[:length])
        if getattr(importlib.import_module(module), called.__name__, None) is called:
            return module
    return called.__module__


def _bracketed(opening: str, parts: Sequence[str], closing: str, indent: str) -> str:
    """The parts on one line where they fit, or where there is one that has lines of its own; else a line each."""
    line = f"{opening}{', '.join(parts)}{closing}"
    if (len(indent) + len(line) <= _WIDTH and "\n" not in line) or (len(parts) == 1 and opening.endswith("(")):
        return line
    inner = "".join(f"{indent}{_INDENT}{part},\n" for part in parts)
    return f"{opening}\n{inner}{indent}{closing}"


def _literal(value: object) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return f'float("{value}")'
    text = repr(value)
    return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in text else text

"""Asks Azure whether names that must be unique in all of it are still free (`--online`).

What is asked, of which types, is in availability.toml. Names that it can't ask about are counted, not passed over.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from naming.errors import shown
from naming.lint.azure import Azure
from naming.lint.model import Finding, NamedResource
from naming.lint.sources.documents import text_of
from naming.lint.sources.notes import Notes
from naming.rule import Scope

_QUESTIONS = Path(__file__).parent / "availability.toml"
_TAKEN, _REFUSED = "NAM301", "NAM102"
_LOCATION = re.compile(r"\{\w+\}")
_ANSWERS = ("nameAvailable", "available", "isAvailiable")


class Availability:
    """Asks Azure about each name once."""

    def __init__(self, subscription: str | None, notes: Notes) -> None:
        self._subscription = subscription
        self._notes = notes
        self._azure: Azure | None = None
        self._asked: dict[tuple[str, str], tuple[str, str]] = {}

    def __call__(self, resource: NamedResource) -> Iterator[Finding]:
        """Yield a finding when somebody has the name already, unless it was read from Azure itself.

        Raises:
            NamingError: there is no access, or no subscription to ask with.
        """
        if resource.file.startswith("/subscriptions/"):
            return
        question = questions().get(resource.type)
        if question is None:
            if resource.rule.scope is Scope.GLOBAL:
                self._notes.not_asked(resource.rule.label, "Azure answers no such question of them")
            return
        key = (resource.type, resource.name.lower())
        if key not in self._asked and resource.rule.accepts(resource.name):
            path = self._path(question, resource)
            if path is None:
                self._notes.not_asked(resource.rule.label, "their region, which the question needs, is not said")
                return
            self._asked[key] = self._answer(question, path, resource.name)
        reason, message = self._asked.get(key, ("", ""))
        if reason:
            said = f"Azure says of {shown(resource.name)}, {resource.rule.a_label}: {message}"
            yield Finding(_TAKEN if reason.lower() == "alreadyexists" else _REFUSED, resource, said)

    def _path(self, question: dict[str, str], resource: NamedResource) -> str | None:
        """Return where to ask, None where the region is needed and is not known."""
        path = question["path"]
        if _LOCATION.search(path):
            if not resource.location:
                return None
            path = _LOCATION.sub(resource.location.replace(" ", "").lower(), path)
        if question.get("level") == "tenant":
            return f"/providers/{path}"
        self._azure = self._azure or Azure()
        self._subscription = self._subscription or self._azure.any_subscription()
        return f"/subscriptions/{self._subscription}/providers/{path}"

    def _answer(self, question: dict[str, str], path: str, name: str) -> tuple[str, str]:
        """Return why a name can't be had, as Azure's word and sentence, both empty where it can."""
        self._azure = self._azure or Azure()
        body = {"name": name, **({"type": question["type"]} if "type" in question else {})}
        answer = self._azure.answered(path, question["version"], body)
        if next((answer[key] for key in _ANSWERS if key in answer), True):
            return "", ""
        return text_of(answer, "reason") or "AlreadyExists", text_of(answer, "message") or "The name is taken."


@cache
def questions() -> dict[str, dict[str, str]]:
    """Return what to ask, by the type that it is asked of."""
    return tomllib.loads(_QUESTIONS.read_text("utf-8"))

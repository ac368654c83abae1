"""A change of one setting touches only the resources it concerns: for each setting that there is.

The settings are read from their classes, so that a new one without an entry in setting_changes.py fails.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import get_args

import pytest
from pydantic import BaseModel

from infra.settings.stack import Settings
from tests.infra.changes import changed
from tests.infra.configurations import configuration
from tests.infra.program import Run, created
from tests.infra.setting_changes import CHANGES, ELSEWHERE, TAGGED


def settings_of(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, field in model.model_fields.items():
        key = (*path, field.alias or name)
        of = [one for one in (field.annotation, *get_args(field.annotation)) if isinstance(one, type)]
        section = next((one for one in of if issubclass(one, BaseModel)), None)
        if section is None:
            yield ".".join(key)
        else:
            yield from settings_of(section, key)


@cache
def run(sections: str) -> Run:
    return created("prod", configuration(**json.loads(sections)))


def test_each_setting_has_an_entry() -> None:
    assert set(settings_of(Settings)) == CHANGES.keys() | ELSEWHERE.keys()
    assert not CHANGES.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize("setting", CHANGES)
def test_a_setting_touches_what_it_is_about(setting: str) -> None:
    expected, before, after = CHANGES[setting]
    old, new = (run(json.dumps(sections)) for sections in (before, {**before, **after}))
    if expected == {TAGGED}:
        expected = {one.name for one in new.azure if "tags" in one.inputs}

    touched = changed(old, new)

    assert [name for name in touched if not any(fnmatchcase(name, pattern) for pattern in expected)] == []
    assert [pattern for pattern in expected if not any(fnmatchcase(name, pattern) for name in touched)] == []

"""Resources on disk."""

import shutil
import tempfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from localazure.arm.models import merge_patch
from localazure.arm.store import Resource, ResourceStore

KEY = Fernet.generate_key()
# Neighbours on purpose: a prefix that is no parent, children two deep, and the same id in another case.
IDS = ("/g/a", "/g/a/b", "/g/a/b/c", "/g/a-b", "/g/a0", "/g/A/d", "/g")


def resource(resource_id: str, number: int) -> Resource:
    return Resource(resource_id, "T/x", {"id": resource_id, "type": "T/x", "n": number}, {"secret": number})


class StoreAgainstDictionary(RuleBasedStateMachine):
    """The store does what a dictionary with case-insensitive keys would, restarts included."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = ResourceStore(self.folder / "azure.db", KEY)
        self.model: dict[str, int] = {}

    @rule(resource_id=st.sampled_from(IDS), number=st.integers())
    def put(self, resource_id: str, number: int) -> None:
        self.store.put(resource(resource_id, number))
        self.model[resource_id.lower()] = number

    @rule(resource_id=st.sampled_from(IDS))
    def delete(self, resource_id: str) -> None:
        key = resource_id.lower()
        gone = {one for one in self.model if one == key or one.startswith(key + "/")}
        assert {one.id.lower() for one in self.store.delete(resource_id)} == gone
        self.model = {one: number for one, number in self.model.items() if one not in gone}

    @rule(resource_id=st.sampled_from(IDS), number=st.integers())
    def fail_half_way(self, resource_id: str, number: int) -> None:
        with pytest.raises(RuntimeError), self.store.transaction():
            self.store.put(resource(resource_id, number))
            raise RuntimeError

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = ResourceStore(self.folder / "azure.db", KEY)

    @invariant()
    def both_agree(self) -> None:
        kept = {one.id.lower(): (one.body["n"], one.private["secret"]) for one in self.store.of_type("t/X")}
        assert kept == {key: (number, number) for key, number in self.model.items()}
        below = {one.id.lower() for one in self.store.below("/G/a")}
        assert below == {key for key in self.model if key.startswith("/g/a/")}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)


StoreAgainstDictionary.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestStore = StoreAgainstDictionary.TestCase


def test_secrets_are_not_in_the_file_in_clear(tmp_path: Path) -> None:
    database = tmp_path / "azure.db"
    store = ResourceStore(database, KEY)
    store.put(Resource("/a", "T", {"id": "/a", "type": "T"}, {"key": "correct-horse-battery"}))
    store.close()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"correct-horse" not in written
    assert database.stat().st_mode & 0o077 == 0


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=8,
)
OBJECT = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


def expected_patch(target: object, patch: object) -> object:
    """The algorithm of RFC 7396, section 2, word for word."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = expected_patch(result.get(name), value)
    return result


@settings(max_examples=200)
@given(OBJECT, OBJECT)
def test_a_patch_merges_as_rfc_7396_says(target: dict[str, object], patch: dict[str, object]) -> None:
    expected = expected_patch(target, patch)
    assert merge_patch(target, patch) == expected

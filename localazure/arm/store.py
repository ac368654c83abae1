"""Resources on disk: what was answered is kept, whatever is killed afterwards.

SQLite in WAL mode; each change is committed (and synced) before it is answered. What Azure never gives back in a GET
(account keys, secret values, credentials) is in a column of its own, sealed with a key of this home.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

Json = dict[str, Any]
API_VERSION = "apiVersion"
"""What a resource's api-version is kept under, beside its body: the one that it was last written with."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
    key TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    sealed BLOB,
    created REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS resources_by_type ON resources (type, key);
"""


@dataclass
class Resource:
    """One resource: its public body as Azure shows it, and what Azure keeps to itself."""

    id: str
    type: str
    body: Json
    private: Json = field(default_factory=dict)
    created: float = 0.0

    @property
    def name(self) -> str:
        """The last part of the id."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def properties(self) -> Json:
        """The `properties` bag, made when there is none."""
        properties: Json = self.body.setdefault("properties", {})
        return properties


class ResourceStore:
    """Resources by id (case-insensitive). Used from one thread: the server's event loop."""

    def __init__(self, database: Path, sealing_key: bytes) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None)
        database.chmod(0o600)
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        self._connection.executescript(_SCHEMA)
        self._seal = Fernet(sealing_key)
        self._depth = 0

    def close(self) -> None:
        """Close the database file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's changes, or none of them. May be nested: the outermost one commits."""
        if self._depth == 0:
            self._connection.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            if self._depth == 1:
                self._connection.execute("ROLLBACK")
            raise
        else:
            if self._depth == 1:
                self._connection.execute("COMMIT")
        finally:
            self._depth -= 1

    def get(self, resource_id: str) -> Resource | None:
        """The resource of that id, or None."""
        query = "SELECT type, body, sealed, created FROM resources WHERE key = ?"
        row = self._connection.execute(query, (resource_id.lower(),)).fetchone()
        return self._resource(row) if row else None

    def put(self, resource: Resource) -> None:
        """Create or replace."""
        resource.created = resource.created or time.time()
        sealed = self._seal.encrypt(json.dumps(resource.private).encode()) if resource.private else None
        self._connection.execute(
            "INSERT INTO resources VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "type = excluded.type, body = excluded.body, sealed = excluded.sealed",
            (resource.id.lower(), resource.type.lower(), json.dumps(resource.body), sealed, resource.created),
        )

    def delete(self, resource_id: str) -> list[Resource]:
        """Remove a resource and everything below it. Returns what was removed, children first."""
        removed = self.below(resource_id)
        own = self.get(resource_id)
        key = resource_id.lower()
        self._connection.execute(
            "DELETE FROM resources WHERE key = ? OR (key >= ? AND key < ?)", (key, key + "/", key + "0")
        )
        return [*reversed(removed), *([own] if own else [])]

    def below(self, resource_id: str) -> list[Resource]:
        """Everything whose id lies below this one, at any depth, in the order of creation."""
        key = resource_id.lower()
        query = "SELECT type, body, sealed, created FROM resources WHERE key >= ? AND key < ? ORDER BY created"
        return [self._resource(row) for row in self._connection.execute(query, (key + "/", key + "0"))]

    def of_type(self, resource_type: str, below: str = "") -> list[Resource]:
        """Resources of a type, in the order of creation; only those below an id where one is given."""
        query = "SELECT type, body, sealed, created FROM resources WHERE type = ?"
        values = [resource_type.lower()]
        if below:
            query += " AND key >= ? AND key < ?"
            values += [below.lower() + "/", below.lower() + "0"]
        return [self._resource(row) for row in self._connection.execute(query + " ORDER BY created", values)]

    def _resource(self, row: tuple[str, str, bytes | None, float]) -> Resource:
        resource_type, text, sealed, created = row
        body: Json = json.loads(text)
        private: Json = json.loads(self._seal.decrypt(sealed)) if sealed else {}
        return Resource(body["id"], body.get("type", resource_type), body, private, created)

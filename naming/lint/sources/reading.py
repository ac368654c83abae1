"""What all readers of estates share: a place becomes a `NamedResource`, or is left out and counted."""

from collections.abc import Iterator, Mapping
from typing import Any

from naming.lint.model import NamedResource
from naming.lint.sources.bodies import experiment_of, experiments_type, is_job
from naming.lint.sources.documents import Document
from naming.lint.sources.notes import NAMELESS, Notes
from naming.lint.sources.places import Place, known_variant
from naming.rulebook import known_type


class Reading:
    """One file while it is read."""

    def __init__(self, document: Document, file: str, notes: Notes, environment: str | None = None) -> None:
        self.document = document
        self.file = file
        self.notes = notes
        self.environment = environment
        self._seen: set[tuple[str, str, str]] = set()

    def resource(  # noqa: PLR0913 - one parameter for each thing that a source may say
        self,
        place: Place,
        *,
        variant: str | None = None,
        tags: Mapping[str, str] | None = None,
        address: str | None = None,
        shown: str | None = None,
        location: str | None = None,
    ) -> Iterator[NamedResource]:
        """Yield the resource at `place`, unless no rule knows its type; `shown` is what its line has in the file."""
        resource_type = known_type(place.type)
        if resource_type is None:
            self.notes.unknown_type(self.file, place.type)
        elif not place.name:
            self.notes.leave_out(self.file, NAMELESS)
        else:
            yield NamedResource(
                type=resource_type,
                variant=known_variant(resource_type, variant),
                name=place.name,
                scope_path=place.scope_path,
                tags=tags,
                file=self.file,
                line=self.document.line_of(shown if shown is not None else place.name),
                address=address,
                environment=self.environment,
                location=location or None,
            )

    def once(self, place: Place, **known: Any) -> Iterator[NamedResource]:  # noqa: ANN401 - what `resource` takes
        """Yield the resource at `place` the first time that it is met: an asset of which there are versions."""
        key = (place.type.lower(), place.scope_path.lower(), place.name)
        if key not in self._seen:
            self._seen.add(key)
            yield from self.resource(place, **known)

    def experiment(self, job: Place, body: dict[str, Any], address: str | None) -> Iterator[NamedResource]:
        """Yield the experiment of a job, the first time that a job names it."""
        name = experiment_of(body) if is_job(job.type) else ""
        if name:
            yield from self.once(Place(experiments_type(), name, job.scope_path), address=address)

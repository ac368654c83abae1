"""From the words of a command line to experiments and runs, or a sentence that says which word is wrong."""

from collections.abc import Iterator, Sequence

from workspace_jobs.errors import JobsError, nearest, some
from workspace_jobs.runs.records import ACTIVE, Run
from workspace_jobs.runs.stores import RunStore

_ID_SHOWN = 12


def experiment_ids(store: RunStore, words: Sequence[str]) -> tuple[str, ...]:
    """The ids of the experiments that `words` name, by name or id; without words, of all that are not deleted.

    Raises JobsError where there is no such experiment.
    """
    experiments = store.experiments()
    if not words:
        return tuple(experiment.id for experiment in experiments if experiment.stage == ACTIVE)
    by_name = {experiment.name: experiment.id for experiment in experiments}
    ids = {experiment.id for experiment in experiments}
    for word in words:
        if word not in by_name and word not in ids:
            raise JobsError(f"--experiment: {store.uri} has no experiment `{word}`: {nearest(word, by_name)}")
    return tuple(dict.fromkeys(by_name.get(word, word) for word in words))


def experiment_names(store: RunStore) -> dict[str, str]:
    """The names of the store's experiments by their ids, the deleted ones too."""
    return {experiment.id: experiment.name for experiment in store.experiments()}


def find_run(store: RunStore, word: str) -> Run:
    """The run that `word` means: its id, the beginning of its id, or its name.

    Raises JobsError where there is none, or more than one. A whole id goes before a name, a name before the
    beginning of an id, and runs that are not deleted before deleted ones.
    """
    found = store.named(word)
    candidates = next(filter(None, _by_preference(found, word)), [])
    if not candidates:
        raise JobsError(
            f"{store.uri} has no run `{word}`: write an id, its beginning, or a name, as `mlws runs list` shows them"
        )
    if len(candidates) > 1:
        names = [f"{run.id[:_ID_SHOWN]} {run.name}".strip() for run in candidates]
        raise JobsError(f"`{word}` is {len(candidates)} runs ({some(names)}): write more of the id")
    return candidates[0]


def find_runs(store: RunStore, words: Sequence[str]) -> list[Run]:
    """The runs that the words mean, each once. Raises JobsError as `find_run` does."""
    return list({run.id: run for run in (find_run(store, word) for word in words)}.values())


def _by_preference(found: list[Run], word: str) -> Iterator[list[Run]]:
    yield [run for run in found if run.id == word]
    active = [run for run in found if run.stage == ACTIVE]
    for runs in (active, found):
        yield [run for run in runs if run.name == word]
        yield runs

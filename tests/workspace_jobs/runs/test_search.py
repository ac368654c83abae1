"""Our reading of a sqlite store beside MLflow's own search of it: the same runs, order and values."""

import math
from typing import Any, cast

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.utils.search_utils import SearchUtils

from workspace_jobs.runs.database import SqliteStore
from workspace_jobs.runs.filter_tokens import FilterError
from workspace_jobs.runs.filters import parse_filter
from workspace_jobs.runs.stores import Query

# The store that they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("runs-search")

VIEWS = {"active": ViewType.ACTIVE_ONLY, "deleted": ViewType.DELETED_ONLY, "all": ViewType.ALL}
KEYS = ("rmse", "`val-loss`", '"my key"', "a.b.c", "größe", "missing", "order")
NUMBERS = ("0", "-1", "2", "0.5", "1e-3", "1.5", "3.", "1e308")
TEXTS = ("'1.0'", "'a'", '"a"', "'%a%'", "'A_'", "'it''s'", "'größe'", "''", "'%'")
METRIC = st.builds(
    "{}.{} {} {}".format,
    st.sampled_from(("metrics", "metric")),
    st.sampled_from(KEYS),
    st.sampled_from((">", ">=", "<", "<=", "=", "!=")),
    st.sampled_from(NUMBERS),
)
TEXT = st.builds(
    "{}.{} {} {}".format,
    st.sampled_from(("params", "param", "parameters", "tags", "tag")),
    st.sampled_from((*KEYS, "mlflow.note", "`mlflow.note`")),
    st.sampled_from(("=", "!=", "LIKE", "like", "ILIKE", "ilike")),
    st.sampled_from(TEXTS),
)
PRESENCE = st.builds(
    "{}.{} {}".format,
    st.sampled_from(("params", "tags")),
    st.sampled_from(KEYS),
    st.sampled_from(("IS NULL", "is not null", "IS NOT NULL")),
)
ATTRIBUTE = st.builds(
    "{}{}".format,
    st.sampled_from(("", "attributes.", "attr.", "run.")),
    st.one_of(
        st.builds(
            "{} {} {}".format,
            st.sampled_from(("start_time", "end_time", "created")),
            st.sampled_from((">", "<=", "!=", "=")),
            st.sampled_from(("1005", "1010.5", "0")),
        ),
        st.builds(
            "{} {} {}".format,
            st.sampled_from(("run_name", "status", "user_id", "artifact_uri", "`Run name`")),
            st.sampled_from(("=", "!=", "LIKE", "ILIKE")),
            st.sampled_from(("'FINISHED'", "'run 1'", "'RUN%'", "'%1%'", "'finished'")),
        ),
    ),
)
DATASET = st.builds(
    "datasets.{} {}".format,
    st.sampled_from(("name", "digest", "context")),
    st.sampled_from(("= 'data'", "LIKE '%t%'", "!= 'train'", "IN ('data', 'train')", "NOT IN ('data')", "ILIKE 'T%'")),
)
CONDITION = st.one_of(METRIC, TEXT, PRESENCE, ATTRIBUTE, DATASET)
FILTER = st.lists(CONDITION, max_size=3).map(" AND ".join)
ORDER = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from(
            (
                "metrics.rmse",
                "metrics.`val-loss`",
                "params.a.b.c",
                'tags."my key"',
                "start_time",
                "attributes.end_time",
                "run_name",
                "status",
                "artifact_uri",
                "metrics.missing",
            )
        ),
        st.sampled_from(("", " ASC", " DESC", " desc")),
    ),
    max_size=2,
).map(tuple)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[MlflowClient, SqliteStore]:
    """A store that MLflow made, with 36 runs that differ in everything that can be asked for."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    client = MlflowClient(f"sqlite:///{path}")
    experiments = [client.create_experiment(name) for name in ("first", "second")]
    for index in range(36):
        _write_run(client, experiments[index % 2], index)
    return client, SqliteStore(path)


def _write_run(client: MlflowClient, experiment: str, index: int) -> None:
    texts = ("1.0", "a", "A", "banana", "it''s", "it's", "größe", "%", "")
    keys = [key.strip('`"') for key in KEYS if key != "missing"]
    has = [key for place, key in enumerate(keys) if (index + place) % 3]
    name = None if index % 7 == 0 else f"run {index % 4}"
    run_id = client.create_run(experiment, start_time=1000 + index // 2, run_name=name).info.run_id
    numbers = (0.0, -1.0, 0.5, math.nan, 2.0, math.inf, -math.inf, 1e308, 1e-3)
    client.log_batch(
        run_id,
        metrics=[Metric(key, numbers[(index + len(key)) % 9], 5, 0) for key in has],
        params=[Param(key, texts[(index * 2 + len(key)) % 9] or "0") for key in has],  # type: ignore[no-untyped-call]
        tags=[RunTag(key, texts[(index + len(key)) % 9]) for key in (*has, "mlflow.note")],  # type: ignore[no-untyped-call]
    )
    if index % 5 == 0:
        dataset = Dataset("data" if index % 2 else "other", f"digest{index}", "local", "{}")
        context = InputTag("mlflow.data.context", "train" if index % 3 else "test")
        client.log_inputs(run_id, [DatasetInput(dataset, [context]), DatasetInput(dataset, [context])])
    if index % 4:
        client.set_terminated(run_id, ["FINISHED", "FAILED", "KILLED"][index % 3], end_time=1020 - index)
    if index % 9 == 0:
        client.delete_run(run_id)


def test_the_same_runs_with_the_same_values(searched: tuple[MlflowClient, SqliteStore]) -> None:
    client, store = searched
    ours = store.search(Query(("1", "2"), view="all"))
    theirs = client.search_runs(["1", "2"], "", ViewType.ALL)
    assert len(ours) == 36
    for mine, its in zip(ours, theirs, strict=True):
        assert (mine.id, mine.name, mine.status, mine.stage) == (
            its.info.run_id,
            its.info.run_name,
            its.info.status,
            its.info.lifecycle_stage,
        )
        assert (mine.started, mine.ended, mine.artifact_uri) == (
            its.info.start_time,
            its.info.end_time,
            its.info.artifact_uri,
        )
        assert (mine.params, mine.tags) == (its.data.params, its.data.tags)
        assert {k: repr(v) for k, v in mine.metrics.items()} == {k: repr(v) for k, v in its.data.metrics.items()}


@settings(max_examples=120)
@given(text=FILTER, order=ORDER, view=st.sampled_from(tuple(VIEWS)), limit=st.sampled_from((1, 5, 1000)))
@example("run_id NOT IN ('x', 'y')", (), "all", 1000)
@example("metrics.rmse < 60 and params.a.b.c != '1.0'", ("metrics.rmse DESC", "params.a.b.c"), "active", 1000)
def test_search_finds_what_mlflow_finds_in_its_order(
    searched: tuple[MlflowClient, SqliteStore], text: str, order: tuple[str, ...], view: str, limit: int
) -> None:
    client, store = searched
    query = Query(("1", "2"), text, order, view, limit)
    try:
        theirs = client.search_runs(["1", "2"], text, VIEWS[view], limit, list(order))
    except MlflowException:
        with pytest.raises(FilterError):
            store.search(query)
        return
    assert [run.id for run in store.search(query)] == [run.info.run_id for run in theirs]


def test_runs_are_found_by_a_list_of_ids(searched: tuple[MlflowClient, SqliteStore]) -> None:
    client, store = searched
    ids = [run.info.run_id for run in client.search_runs(["1"], max_results=3)]
    for word in ("IN", "not in"):
        text = f"attributes.run_id {word} ({', '.join(map(repr, ids))},)"
        theirs = client.search_runs(["1"], text)
        assert [run.id for run in store.search(Query(("1",), text))] == [run.info.run_id for run in theirs]


@pytest.mark.parametrize(
    ("text", "column", "advice"),
    [
        ("metrics.rmse < 60 or metrics.r2 > 1", 19, "no OR"),
        ("metrics.rmse < '60'", 16, "needs a number"),
        ("metrics.rmse < nan", 16, "needs a number"),
        ("params.alpha = 0.1", 16, "text in quotes"),
        ("params.alpha > '0.1'", 14, "write =, !=, LIKE, ILIKE"),
        ("metric.rmse LIKE '1'", 13, "cannot be compared with LIKE"),
        ("metricks.rmse < 1", 1, "did you mean `metrics`?"),
        ("rmse < 1", 1, "A metric is metrics.rmse"),
        ("metrics.val-loss < 1", 12, "backticks"),
        ("metrics.rmse <", 15, "the end is"),
        ("metrics.rmse", 13, "where a comparison"),
        ("metrics.rmse < 1 and", 21, "the end is"),
        ("params.a = 'x", 12, "close it"),
        ("run_id IN ('a', 1)", 11, "list of quoted texts"),
        ("run_id IN ()", 11, "list of quoted texts"),
        ("status IN ('FINISHED')", 8, "cannot be compared with IN"),
        ("datasets.size = 'x'", 1, "datasets have no `size`"),
        ("metrics.rmse IS NULL", 14, "cannot be compared with IS NULL"),
        ("tags. = 'x'", 1, "names no key"),
        ("(metrics.rmse < 1)", 1, "where metrics.KEY"),
    ],
)
def test_a_filter_that_mlflow_refuses_is_a_sentence_that_says_where(
    searched: tuple[MlflowClient, SqliteStore], text: str, column: int, advice: str
) -> None:
    client, store = searched
    with pytest.raises(FilterError) as refused:
        store.search(Query(("1",), text))
    assert f"column {column}: " in str(refused.value)
    assert advice in str(refused.value)
    assert "\n" not in str(refused.value)
    if "and" not in text and "tags. " not in text:  # MLflow passes over these two
        with pytest.raises(MlflowException):
            client.search_runs(["1"], text)


WORDS = (
    *KEYS,
    *NUMBERS,
    *TEXTS,
    "metrics.a",
    "params.`a b`",
    "run_id",
    "status",
    "=",
    "LIKE",
    "IN",
    "NOT",
    "NULL",
    "IS",
)
SIGNS = ("AND", "and", "OR", "('a')", "('a', 'b')", "(", ")", ",", "-", "1a", "")


@settings(max_examples=300)
@given(FILTER.filter(bool), st.integers(0, 20), st.sampled_from((*WORDS, *SIGNS)))
def test_what_is_read_of_a_spoilt_filter_is_what_mlflow_reads(text: str, place: int, word: str) -> None:
    words = text.split(" ")
    words[place % len(words)] = word
    text = " ".join(words)
    assume(text.strip())
    try:
        ours = parse_filter(text)
    except FilterError:
        return
    theirs = cast(Any, SearchUtils).parse_search_filter(text)
    assert [(c.kind.removeprefix("param") or "eter", c.key, c.comparator) for c in ours] == [
        (
            one["type"].removeprefix("param"),
            cast(Any, SearchUtils).translate_key_alias(one["key"]),
            one["comparator"].upper(),
        )
        for one in theirs
    ]
    assert [c.value if isinstance(c.value, str | None) else list(c.value) for c in ours] == [c["value"] for c in theirs]


@pytest.mark.parametrize(
    "order", [("metrics.rmse", "metrics.rmse DESC"), ("metrics.rmse down",), ("datasets.name",), ("rmse",), ("",)]
)
def test_an_order_that_mlflow_refuses_is_refused(
    searched: tuple[MlflowClient, SqliteStore], order: tuple[str, ...]
) -> None:
    client, store = searched
    with pytest.raises(FilterError):
        store.search(Query(("1",), order_by=order))
    with pytest.raises((MlflowException, IndexError)):
        client.search_runs(["1"], order_by=list(order))

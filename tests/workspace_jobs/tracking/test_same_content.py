"""After the same calls, the buffered store has what MLflow's own has: in each table, and in each error."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlflow.entities import (
    Dataset,
    DatasetInput,
    ExperimentTag,
    InputTag,
    LoggedModelOutput,
    LoggedModelParameter,
    LoggedModelStatus,
    LoggedModelTag,
    Metric,
    Param,
    RunStatus,
    RunTag,
)
from mlflow.exceptions import MlflowException

from tests.workspace_jobs.tracking.conftest import Opener, plain_store
from tests.workspace_jobs.tracking.content import content, normal_text
from workspace_jobs.tracking import database

Call = tuple[str, int, tuple[Any, ...]]
_runs = st.integers(0, 2)
_keys = st.sampled_from(["a", "b", "größe/x y", "n" * 250])
_texts = st.sampled_from(["", "1", "2", "ü€😀", "v" * 6000])
_numbers = st.sampled_from([0.0, -1.5, 1e308, math.inf, -math.inf, 3.0, -0.0])
_metrics = st.builds(Metric, _keys, _numbers, st.integers(1, 3), st.integers(-1, 2))
_params = st.builds(Param, _keys, _texts)
_tags = st.builds(RunTag, st.one_of(_keys, st.just("mlflow.runName")), _texts)
_calls = st.one_of(
    st.tuples(st.just("log_param"), _runs, st.tuples(_params)),
    st.tuples(st.just("log_metric"), _runs, st.tuples(_metrics)),
    st.tuples(st.just("set_tag"), _runs, st.tuples(_tags)),
    st.tuples(
        st.just("log_batch"),
        _runs,
        st.tuples(*(st.lists(entities, max_size=3) for entities in (_metrics, _params, _tags))),
    ),
    st.tuples(
        st.just("update_run_info"),
        _runs,
        st.tuples(
            st.sampled_from([None, RunStatus.FINISHED, RunStatus.FAILED]),
            st.sampled_from([None, 7]),
            st.sampled_from([None, "", "named", "x" * 500]),
        ),
    ),
    st.tuples(st.sampled_from(["delete_run", "restore_run", "get_run"]), _runs, st.just(())),
    st.tuples(st.just("delete_tag"), _runs, st.tuples(_keys)),
)


class Pair:
    """Both stores, called in the same way."""

    def __init__(self, folder: Path, open_store: Opener) -> None:
        self.paths = [folder / "plain.db", folder / "ours.db"]
        for path in self.paths:
            database.ensure(path, str(folder / "mlruns"))
        self.stores = [plain_store(self.paths[0]), open_store(self.paths[1])]
        self.ids: list[dict[str, str]] = [{}, {}]

    def start(self, name: str | None, tags: list[RunTag]) -> list[str]:
        started = [store.create_run("0", "me", 5, tags, name).info.run_id for store in self.stores]
        for ids, run_id in zip(self.ids, started, strict=True):
            ids[run_id] = f"run {len(ids)}"
        return started

    def call(self, method: str, run: list[str], *arguments: Any) -> None:
        plain, ours = (
            self._outcome(store, method, run_id, arguments, ids)
            for store, run_id, ids in zip(self.stores, run, self.ids, strict=True)
        )
        assert ours == plain

    def compare(self) -> None:
        self.stores[1].flush_async_logging()
        plain, ours = map(content, self.paths)
        for table, rows in plain.items():
            assert ours[table] == rows, table

    @staticmethod
    def _outcome(store: Any, method: str, run_id: str, arguments: tuple[Any, ...], ids: dict[str, str]) -> Any:
        try:
            answer = getattr(store, method)(run_id, *arguments)
        except MlflowException as error:
            return type(error), error.error_code, normal_text(error.message, ids)
        return (
            normal_text(repr(answer.to_dictionary() if hasattr(answer, "to_dictionary") else vars(answer)), ids)
            if answer
            else None
        )


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, open_store: Opener) -> Pair:
    return Pair(tmp_path_factory.mktemp("pair"), open_store)


@settings(max_examples=25)
@given(calls=st.lists(_calls, max_size=12), names=st.lists(st.sampled_from([None, "first"]), min_size=3, max_size=3))
def test_any_calls_leave_the_same_rows_and_raise_the_same_errors(
    pair: Pair, calls: list[Call], names: list[str | None]
) -> None:
    runs = [pair.start(name, [RunTag("mlflow.user", "me"), RunTag("k", "v")]) for name in names]
    for method, run, arguments in calls:
        pair.call(method, runs[run], *arguments)
    pair.compare()


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("log_param", (Param("k" * 251, "1"),)),
        ("log_param", (Param("../k", "1"),)),
        ("log_param", (Param("k", "v" * 6001),)),
        ("log_metric", (Metric("k", "no number", 1, 0),)),
        ("log_metric", (Metric("k", value=True, timestamp=1, step=0),)),
        ("log_metric", (Metric("k", 1.0, -1, 0),)),
        ("log_metric", (Metric("k", 1.0, 1, 2**70),)),
        ("log_metric", (Metric("k", math.nan, 1, 0),)),
        ("log_metric", (Metric("k", 1.0, 1, 0, model_id="m-unknown"),)),
        ("set_tag", (RunTag("", "1"),)),
        ("set_tag", (RunTag("k", "v" * 8001),)),
        ("log_batch", ([], [Param(f"p{n}", "1") for n in range(100)], [RunTag(f"t{n}", "1") for n in range(100)])),
        ("log_batch", ([], [Param(f"p{n}", "1") for n in range(101)], [])),
        ("log_batch", ([Metric(f"m{n}", n, 1, 0) for n in range(1001)], [], [])),
        ("log_batch", ([], [Param("k", "1"), Param("k", "1")], [])),
        ("update_run_info", (RunStatus.KILLED, None, None)),
    ],
)
def test_a_call_at_the_limits_does_what_mlflow_does(pair: Pair, method: str, arguments: tuple[Any, ...]) -> None:
    pair.call(method, pair.start("limits", []), *arguments)
    pair.call(method, ["0" * 32, "0" * 32], *arguments)
    pair.compare()


@pytest.mark.parametrize(
    ("experiment", "tags", "name"),
    [
        ("99", [], None),
        ("none", [], None),
        ("0", [RunTag("mlflow.runName", "one")], "another"),
        ("0", [RunTag("mlflow.runName", "one")], None),
        ("0", [RunTag("number", 5)], "n" * 500),
    ],
)
def test_a_run_is_created_as_by_mlflow(pair: Pair, experiment: str, tags: list[RunTag], name: str | None) -> None:
    outcomes: list[Any] = []
    for store in pair.stores:
        try:
            run = store.create_run(experiment, "me", 5, tags, name)
            outcomes.append((run.data.tags, run.info.run_name, run.info.status, run.info.lifecycle_stage))
        except MlflowException as error:
            outcomes.append((error.error_code, error.message))
    assert outcomes[0] == outcomes[1]
    pair.compare()


def test_an_experiment_is_told_as_by_mlflow(pair: Pair) -> None:
    answers: list[Any] = []
    for store in pair.stores:
        made = store.create_experiment("größe", tags=[ExperimentTag("k", "v")])
        found = [store.get_experiment(made), store.get_experiment_by_name("größe"), store.get_experiment("0")]
        answers.append([{**dict(one), "creation_time": 0, "last_update_time": 0} for one in found])
        assert store.get_experiment_by_name("nowhere") is None
        with pytest.raises(MlflowException, match="No Experiment with id=999 exists"):
            store.get_experiment("999")
    assert answers[0] == answers[1]


def test_of_a_deleted_experiment_no_run_is_created(pair: Pair) -> None:
    made = [store.create_experiment("gone") for store in pair.stores]
    runs = [store.create_run(made_id, "me", 5, [], "r") for store, made_id in zip(pair.stores, made, strict=True)]
    for store, made_id in zip(pair.stores, made, strict=True):
        store.delete_experiment(made_id)
        with pytest.raises(MlflowException, match="must be in the 'active' state"):
            store.create_run(made_id, "me", 5, [], "r")
    pair.call("log_param", [run.info.run_id for run in runs], Param("k", "v"))
    pair.compare()


def _log_model(store: Any, run_id: str) -> None:
    """What `log_model` and autologging call."""
    store.log_metric(run_id, Metric("m", 1.5, 3, 0))
    data = [DatasetInput(Dataset("data", digest, "local", "{}"), [InputTag("context", "train")]) for digest in "aba"]
    store.log_inputs(run_id, data)
    store.log_inputs(run_id, data[:1])
    tags, params = [LoggedModelTag("t", "1")], [LoggedModelParameter("p", "1")]
    model = store.create_logged_model("0", "model", run_id, tags, params, "kind")
    store.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])
    for step in (1, 2, 2):
        store.log_batch(run_id, [Metric("m", 2.0, 3, step, model_id=model.model_id)], [], [])
    store.set_logged_model_tags(model.model_id, [LoggedModelTag("t", "2"), LoggedModelTag("u", "3")])
    store.log_logged_model_params(model.model_id, [LoggedModelParameter("q", "4")])
    store.finalize_logged_model(model.model_id, LoggedModelStatus.READY)


@pytest.mark.parametrize("written", [False, True])
def test_a_model_and_datasets_are_logged_as_by_mlflow(pair: Pair, written: bool) -> None:
    runs = pair.start("with model", [])
    if written:
        pair.stores[1].flush_async_logging()
    answers = []
    for store, run_id, ids in zip(pair.stores, runs, pair.ids, strict=True):
        _log_model(store, run_id)
        run = store.get_run(run_id)
        model_id = run.outputs.model_outputs[0].model_id
        model = store.get_logged_model(model_id)
        metrics = [metric.to_dictionary() for metric in model.metrics]
        ids |= {model_id: f"model {len(ids)}"}
        known = [
            run.data.metrics,
            model.tags,
            model.params,
            model.status,
            metrics,
            [vars(one.dataset) for one in run.inputs.dataset_inputs],
        ]
        answers.append(normal_text(repr(known), ids))
    assert answers[0] == answers[1]
    pair.compare()


def test_a_model_that_is_not_written_yet_is_told_as_it_is(open_store: Opener, tmp_path: Path) -> None:
    store = open_store(tmp_path / "mlflow.db")
    with store._buffer.lock:  # so that the thread writes nothing
        run_id = store.create_run("0", "me", 5, [], "r").info.run_id
        _log_model(store, run_id)
        (model_id,) = store._models
        before = store.get_logged_model(model_id)
    store._buffer.flush()
    assert store.get_logged_model(model_id).to_dictionary() == before.to_dictionary()


def test_logging_asynchronously_is_done_on_return(open_store: Opener, tmp_path: Path) -> None:
    store = open_store(tmp_path / "mlflow.db")
    run_id = store.create_run("0", "me", 5, [], "r").info.run_id
    store.log_param_async(run_id, Param("p", "1")).wait()
    store.log_metric_async(run_id, Metric("m", 1.0, 1, 0)).wait()
    store.set_tag_async(run_id, RunTag("t", "1")).wait()
    store.log_batch_async(run_id, [], [Param("q", "1")], []).wait()
    with pytest.raises(MlflowException, match="Changing param values is not allowed"):
        store.log_param_async(run_id, Param("p", "2")).wait()
    store.shut_down_async_logging()
    store.flush_async_logging()
    found = plain_store(tmp_path / "mlflow.db").get_run(run_id).data
    assert (found.params, found.metrics, found.tags["t"]) == ({"p": "1", "q": "1"}, {"m": 1.0}, "1")


def test_the_same_nan_twice_is_one_row(open_store: Opener, tmp_path: Path) -> None:
    """MLflow's own store refuses the second, as NaN does not equal itself."""
    store = open_store(tmp_path / "mlflow.db")
    run_id = store.create_run("0", "me", 5, [], "r").info.run_id
    for _ in range(2):
        store.log_metric(run_id, Metric("k", math.nan, 1, 0))
    assert [math.isnan(metric.value) for metric in store.get_metric_history(run_id, "k")] == [True]

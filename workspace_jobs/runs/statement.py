"""A search as one SQL statement over MLflow's tables: which runs, in which order."""

from dataclasses import dataclass

from workspace_jobs.runs.filters import Condition, Kind, Order
from workspace_jobs.runs.records import ACTIVE, DELETED

VIEWS = {"active": (ACTIVE,), "deleted": (DELETED,), "all": (ACTIVE, DELETED)}
_TABLES = {Kind.METRIC: "latest_metrics", Kind.PARAM: "params", Kind.TAG: "tags"}
_COLUMNS = {"run_id": "run_uuid", "run_name": "name"}
_RUN_NAME_TAG = "mlflow.runName"
_CONTEXT_TAG = "mlflow.data.context"


@dataclass(frozen=True)
class Statement:
    """SQL text with `?` for each of `values`."""

    sql: str
    values: tuple[object, ...]


@dataclass(frozen=True)
class _Part:
    """A piece of the statement: what is joined, what must hold, and their values in the order of the text."""

    join: str = ""
    where: str = ""
    values: tuple[object, ...] = ()


def search_statement(
    conditions: list[Condition], orders: list[Order], experiment_ids: tuple[str, ...], view: str, limit: int | None
) -> Statement:
    """Select the ids of the runs that meet every condition, in MLflow's order: newest first, then by id.

    A metric that is NaN comes after the numbers and before runs that have none, as in MLflow.
    """
    parts = [_condition(f"c{index}", condition) for index, condition in enumerate(conditions)]
    joined = [part for part in parts if part.join]
    held = [part for part in parts if part.where]
    sorting = [_sorting(f"o{index}", order) for index, order in enumerate(orders)]
    stages = VIEWS[view]
    where = [
        f"runs.experiment_id IN ({_marks(experiment_ids)})",
        f"runs.lifecycle_stage IN ({_marks(stages)})",
        *(part.where for part in held),
    ]
    sql = " ".join(
        [
            "SELECT runs.run_uuid FROM runs",
            *(part.join for part in (*joined, *(part for part, _ in sorting if part.join))),
            f"WHERE {' AND '.join(where)}",
            f"ORDER BY {', '.join([*(keys for _, keys in sorting), *_natural_order(orders)])}",
            "LIMIT ?",
        ]
    )
    values = (
        *(value for part in joined for value in part.values),
        *(value for part, _ in sorting for value in part.values),
        *(int(experiment) for experiment in experiment_ids),
        *stages,
        *(value for part in held for value in part.values),
        -1 if limit is None else limit,
    )
    return Statement(sql, values)


def _condition(name: str, condition: Condition) -> _Part:
    """One row at most of a table has a run's key, so that joining it adds no runs; datasets may be many."""
    kind, key = condition.kind, condition.key
    if kind == Kind.DATASET:
        return _dataset(condition)
    if kind == Kind.ATTRIBUTE and key != "run_name":
        compared, values = _compared(f"runs.{_COLUMNS.get(key, key)}", condition)
        return _Part(where=compared, values=values)
    if kind == Kind.ATTRIBUTE:
        kind, key = Kind.TAG, _RUN_NAME_TAG
    table = _TABLES[kind]
    if condition.value is None:
        negation = "NOT " if condition.comparator == "IS NULL" else ""
        exists = f"{negation}EXISTS (SELECT 1 FROM {table} x WHERE x.run_uuid = runs.run_uuid AND x.key = ?)"  # noqa: S608
        return _Part(where=exists, values=(key,))
    compared, values = _compared(f"{name}.value", condition)
    join = f"JOIN {table} {name} ON {name}.key = ? AND {name}.run_uuid = runs.run_uuid AND {compared}"
    return _Part(join=join, values=(key, *values))


def _dataset(condition: Condition) -> _Part:
    column = "t.value" if condition.key == "context" else f"d.{condition.key}"
    compared, values = _compared(column, condition)
    tags = "JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = ?" if condition.key == "context" else ""
    exists = (
        f"EXISTS (SELECT 1 FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id {tags} "  # noqa: S608
        f"WHERE i.destination_id = runs.run_uuid AND {compared})"
    )
    return _Part(where=exists, values=(*((_CONTEXT_TAG,) if tags else ()), *values))


def _compared(column: str, condition: Condition) -> tuple[str, tuple[object, ...]]:
    comparator, value = condition.comparator, condition.value
    if isinstance(value, tuple):
        return f"{column} {comparator} ({_marks(value)})", value
    if comparator == "ILIKE":
        return f"lower({column}) LIKE lower(?)", (value,)
    # A number of an attribute stays as it was written: the column's type decides what it is, as in MLflow.
    return f"{column} {comparator} ?", (float(str(value)) if condition.kind == Kind.METRIC else value,)


def _sorting(name: str, order: Order) -> tuple[_Part, str]:
    direction = "" if order.ascending else " DESC"
    if order.kind == Kind.ATTRIBUTE:
        column = f"runs.{_COLUMNS.get(order.key, order.key)}"
        return _Part(), f"{column} IS NULL, {column}{direction}"
    join = f"LEFT JOIN {_TABLES[order.kind]} {name} ON {name}.key = ? AND {name}.run_uuid = runs.run_uuid"
    value = f"{name}.value"
    if order.kind == Kind.METRIC:
        missing = f"CASE WHEN {name}.is_nan = 1 THEN 1 WHEN {value} IS NULL THEN 2 ELSE 0 END"
    else:
        missing = f"{value} IS NULL"
    return _Part(join=join, values=(order.key,)), f"{missing}, {value}{direction}"


def _natural_order(orders: list[Order]) -> list[str]:
    newest_first = [] if (Kind.ATTRIBUTE, "start_time") in [(o.kind, o.key) for o in orders] else ["start_time DESC"]
    return [f"runs.{key}" for key in (*newest_first, "run_uuid")]


def _marks(values: tuple[object, ...]) -> str:
    return ", ".join("?" * len(values))

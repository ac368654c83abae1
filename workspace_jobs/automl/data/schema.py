"""What kind of column each column is: the one thing pipelines know about a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Timeline:
    """How time runs in a table to forecast.

    `time` and `series` are columns, no `series` where the table is a single one. `frequency` is a pandas period (`M`,
    `D`), or empty where times are numbers, `step` apart from `origin` on. `season_length` is in steps, 1 for no season.
    """

    time: str
    series: tuple[str, ...] = ()
    frequency: str = ""
    step: float = 1.0
    origin: float = 0.0
    season_length: int = 1


@dataclass(frozen=True)
class Schema:
    """The feature columns by kind, in the table's order; `left_out` gives the reason for each column not used.

    `high_cardinality` are categories too many to have a column each. `dates` may be dates or text that is one.
    Where there is a `timeline`, rows are series to forecast, and besides its columns are what is known in advance.
    """

    numeric: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    high_cardinality: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    timeline: Timeline | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """Every column that is used."""
        return (*self.numeric, *self.categorical, *self.high_cardinality, *self.dates, *self.text)

    @property
    def known_in_advance(self) -> "Schema":
        """Of series to forecast, the columns whose values are known of the future, too."""
        assert self.timeline is not None
        of_time = {self.timeline.time, *self.timeline.series}

        def rest(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in names if name not in of_time)

        return Schema(
            rest(self.numeric),
            rest(self.categorical),
            rest(self.high_cardinality),
            rest(self.dates),
            rest(self.text),
        )

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> "Schema":
        """The schema that `dataclasses.asdict` made `raw` of."""
        kinds = {name: tuple(value) for name, value in raw.items() if isinstance(value, list | tuple)}
        left_out, timeline = raw.get("left_out"), raw.get("timeline")
        return cls(
            **kinds,
            left_out=dict(left_out) if isinstance(left_out, Mapping) else {},
            timeline=Timeline(**{**timeline, "series": tuple(timeline["series"])})
            if isinstance(timeline, Mapping)
            else None,
        )

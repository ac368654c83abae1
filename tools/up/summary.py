"""The last screen of `make up`: what there is now, and what to try next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.up.stack import Resource


@dataclass(frozen=True)
class Summary:
    """What the journey ended with."""

    resources: Sequence[Resource]
    changes: str
    config_file: Path
    mlflow: str
    job: str
    metrics: Mapping[str, float]
    cost: str

    def lines(self) -> Iterable[str]:
        """The screen, line by line."""
        yield ""
        yield from _table([("NAME", "TYPE", "STATE"), *((one.name, one.type, one.state) for one in self.resources)])
        yield ""
        yield from _table(
            [
                ("stack", self.changes),
                ("cost", self.cost),
                ("config.json", str(self.config_file)),
                ("MLflow", self.mlflow),
                ("run", self.job),
                *((name, f"{value:.4g}") for name, value in sorted(self.metrics.items())),
            ]
        )
        yield ""
        yield "Try next, in an activated environment (`. .venv/bin/activate`):"
        yield f"  mlws local exec -- mlws jobs show {self.job}"
        yield "  mlws local exec -- mlws jobs submit elastic-net --set inputs.alpha=0.1 --stream"
        yield "  mlws local exec -- pulumi preview --stack local"
        yield "  mlws local exec -- mlws cost stack local"


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

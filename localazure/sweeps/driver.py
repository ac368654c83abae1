"""Runs a sweep to its end: as many trials at a time as it allows, until there are no more to try."""

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from localazure.machine_learning.job_spec import seconds
from localazure.sweeps.early_termination import lagging
from localazure.sweeps.errors import SweepError
from localazure.sweeps.sampling import Sampling, Values, sampling
from localazure.sweeps.trials import Trials

POLL_SECONDS = 0.5
_FINAL = frozenset({"Completed", "Failed", "Canceled"})
# Azure's own default where a sweep states none.
_DEFAULT_TRIALS = 1000


@dataclass
class Driver:
    """One sweep; `properties` are the job's, as the REST API has them."""

    properties: Mapping[str, Any]
    trials: Trials
    stopped: Callable[[], bool]
    running: dict[str, Values] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    histories: dict[str, Sequence[float]] = field(default_factory=dict)

    def run(self) -> dict[str, str]:
        """Run every trial, and return the sweep's properties: the best trial and its value.

        Raises SweepError where no trial came to an end that measured something, and where the sweep was cancelled:
        by its user, or because it took longer than it may.
        """
        values = sampling(self.properties["samplingAlgorithm"], self.properties["searchSpace"], self._goal)
        limits = self.properties.get("limits") or {}
        most = int(limits.get("maxTotalTrials") or _DEFAULT_TRIALS)
        at_once = int(limits.get("maxConcurrentTrials") or most)
        timeout = seconds(limits.get("timeout"))
        until = math.inf if timeout is None else time.monotonic() + timeout
        is_over = False
        while not self.stopped() and time.monotonic() < until:
            while not is_over and len(self.running) < at_once:
                is_over = len(self.statuses) >= most or not self._submit(values)
            if not self.running:
                return self._best()
            time.sleep(POLL_SECONDS)
            self._look(values)
        for name in self.running:
            self.trials.cancel(name)
        if self.stopped():
            raise SweepError("The sweep was cancelled.")
        raise SweepError(f"The sweep took longer than its timeout of {timeout:g} s, and was cancelled with its trials.")

    def _submit(self, source: Sampling) -> bool:
        drawn = source.ask()
        if drawn is None:
            return False
        name = self.trials.submit(len(self.statuses), drawn)
        self.statuses[name] = "NotStarted"
        self.running[name] = drawn
        _say(f"{name} tries {_shown(drawn)}")
        return True

    def _look(self, source: Sampling) -> None:
        for name in list(self.running):
            self.statuses[name] = self.trials.status(name)
            self.histories[name] = self.trials.history(name, self._metric)
            if self.statuses[name] in _FINAL:
                self._end(name, source)
        ended = {name: history for name, history in self.histories.items() if name not in self.running}
        running = {name: self.histories[name] for name in self.running}
        for name in lagging(self.properties.get("earlyTermination"), running, ended, self._goal):
            _say(f"{name} lags behind and is ended")
            self.trials.cancel(name)

    def _end(self, name: str, source: Sampling) -> None:
        measured = self._value(name)
        source.tell(self.running.pop(name), measured)
        what = "nothing" if measured is None else f"{measured:g}"
        _say(f"{name} is {self.statuses[name]}, {self._metric}: {what}")

    def _value(self, name: str) -> float | None:
        """The best that a trial measured; None where it measured no number."""
        numbers = [value for value in self.histories[name] if not math.isnan(value)]
        return (min if self._goal == "minimize" else max)(numbers, default=None)

    def _best(self) -> dict[str, str]:
        measured = {name: value for name in self.statuses if (value := self._value(name)) is not None}
        measured = {name: value for name, value in measured.items() if self.statuses[name] != "Failed"}
        if not measured:
            raise SweepError(
                f"None of the {len(self.statuses)} trials completed and logged the metric '{self._metric}'; "
                "the log of a trial says why."
            )
        best = (min if self._goal == "minimize" else max)(measured, key=lambda name: measured[name])
        _say(f"The best is {best}, {self._metric}: {measured[best]:g}")
        return {"best_child_run_id": best, "score": str(measured[best])}

    @property
    def _metric(self) -> str:
        return str(self.properties["objective"]["primaryMetric"])

    @property
    def _goal(self) -> str:
        return str(self.properties["objective"]["goal"]).lower()


def _shown(values: Values) -> str:
    texts = {name: f"{value:.6g}" if isinstance(value, float) else str(value) for name, value in values.items()}
    return " ".join(f"{name}={text}" for name, text in texts.items())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

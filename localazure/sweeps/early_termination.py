"""Which running trials are ended for lagging behind, by what all have measured so far.

A trial's history is its values of the primary metric, in the order they were logged; its length is what Azure calls
the interval. It is compared with what the others had measured up to the same one. https://learn.microsoft.com/azure/machine-learning/how-to-tune-hyperparameters#early-termination
"""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

History = Sequence[float]


def lagging(
    policy: Mapping[str, Any] | None, running: Mapping[str, History], ended: Mapping[str, History], goal: str
) -> list[str]:
    """The names of running trials that the policy ends now, in order."""
    kind = str((policy or {}).get("policyType", "")).lower()
    if policy is None or kind not in _POLICIES:
        return []
    # Smaller is better from here on.
    sign = 1.0 if goal.lower() == "minimize" else -1.0
    of_running = {name: [_loss(sign * value) for value in history] for name, history in running.items()}
    of_ended = {name: [_loss(sign * value) for value in history] for name, history in ended.items()}
    due = [name for name, history in of_running.items() if _is_due(policy, len(history))]
    return _POLICIES[kind](policy, due, of_running, of_ended) if due else []


def _loss(value: float) -> float:
    """What is no finite number is as bad as can be."""
    return value if math.isfinite(value) else math.inf


def _is_due(policy: Mapping[str, Any], interval: int) -> bool:
    every = int(policy.get("evaluationInterval") or 1)
    return interval > 0 and interval >= int(policy.get("delayEvaluation") or 0) and interval % every == 0


def _bandit(
    policy: Mapping[str, Any], due: list[str], running: Mapping[str, History], ended: Mapping[str, History]
) -> list[str]:
    """Those whose best is beyond the slack from the best of all."""
    amount, factor = float(policy.get("slackAmount") or 0), float(policy.get("slackFactor") or 0)
    everyone = [history for history in (*running.values(), *ended.values()) if history]
    found = []
    for name in due:
        best = min(min(history[: len(running[name])]) for history in everyone)
        if min(running[name]) > (best + amount if amount else _with_factor(best, factor)):
            found.append(name)
    return found


def _with_factor(best: float, factor: float) -> float:
    """A loss may be larger by the factor; a score, which is negative here, may be smaller by dividing it."""
    return best * (1 + factor) if best >= 0 else best / (1 + factor)


def _median_stopping(
    _: Mapping[str, Any], due: list[str], running: Mapping[str, History], ended: Mapping[str, History]
) -> list[str]:
    """Those whose best is worse than the median of the others' averages up to the same interval."""
    everyone = {**running, **ended}
    found = []
    for name in due:
        interval = len(running[name])
        others = [history[:interval] for other, history in everyone.items() if history and other != name]
        averages = [sum(history) / len(history) for history in others]
        if averages and min(running[name]) > median(averages):
            found.append(name)
    return found


def _truncation(
    policy: Mapping[str, Any], due: list[str], running: Mapping[str, History], ended: Mapping[str, History]
) -> list[str]:
    """Those due that are in the worst share of all that have come as far."""
    counted = dict(running) if policy.get("excludeFinishedJobs") else {**running, **ended}
    found = []
    for name in due:
        at = len(running[name]) - 1
        values = {other: history[at] for other, history in counted.items() if len(history) > at}
        cut = math.floor(len(values) * float(policy.get("truncationPercentage") or 0) / 100)
        if name in sorted(values, key=lambda other: values[other], reverse=True)[:cut]:
            found.append(name)
    return found


_POLICIES = {"bandit": _bandit, "medianstopping": _median_stopping, "truncationselection": _truncation}

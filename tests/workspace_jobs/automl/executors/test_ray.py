"""Trials on a Ray cluster of nodes of this machine: as they are here, and a node that is lost costs its trials only."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.workspace_jobs.automl.samples import BROKEN, ENDLESS, HUNGRY, LINEAR, TREE, credit, quick
from workspace_jobs.automl.api import run_with
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.progress import Progress
from workspace_jobs.automl.trial import Trial

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("ray")]

NODE = {"num_cpus": 1, "memory": 2 * 2**30, "object_store_memory": 100 * 2**20}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A cluster of one node, its head, which has a place for one trial."""
    ray = pytest.importorskip("ray", reason="Ray is an extra, and not installed")
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    # A node that is lost tidies up nothing; Ray's own sockets need a short path.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("RAY_TMPDIR", tempfile.gettempdir())
    found: Any = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
    session = found.head_node.get_session_dir_path()
    try:
        yield found
    finally:
        ray.shutdown()
        found.shutdown()
        shutil.rmtree(session, ignore_errors=True)


class _Destroyer(Progress):
    """Takes a node away while an endless trial runs on each, and then wants an end."""

    def __init__(self, cluster: Any, victim: Any) -> None:
        super().__init__()
        self._cluster, self._victim = cluster, victim
        self.processes: list[psutil.Process] = []

    def tick(self, seconds_left: float) -> None:
        super().tick(seconds_left)
        endless = [candidate for candidate in self.running.values() if candidate.name.startswith(ENDLESS.name)]
        if self._victim is None or len(endless) < 2:
            return
        self.processes = _processes_of_trials()
        if len(self.processes) == 4:
            self._cluster.remove_node(self._victim, allow_graceful=False)
            self._victim = None

    def ended(self, trial: Trial) -> None:
        super().ended(trial)
        self._stop = len(self.trials) == 5


def _processes_of_trials() -> list[psutil.Process]:
    """The servers of trials on the cluster, and their forks."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any("trial_server" in part for part in process.cmdline()):
                found.append(process)
    return found


def test_trials_are_as_they_are_here_and_a_lost_node_costs_its_trials_only(cluster: Any, tmp_path: Path) -> None:
    victim = cluster.add_node(**NODE)
    chosen = (BROKEN, HUNGRY, LINEAR, TREE, ENDLESS, replace(ENDLESS, name="endless too"))
    remote, local = tmp_path / "remote", tmp_path / "local"
    remote.mkdir()
    local.mkdir()
    options = Options(**quick(remote, *chosen, executor="ray", ray_address=cluster.address, timeout=500.0))
    destroyer = _Destroyer(cluster, victim)
    result = run_with(credit(), options, destroyer)
    by_name = {trial.name: trial for trial in result.trials}
    lost, ended = sorted((by_name["endless"], by_name["endless too"]), key=lambda trial: trial.status)
    assert (lost.status, lost.error) == ("failed", "the node that it ran on was lost")
    assert ended.status == "timeout"
    assert "InvalidParameterError" in str(by_name["broken"].error)
    assert by_name["hungry"].error == "it needs more memory than a trial may use"
    # Not even on the node that was lost is anything left.
    assert not psutil.wait_procs(destroyer.processes, timeout=60)[1]

    here = run_with(credit(), Options(**quick(local, LINEAR, TREE)), Progress())
    for trial in here.trials:
        assert by_name[trial.name].scores == trial.scores
    assert result.folder.predictions(by_name["linear"].number).shape == (150, 2)
    assert result.outcome.score("roc_auc") == here.outcome.score("roc_auc")
    assert (result.model.predict(credit(20)) == here.model.predict(credit(20))).all()


def test_no_cluster_and_no_ray_are_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(AutoMLError, match=r"--ray-address 127\.0\.0\.1:1: no Ray cluster answers there"):
        run_with(credit(), Options(**quick(tmp_path, executor="ray", ray_address="127.0.0.1:1")), Progress())
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(AutoMLError, match=r"--executor ray needs Ray: pip install 'mlws\[ray\]'"):
        run_with(credit(), Options(**quick(tmp_path, executor="ray")), Progress())

"""`python -m workspace_jobs.automl.search.trial_server FD`: runs each trial as a fork of itself.

It has imported the libraries and holds the rows, so a trial starts in milliseconds and shares both. It never fits
anything itself: a fork of a process that has used threads would hang. A trial that crashes, hangs or eats memory is
one process that ends.
"""

import contextlib
import ctypes
import gc
import os
import pickle
import resource
import signal
import sys
import tempfile
import warnings
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

# Here, so that every fork has them already.
import lightgbm  # noqa: F401
import numpy as np
import sklearn.calibration
import sklearn.ensemble
import sklearn.linear_model
import sklearn.naive_bayes
import sklearn.neighbors
import sklearn.neural_network
import sklearn.svm  # noqa: F401
from threadpoolctl import threadpool_limits

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build
from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.metrics import score_function, shown
from workspace_jobs.automl.search.columns_cache import ColumnsCache
from workspace_jobs.automl.search.evaluation import evaluate, fit
from workspace_jobs.automl.search.material import Material
from workspace_jobs.automl.search.messages import Done, Evaluate, Failed, FoldDone, Job, Kill, Load, Request, Started

_SUCCESS = 0
# The number of the option in Linux's prctl.h.
_PR_SET_PDEATHSIG = 1


@dataclass
class _Child:
    pid: int
    pipe: Connection
    killed: bool = False
    told: bool = False


def serve(control: Connection, cache: ColumnsCache) -> None:
    """Do what is asked until the other end is closed; then end every trial."""
    material: Material | None = None
    children: dict[int, _Child] = {}
    try:
        while True:
            by_pipe = {child.pipe: number for number, child in children.items()}
            for ready in wait([control, *by_pipe]):
                if ready is not control:
                    assert isinstance(ready, Connection)
                    _pass_on(control, children, by_pipe[ready])
                    continue
                request: Request = control.recv()
                match request:
                    case Load(path):
                        material = _loaded(path)
                    case Kill(number):
                        _kill(children.get(number))
                    case _:
                        assert material is not None
                        others = [child.pipe for child in children.values()]
                        children[request.number] = _start(request, material, cache, [control, *others])
                        control.send(Started(request.number))
    except (EOFError, ConnectionError):
        return
    finally:
        for child in children.values():
            _kill(child)


def _warm_up() -> None:
    """Use once what scikit-learn and pandas import on first use: a third of a second that every trial would pay."""
    import pandas as pd

    table = pd.DataFrame({"number": [0.0, 1.0, 2.0, 3.0] * 3, "word": ["a", "b", None, "d"] * 3})
    candidate = Candidate("warm-up", "", "sklearn.naive_bayes.GaussianNB", scaling="standard")
    warm = build(candidate, Schema(numeric=("number",), categorical=("word",)))
    predicted = warm.fit(table, [0, 1] * 6).predict_proba(table)
    for name in shown("binary", "accuracy"):
        score_function(name, "binary")(np.array([0, 1] * 6), predicted)


def _loaded(path: object) -> Material:
    with open(str(path), "rb") as file:  # noqa: PTH123 - a path is what it is
        material = pickle.load(file)  # noqa: S301 - written by the search
    assert isinstance(material, Material)
    gc.collect()
    # What is here stays: collecting garbage in a fork would copy it.
    gc.freeze()
    return material


def _start(job: Job, material: Material, cache: ColumnsCache, inherited: list[Connection]) -> _Child:
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if pid:
        theirs.close()
        return _Child(pid, ours)
    code = 1
    try:
        ours.close()
        for connection in inherited:
            connection.close()
        _become_trial(job)
        _work(job, material, cache, theirs)
        code = _SUCCESS
    finally:
        # Nothing of the server's is flushed, closed or cleaned up twice.
        os._exit(code)


def _become_trial(job: Job) -> None:
    os.setpgid(0, 0)
    _end_with_server()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    warnings.simplefilter("ignore")
    if job.memory_bytes is not None:
        limit = _address_space() + job.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _end_with_server() -> None:
    """Have the system end this process when the server is killed, which then ends nothing itself; on Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _address_space() -> int:
    """Bytes that this process has mapped already: the limit counts them too."""
    import psutil

    return int(psutil.Process().memory_info().vms)


def _work(job: Job, material: Material, cache: ColumnsCache, told: Connection) -> None:
    try:
        # Linear algebra on tables of this kind is slower with threads than without.
        with threadpool_limits({"openmp": job.threads, "blas": 1}):
            told.send(_result(job, material, cache, told))
    except MemoryError:
        told.send(Failed(job.number, "it needs more memory than a trial may use"))
    # Whatever a candidate stumbles over must not end the search.
    except Exception as error:
        told.send(Failed(job.number, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"))


def _result(job: Job, material: Material, cache: ColumnsCache, told: Connection) -> Done:
    if isinstance(job, Evaluate):
        done = evaluate(material, job, cache, lambda folds: told.send(FoldDone(job.number, folds)))
        return Done(job.number, done)
    pipeline = fit(material, job.candidate, job.threads)
    with job.path.open("wb") as file:
        pickle.dump(pipeline, file)
    return Done(job.number, None)


def _pass_on(control: Connection, children: dict[int, _Child], number: int) -> None:
    """Send on what a trial says; where it says nothing more, it has ended: send why, unless it said so."""
    child = children[number]
    with contextlib.suppress(EOFError, ConnectionError):
        event = child.pipe.recv()
        child.told = child.told or not isinstance(event, FoldDone)
        control.send(event)
        return
    del children[number]
    child.pipe.close()
    _, status = os.waitpid(child.pid, 0)
    if not child.told:
        control.send(Failed(number, _ending(status), killed=child.killed))


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"its process was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"its process ended with exit code {os.waitstatus_to_exitcode(status)}"


def _kill(child: _Child | None) -> None:
    """End a trial and what it has started; it may have ended by itself a moment ago."""
    if child is None:
        return
    child.killed = True
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    # The search alone decides what an interrupt ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    with tempfile.TemporaryDirectory() as folder:
        serve(Connection(int(sys.argv[1])), ColumnsCache(Path(folder)))

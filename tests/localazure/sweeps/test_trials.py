"""What a sweep asks the tracking server, while that is away and when it is back."""

import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import sentinel

import pytest

from localazure.sweeps.trials import Trials


@pytest.fixture
def answers() -> list[tuple[HTTPStatus, bytes]]:
    """What the server says, the first answer last."""
    return []


@pytest.fixture
def trials(answers: list[tuple[HTTPStatus, bytes]]) -> Iterator[Trials]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.pop()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Trials(sentinel.arm, "/workspace", "sweep", {}, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def test_a_server_that_is_away_for_a_moment_costs_no_trial_its_values(
    trials: Trials, answers: list[tuple[HTTPStatus, bytes]]
) -> None:
    answers += [
        (HTTPStatus.OK, b'{"metrics": [{"value": 3.0}, {"value": "NaN"}]}'),
        (HTTPStatus.SERVICE_UNAVAILABLE, b""),
    ]
    assert str(trials.history("sweep_0", "loss")) == "[3.0, nan]"


def test_a_run_that_is_not_there_yet_has_measured_nothing(
    trials: Trials, answers: list[tuple[HTTPStatus, bytes]]
) -> None:
    answers.append((HTTPStatus.NOT_FOUND, b"{}"))
    assert trials.history("sweep_0", "loss") == []

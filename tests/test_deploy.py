"""What the service is deployed with: the Dockerfile, compose.yaml, the systemd unit."""

import configparser
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import programs
import pytest

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


steps = programs.load(ROOT / ".ci" / "image_steps.py")
SAID = list(steps.instructions(DOCKERFILE))


def test_the_base_is_pinned_by_its_digest_in_one_place() -> None:
    (base,) = (rest for word, rest in SAID if word == "ARG" and rest.startswith("BASE="))
    assert re.fullmatch(r"BASE=docker\.io/library/python:3\.\d+-slim@sha256:[0-9a-f]{64}", base)
    assert [rest.split(" ")[0] for word, rest in SAID if word == "FROM"] == ["${BASE}"] * 2


def test_the_image_runs_without_rights_and_keeps_all_in_one_volume() -> None:
    said = dict(SAID)
    assert (said["USER"], said["VOLUME"], said["WORKDIR"]) == ("dateline", "/data", "/data")
    assert "METRICS_ADDRESS=127.0.0.1:9090" in said["ENV"].split()
    assert "DATA_DIR=/data" in said["ENV"].split()


def test_all_that_is_copied_is_there_and_no_more_is_sent_than_that() -> None:
    copied = {
        name
        for word, rest in SAID
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    }
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


class Answers(BaseHTTPRequestHandler):
    status: ClassVar[int]
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(status: int) -> Iterator[tuple[str, list[str]]]:
    """The address of a server that answers so, and what it was asked."""
    asked: list[str] = []
    handler = type("Handler", (Answers,), {"status": status, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def is_healthy(address: str) -> bool:
    words = steps.command(DOCKERFILE, "HEALTHCHECK")
    words[0] = sys.executable
    environment = {**os.environ, "METRICS_ADDRESS": address}
    return subprocess.run(words, env=environment, capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (404, False)])
def test_the_health_check_asks_whether_the_process_lives(status: int, healthy: bool) -> None:
    with serving(status) as (address, asked):
        assert is_healthy(address) is healthy
        assert asked == ["/livez"]


def test_where_nobody_answers_the_health_check_fails() -> None:
    with serving(200) as (address, _):
        pass
    assert not is_healthy(address)


def test_the_unit_is_never_given_up_and_waits_for_the_network() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy" / "dateline.service", encoding="utf-8")
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert "network-online.target" in unit["Unit"]["After"]
    assert "network-online.target" in unit["Unit"]["Wants"]
    service = unit["Service"]
    assert service["User"] == "dateline"
    assert (service["Restart"], service["RestartSec"]) == ("always", "5")
    assert service["StateDirectory"] == "dateline"
    assert "DATA_DIR=/var/lib/dateline" in service["Environment"].split()
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")


def test_compose_keeps_the_root_read_only_and_the_data_in_a_volume() -> None:
    lines = {
        line.strip() for line in (ROOT / "compose.yaml").read_text(encoding="utf-8").splitlines()
    }
    assert {"read_only: true", "tmpfs: /tmp", "cap_drop: [ALL]", "- dateline:/data"} <= lines

"""Heartbeats: there while a worker takes tasks, and of no harm when they can't be written."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from pydantic import SecretStr

from platform_runtime import tasks
from platform_runtime.heartbeat import Heartbeat
from platform_runtime.settings import Settings
from platform_runtime.stores import RabbitmqSettings


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def test_a_file_is_touched(tmp_path: Path):
    beat = Heartbeat(str(tmp_path / "heartbeat"))
    assert not (tmp_path / "heartbeat").exists()
    beat()
    assert (tmp_path / "heartbeat").exists()


def test_without_a_file_and_with_a_full_disk_work_goes_on(tmp_path: Path):
    Heartbeat("")()
    Heartbeat(str(tmp_path / "no" / "such" / "folder"))()


def test_the_file_is_the_platform_s_to_name(environment: pytest.MonkeyPatch):
    assert Settings.from_values().worker.heartbeat_file == ""
    environment.setenv("WORKER_HEARTBEAT_FILE", "/tmp/heartbeat")  # noqa: S108 - a name only
    assert Settings.from_values().worker.heartbeat_file.endswith("heartbeat")


def test_a_celery_worker_beats_until_it_stops(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tasks, "SECONDS", 0.05)
    settings = RabbitmqSettings(url=SecretStr("memory://"), queue="heartbeats")
    app = tasks.make_celery("test", settings)
    times: list[float] = []
    tasks.beats(app, lambda: times.append(time.monotonic()))
    with start_worker(app, perform_ping_check=False, pool="solo"):
        until(lambda: len(times) >= 3)
    stopped = len(times)
    time.sleep(0.2)
    assert len(times) == stopped

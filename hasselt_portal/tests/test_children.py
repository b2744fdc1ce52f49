"""One process of the portal: when it starts again, what it leaves."""

import sys
from pathlib import Path

import pytest

from hasselt_portal.launcher.children import LONGEST_PAUSE_S, MAX_LOG_BYTES, Child, last_lines
from hasselt_portal.launcher.valkey import NoValkey, server_command


def child(var: Path, script: str = "pass") -> Child:
    return Child("child", [sys.executable, "-c", script], var)


def die(child: Child, *, started: float, ended: float) -> float:
    """Lets a process run and end; returns the pause before it starts again."""
    child.start(now=started)
    child.process.wait()
    assert child.has_ended()
    return child.plan_restart(now=ended)


def test_who_dies_again_and_again_waits_longer_each_time(tmp_path):
    pauses = [die(one, started=0, ended=1) for one in [child(tmp_path)] for _ in range(4)]
    assert pauses == [0.2, 0.4, 0.8, 1.6]


def test_the_pause_has_an_end(tmp_path):
    patient = child(tmp_path)
    patient.failures = 40
    assert die(patient, started=0, ended=1) == LONGEST_PAUSE_S


def test_who_lived_long_starts_again_at_once(tmp_path):
    steady = child(tmp_path)
    steady.failures = 6
    assert die(steady, started=0, ended=31) == 0.2


def test_its_number_is_written_down_while_it_lives(tmp_path):
    one = child(tmp_path)
    one.start(now=0)
    assert one.pid_path.read_text() == str(one.process.pid)
    one.make_stop()
    assert not one.pid_path.exists()


def test_what_it_says_goes_to_its_log(tmp_path):
    one = child(tmp_path, "import sys; print('out', flush=True); print('err', file=sys.stderr)")
    die(one, started=0, ended=1)
    assert last_lines(one.log_path, 5) == "out\nerr"
    assert last_lines(tmp_path / "none.log", 5) == ""


def test_a_log_that_grew_too_long_makes_room(tmp_path):
    one = child(tmp_path)
    one.log_path.parent.mkdir()
    one.log_path.write_bytes(b"x" * (MAX_LOG_BYTES + 1))
    die(one, started=0, ended=1)
    assert one.log_path.stat().st_size == 0
    assert one.log_path.with_suffix(".log.1").stat().st_size > MAX_LOG_BYTES


def test_stopping_who_never_ran_is_no_harm(tmp_path):
    one = child(tmp_path)
    one.ask_to_stop()
    one.make_stop()
    assert not one.has_ended()


def test_the_private_server_opens_no_port_and_writes_nothing(tmp_path):
    command = " ".join(server_command(socket=tmp_path / "valkey.sock"))
    assert "--port 0" in command
    assert "--unixsocketperm 600" in command
    assert "--appendonly no" in command


def test_on_a_platform_without_a_server_redis_url_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Windows")
    with pytest.raises(NoValkey, match="REDIS_URL"):
        server_command(socket=tmp_path / "valkey.sock")

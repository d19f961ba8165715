"""Whether pgvector runs on this processor: asked once, and a crash is an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from alongside.database import binaries, probe
from alongside.database.server import Server


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """PostgreSQL's programs, whose server dies of SIGILL in single-user mode as on an older processor."""
    copied = binaries.copy_to(tmp_path, binaries.embedded())
    real = copied / "real"
    (copied / "postgres").rename(real)
    dying = f'#!/bin/sh\ncase " $* " in *exit_on_error=on*) kill -ILL $$ ;; esac\nexec "{real}" "$@"\n'
    (copied / "postgres").write_text(dying)
    (copied / "postgres").chmod(0o755)
    return copied


def test_on_a_processor_that_runs_it_the_answer_is_yes_and_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(tmp_path)
    first = probe.pgvector_works(server)
    monkeypatch.setattr(probe, "_try_operators", lambda *_: pytest.fail("asked twice"))
    assert probe.pgvector_works(server) is first
    assert not (server.home / "probe.new").exists()


def test_a_crash_by_signal_is_a_no_and_other_programs_are_asked_again(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert probe.pgvector_works(Server(tmp_path, programs=programs)) is False
    monkeypatch.setattr(probe, "_try_operators", lambda *_: True)
    assert probe.pgvector_works(Server(tmp_path)) is True


def test_a_half_written_answer_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_try_operators", lambda *_: True)
    server = Server(tmp_path)
    server.home.mkdir()
    (server.home / "pgvector.json").write_text('{"key": ')
    assert probe.pgvector_works(server) is True

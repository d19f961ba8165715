"""One demonstration for the whole run, one browser for each module, and as many visitors as a test wants."""

from __future__ import annotations

import functools
import http.server
import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from bench.served import ROOT, demonstration, environment
from bench.shot import BROWSER_OPTIONS
from tests.journeys.visitor import PHONE, Demo, Visitor

_numbers = itertools.count(1)


class _Weather(http.server.BaseHTTPRequestHandler):
    """The neutral page somewhere else, to which leaving quickly leads."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Weather</title><link rel=icon href=data:,><p>Rain later.")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def weather() -> Iterator[str]:
    """The address of a page that says nothing of this place."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Weather) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def demo(weather: str) -> Iterator[Demo]:
    """A real demonstration, made for this run; each visitor comes from an address of their own."""
    data = ROOT / "var" / "test" / f"journeys-{os.getpid()}"
    said = {"ALONGSIDE_EXIT_URL": weather, "ALONGSIDE_PROXIES": "1"}
    try:
        with demonstration(data, said) as (address, _):
            yield Demo(address, weather, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)
        data.with_name(f"{data.name}.log").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium. For a module and not the run: while Playwright is there, Django refuses this thread its database."""
    chromium = os.environ.get("ALONGSIDE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def arrive(browser: Browser, demo: Demo) -> Iterator[Callable[..., Visitor]]:
    """Let somebody come with a fresh device: ``arrive(size=PHONE, dark=False, script=True)``."""
    here: list[Visitor] = []

    def come(*, size: tuple[int, int] = PHONE, dark: bool = False, script: bool = True, **options: Any) -> Visitor:
        number = next(_numbers)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
            extra_http_headers={"X-Forwarded-For": f"10.0.{number >> 8}.{number & 255}"},
            **options,
        )
        context.set_default_timeout(20_000)
        here.append(Visitor(demo, context))
        return here[-1]

    yield come
    for visitor in here:
        visitor.context.close()
    for visitor in here:
        assert visitor.strange_requests() == []
        assert visitor.complaints == []


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Both ways of browsing: every essential journey works in each (DESIGN 8)."""
    return bool(request.param)


@pytest.fixture
def visitor(arrive: Callable[..., Visitor], script: bool) -> Visitor:
    """Somebody with a phone, with and without script."""
    return arrive(script=script)


@pytest.fixture(scope="session")
def own_session(new_session: Callable[[str], dict[str, str]]) -> Callable[[str], dict[str, str]]:
    """Give the cookie of a session of somebody invented; one for each."""
    return functools.cache(new_session)


@pytest.fixture(scope="session")
def new_session(demo: Demo) -> Callable[[str], dict[str, str]]:
    """Give the cookie of a session that begins now, as ``bin/alongside session EMAIL`` prints it."""

    def of(email: str) -> dict[str, str]:
        said = _run(demo, "-P", "-m", "alongside", "session", email)
        name, _, value = said.strip().splitlines()[-1].partition("=")
        return {"name": name, "value": value, "url": demo.address}

    return of


@pytest.fixture(scope="session")
def standalone(demo: Demo) -> dict[str, str]:
    """The pages that stand when nothing else does, by name, as the demonstration renders them."""
    code = (
        "import django, json; django.setup(); from django.template.loader import render_to_string as page;"
        "print(json.dumps({name: page(name + '.html') for name in ('400', '403', '429', '500', '503')}))"
    )
    pages: dict[str, str] = json.loads(_run(demo, "-c", code))
    return pages


def _run(demo: Demo, *words: str) -> str:
    said = environment(demo.data, {"DJANGO_SETTINGS_MODULE": "alongside.settings"})
    done = subprocess.run(
        [sys.executable, *words], env=said, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout

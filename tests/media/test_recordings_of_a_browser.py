"""What Chromium's own MediaRecorder gives, and what Chromium makes of the sound that it becomes."""

from __future__ import annotations

import base64
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from pytest_django import Settings

from alongside.media.sounds import CONTENT_TYPE, normalise
from bench.shot import BROWSER_OPTIONS
from tests.media.recordings import KINDS, SECONDS, record

A_MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
RECORD = """async type => {
    if (!MediaRecorder.isTypeSupported(type)) return null;
    const stream = await navigator.mediaDevices.getUserMedia({audio: true});
    const recorder = new MediaRecorder(stream, {mimeType: type}), parts = [];
    recorder.ondataavailable = event => parts.push(event.data);
    const stopped = new Promise(done => recorder.onstop = done);
    recorder.start(250);
    await new Promise(done => setTimeout(done, 2500));
    recorder.stop();
    await stopped;
    stream.getTracks().forEach(track => track.stop());
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""
PLAY = """async ([sound, type, at]) => {
    const bytes = Uint8Array.from(atob(sound), letter => letter.charCodeAt(0));
    const audio = new Audio(URL.createObjectURL(new Blob([bytes], {type})));
    audio.muted = true;
    await new Promise((done, fail) => { audio.onloadedmetadata = done; audio.onerror = () => fail(audio.error.message); });
    audio.currentTime = at;
    await new Promise(done => audio.onseeked = done);
    const from = audio.currentTime;
    await audio.play();
    await new Promise(done => setTimeout(done, 400));
    return [audio.duration, from, audio.currentTime];
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page that may use a microphone, which beeps."""
    chromium = os.environ.get("ALONGSIDE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*BROWSER_OPTIONS, *A_MICROPHONE])
        context = browser.new_context(permissions=["microphone"])
        page = context.new_page()
        page.route(
            "**/*", lambda route: route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
        )
        page.goto("http://localhost:1/")
        yield page
        browser.close()


@pytest.mark.parametrize("kind", ["audio/webm;codecs=opus", "audio/mp4"])
def test_what_a_browser_recorded_is_taken(page: Page, settings: Settings, tmp_path: Path, kind: str) -> None:
    settings.DATA = tmp_path
    recorded = page.evaluate(RECORD, kind)
    assert recorded is not None, "this Chromium records it"
    sound = normalise(io.BytesIO(base64.b64decode(recorded)))
    assert 1.5 < sound.seconds < 4
    assert max(sound.peaks) == 100, "the beeps are heard"
    assert min(sound.peaks) < 20, "and what is between them"


def test_a_browser_plays_it_from_the_middle(page: Page, settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    sound = normalise(io.BytesIO(record(KINDS["mov"])))
    heard = [base64.b64encode(sound.m4a).decode(), CONTENT_TYPE, 2.5]
    duration, began, later = page.evaluate(PLAY, heard)
    assert abs(duration - SECONDS) < 0.1
    assert abs(began - 2.5) < 0.05
    assert began < later < SECONDS

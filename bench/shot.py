"""Take pictures of a running demo's pages: phone and desktop, light and dark, into ``var/shots``."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

SHOTS = Path(__file__).resolve().parent.parent / "var" / "shots"
SIZES = {"phone": (390, 844, 3), "desktop": (1280, 900, 1)}  # CSS pixels, device pixels per CSS pixel
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def shoot(browser: Browser, address: str, path: str) -> None:
    """Save the pictures of one page, whole, named after its path."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "first"
    for size, (width, height, density) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=density, color_scheme=scheme
            )
            page = context.new_page()
            page.goto(address + path)
            target = SHOTS / f"{name}-{size}-{scheme}.png"
            page.screenshot(path=target, full_page=True)
            context.close()
            print(target)


def main(paths: list[str]) -> None:
    """Take pictures of ``paths`` (default: the first page) of the demo on PORT."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    address = f"http://localhost:{os.environ.get('PORT') or 8000}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["ALONGSIDE_CHROMIUM"], args=BROWSER_OPTIONS)
        for path in paths or ["/"]:
            shoot(browser, address, path)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

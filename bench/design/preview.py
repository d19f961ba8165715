"""Render every template with invented contexts, look at it in Chromium under the real CSP, and measure.

    python -m bench.design.preview [--shots] [--checks] [PAGE …]
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import sys
import threading
import types
from pathlib import Path

import brotli
import django
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2] / "alongside"
OUT = Path("/tmp/preview")
SHOTS = Path("/tmp/shots")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
WALLS = {"community": {"name": "Harbour Lane", "what": "a family support group"}, "demo": True, "theme": "", "reader_name": ""}
NAMES = {
    "home": {"first": "", "leave": "leave/", "about": "about.html", "care": "care.html", "promises": "p.html", "look": "l.html", "languages": "la.html"},
    "stories": {"list": "read.html"},
    "matching": {"find": "results.html", "choose": "choose.html", "words": "words.html"},
    "support": {"help": "help.html"},
    "demo": {"sign_in": "sign-in.html", "sign_out": "x"},
}


def furnish() -> None:
    urls = types.ModuleType("preview_urls")
    settings.configure(
        ROOT_URLCONF="preview_urls",
        STATIC_URL="/static/",
        INSTALLED_APPS=["django.contrib.staticfiles"],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [ROOT / "templates", *sorted(ROOT.glob("*/templates"))],
            "OPTIONS": {"string_if_invalid": ""},
        }],
    )  # fmt: skip
    from django.urls import include, path

    urls.urlpatterns = [  # type: ignore[attr-defined]
        path("", include(([path(at, lambda r: None, name=name) for name, at in views.items()], app)))  # type: ignore[arg-type, misc]
        for app, views in NAMES.items()
    ]
    sys.modules["preview_urls"] = urls
    django.setup()


def render() -> dict[str, str]:
    from django.template.loader import render_to_string

    from bench.design.contexts import PAGES

    OUT.mkdir(exist_ok=True)
    pages = {name: render_to_string(template, {**WALLS, "section": section, **more}) for name, (template, section, more) in PAGES.items()}
    for name, page in pages.items():
        (OUT / f"{name}.html").write_text(page)
    return pages


class Server(http.server.SimpleHTTPRequestHandler):
    asked: list[str] = []

    def translate_path(self, path: str) -> str:
        path = path.split("?")[0].split("#")[0]
        base = ROOT if path.startswith("/static/") else OUT
        return str(base / (path.lstrip("/") or "home.html"))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "max-age=3600" if self.path.startswith("/static/") else "no-store, private")
        super().end_headers()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *args: object) -> None:
        pass


def weigh(home: str) -> None:
    parts = {"html": home.encode(), **{n: (ROOT / "static" / n).read_bytes() for n in ("alongside.css", "alongside.js", "shapes.svg")}}
    for name, data in parts.items():
        print(f"weigh {name}: {len(gzip.compress(data, 9))} gzip, {len(brotli.compress(data))} brotli")
    print("weigh all:", sum(len(gzip.compress(d, 9)) for d in parts.values()), "gzip,", sum(len(brotli.compress(d)) for d in parts.values()), "brotli")


def check(page: Page, name: str, look: str, axe: Axe) -> None:
    results = axe.run(page).response
    for violation in results["violations"]:
        print(f"axe {name} {look}: {violation['id']}", [node["html"][:120] for node in violation["nodes"]][:3])
    for ground in ("sky", "room"):
        page.evaluate("g => document.body.style.setProperty('background', `var(--${g})`)", ground)
        found = axe.run(page, options={"runOnly": ["color-contrast", "color-contrast-enhanced"], "rules": {"color-contrast-enhanced": {"enabled": True}}})
        for violation in found.response["violations"]:
            print(f"axe on {ground} {name} {look}: {violation['id']}", [n["html"][:100] + n["any"][0]["message"] for n in violation["nodes"]][:3])


def wide(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for what, script in (
        ("320", ""),
        ("200 %", "document.documentElement.style.fontSize = '200%'"),
        ("spacing", "document.documentElement.style.fontSize = ''; document.body.style.cssText = 'line-height:1.5;letter-spacing:.12em;word-spacing:.16em'"),
    ):
        page.evaluate(script)
        who = page.evaluate(
            "[...document.querySelectorAll('body *:not(.panes, .panes *, .skip)')]"
            ".filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90)).slice(0, 3)"
        )
        if who or page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            print(f"overflow {name} at {what}:", who)


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--shots", action="store_true")
    ask.add_argument("--checks", action="store_true")
    ask.add_argument("pages", nargs="*")
    asked = ask.parse_args()
    furnish()
    pages = render()
    weigh(pages["home"])
    if not (asked.shots or asked.checks):
        return
    SHOTS.mkdir(exist_ok=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for look in ("light", "dark"):
            for width, height in ((390, 844), (1280, 900)):
                context = browser.new_context(color_scheme=look, viewport={"width": width, "height": height}, bypass_csp=asked.checks)  # type: ignore[arg-type]
                page = context.new_page()
                page.on("console", lambda m: print("console", m.text[:300]) if not asked.checks else None)
                page.goto(f"{base}/about.html")  # the letters are here from now on
                page.wait_for_timeout(300)
                for name in asked.pages or pages:
                    page.set_viewport_size({"width": width, "height": height})
                    page.goto(f"{base}/{name}.html")
                    page.evaluate("document.fonts.ready")
                    if asked.shots:
                        page.screenshot(path=SHOTS / f"{name}-{width}-{look}.png", full_page=True)
                    if asked.checks:
                        check(page, name, f"{look} {width}", Axe())
                        if width == 390 and look == "light":
                            wide(page, name)
                context.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()

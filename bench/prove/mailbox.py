"""A mail server that keeps everything in memory: what was sent, and to whom."""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CODE = re.compile(r"^(\d{4}) (\d{4})\r?$", re.MULTILINE)


class Mailbox:
    """``url`` is what EMAIL_URL takes; ``code_for`` the newest code that came for an address."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.codes: list[tuple[str, str]] = []

    def take(self, raw: bytes) -> None:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        if found := _CODE.search(str(mail.get_content())):
            self.codes.append((str(mail["To"]), found[1] + found[2]))

    def code_for(self, address: str) -> str:
        return next(code for to, code in reversed(self.codes) if to == address)


class _Talk(socketserver.StreamRequestHandler):
    """Just enough of SMTP."""

    mailbox: Mailbox

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.mailbox.take(b"".join(lines))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 yes\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Receive mail for a block."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        kept = Mailbox(server.server_address[1])
        server.RequestHandlerClass = type("Talk", (_Talk,), {"mailbox": kept})
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield kept
        finally:
            server.shutdown()

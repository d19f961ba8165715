"""A mail server as small as can be: takes what it is given, and remembers it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server, reading = cast(MailServer, self.server), False
        words: list[bytes] = []
        self._say(server.greeting)
        for line in self.rfile:
            if reading:
                if line == b".\r\n":
                    server.taken.append(b"".join(words))
                    reading = False
                    self._say("250 taken")
                else:
                    words.append(line)
                continue
            verb = line.split()[0].upper().decode()
            server.heard.append(verb)
            if verb == "DATA":
                words, reading = [], True
            self._say(
                {
                    "EHLO": "250-here\r\n250 AUTH PLAIN",
                    "DATA": "354 go on",
                    "AUTH": server.login,
                    "QUIT": "221 bye",
                }.get(verb, "250 ok")
            )
            if verb == "QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """``taken``: the mails; ``heard``: the verbs; what it says to begin with and to a login can be changed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[bytes] = []
        self.heard: list[str] = []
        self.greeting, self.login = "220 here", "235 come in"

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run one for a block."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()

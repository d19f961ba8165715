"""S29: mail says nothing to who glances at it; and it goes out, or the page and doctor say that it does not."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from pytest_django import Settings

from alongside import env
from alongside.mail import check, folder, letters
from tests.mail.server import MailServer, mail_server

SMTP = "django.core.mail.backends.smtp.EmailBackend"
OF_LOSS = re.compile(
    r"loss|lost|baby|bab|died|death|stillb|miscarr|grief|griev|bereav|famil|box|keepsake|story|parent|child", re.I
)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = settings.MAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "Alongside <alongside@charity.example>"
        settings.MAIL_READY = True
        yield server


@pytest.mark.parametrize("kind", sorted(letters.LETTERS))
def test_s29_every_kind_of_mail_is_neutral_from_its_first_header_to_its_last_line(
    kind: str, server: MailServer
) -> None:
    letters.send("mara@example.org", kind, code="1234 5678")
    (raw,) = server.taken
    said = email.message_from_bytes(raw, policy=email.policy.default)
    assert said["Subject"] in {"A note from Alongside", "Your code for Alongside"}
    assert said["From"] == "Alongside <alongside@charity.example>"
    assert said["Message-ID"].endswith("@charity.example>"), "not the name of this machine"
    assert said.get_content_type() == "text/plain"
    assert not list(said.iter_attachments())
    whole = raw.decode() + str(said.get_content())
    assert not OF_LOSS.search(whole)
    assert not re.search(r"https?:", whole)
    assert ("1234 5678" in str(said.get_content())) == (kind == "code")
    assert "1234" not in said["Subject"], "a code on a lock screen is anybody's"


def test_without_a_server_nothing_is_sent_and_nobody_is_told_otherwise(settings: Settings) -> None:
    settings.MAIL_READY = False
    with pytest.raises(letters.MailNotSetUp):
        letters.send("mara@example.org", "code", code="1")
    assert not mail.outbox
    assert "EMAIL_URL" in check.problems()[0]


def test_a_server_that_is_away_is_a_failure_that_names_no_address(
    server: MailServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_PORT = 9
    with pytest.raises(letters.MailFailed) as failed:
        letters.send("mara@example.org", "code", code="1234 5678")
    assert "mara" not in str(failed.value) + caplog.text
    assert "1234" not in caplog.text


@pytest.mark.parametrize("address", ["a@example.org\nBcc: b@example.org", "a@example.org\r\nX: y"])
def test_an_address_with_a_line_break_sends_nothing(server: MailServer, address: str) -> None:
    with pytest.raises(letters.MailFailed):
        letters.send(address, "code", code="1")
    assert not server.taken


def test_doctor_asks_the_server_and_sends_nothing(server: MailServer, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "me", "secret"
    assert check.problems() == []
    assert server.heard[0] == "EHLO"
    assert "NOOP" in server.heard
    assert not server.taken
    server.login = "535 no"
    assert "refuses the name and password" in check.problems()[0]
    server.login, server.greeting = "235 ok", "554 go away"
    (found,) = check.problems()
    assert "does not answer" in found
    assert "secret" not in found


def test_a_demonstrations_mail_stays_in_its_folder_newest_first(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH, settings.MAIL_READY = tmp_path / "mail", True
    assert folder.newest(tmp_path / "mail") == []
    for code in ("1111 2222", "3333 4444"):
        letters.send("mara@example.org", "code", code=code)
    first, second = folder.newest(tmp_path / "mail")
    assert (first.code, second.code) == ("3333 4444", "1111 2222")
    assert (first.to, first.subject) == ("mara@example.org", "Your code for Alongside")


@pytest.mark.parametrize(
    ("url", "port", "starts_tls", "is_tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://me:p%40ss@mail.example", 587, True, False),
        ("smtps://me:x@mail.example:4465", 4465, False, True),
    ],
)
def test_email_url_is_read_as_it_is_said(url: str, port: int, starts_tls: bool, is_tls: bool) -> None:
    said = env.read({"EMAIL_URL": url}).mail
    assert said is not None
    assert (said.host, said.port, said.starts_tls, said.is_tls) == ("mail.example", port, starts_tls, is_tls)
    assert said.password in {"", "p@ss", "x"}
    assert "p@ss" not in repr(said)


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b@x:port", "smtp://x/path"]
)
def test_an_email_url_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(env.BadSetting, match="EMAIL_URL") as refused:
        env.read({"EMAIL_URL": url})
    assert "a:b" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALONGSIDE_MAIL_FROM", "nobody"),
        ("ALONGSIDE_MAIL_FROM", "a@b c"),
        ("ALONGSIDE_MAIL_FROM", "a@b\nBcc: c@d"),
        ("ALONGSIDE_JOINING", "closed"),
        ("ALONGSIDE_AGE", "15"),
        ("ALONGSIDE_AGE", "old"),
    ],
)
def test_h5_what_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(env.BadSetting, match=name):
        env.read({name: value})


def test_h5_eighteen_unless_said_and_never_under_sixteen() -> None:
    assert env.read({}).age == 18
    assert env.read({"ALONGSIDE_AGE": "16"}).age == 16
    assert env.read({}).joining == "open"
    assert env.read({"ALONGSIDE_HOSTS": "a.example,b.example"}).mail_from == "alongside@a.example"

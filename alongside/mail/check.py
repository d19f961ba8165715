"""What ``doctor`` asks of mail: is it set up, and does the server answer?"""

from __future__ import annotations

import smtplib  # noqa: TID251 - mail is sent by this package
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

PATIENCE = 10
"""Seconds that the mail server has for an answer."""


def problems() -> list[str]:
    """Return what a person has to look at; asks the mail server, and sends nothing."""
    if settings.DEMO:
        return []
    if not settings.MAIL_READY:
        return [
            "nobody can sign in with a code: set EMAIL_URL to your mail server, such as smtp+tls://NAME:PASSWORD@HOST"
        ]
    found = [] if "@" in parseaddr(settings.DEFAULT_FROM_EMAIL)[1] else ["ALONGSIDE_MAIL_FROM is no mail address"]
    server = get_connection(settings.MAIL_BACKEND, timeout=PATIENCE)
    assert isinstance(server, EmailBackend)
    try:
        server.open()
        assert server.connection is not None
        server.connection.noop()
    except smtplib.SMTPAuthenticationError:
        found.append("the mail server refuses the name and password in EMAIL_URL")
    except (OSError, smtplib.SMTPException) as error:
        found.append(f"the mail server in EMAIL_URL does not answer as it should ({type(error).__name__})")
    finally:
        server.close()
    return found

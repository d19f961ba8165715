"""The few kinds of mail there are, and the one way to send one (S29).

Subjects are the same for everybody. A body holds no name, no word of anybody's and no word about loss: somebody who
glances at a lock screen, or reads the whole of it, learns that this address has something to do with Alongside.
"""

from __future__ import annotations

import logging
import smtplib  # noqa: TID251 - mail is sent by this package
from dataclasses import dataclass
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_log = logging.getLogger(__name__)


class MailFailed(Exception):
    """Mail could not be handed over; nothing was sent."""


class MailNotSetUp(MailFailed):
    """Nobody has said yet where mail goes (EMAIL_URL)."""


@dataclass(frozen=True)
class Letter:
    """One kind of mail: its subject and its body, with the places in it."""

    subject: str | Promise
    body: str | Promise


_NOTE = _("A note from Alongside")
LETTERS = {
    "code": Letter(
        _("Your code for Alongside"),
        _(
            "Your code is\n\n{code}\n\nIt can be used once, within ten minutes.\n\n"
            "If you did not ask for it, nothing has happened and there is nothing you need to do."
        ),
    ),
    "address-changed": Letter(
        _NOTE,
        _(
            "The address that Alongside writes to has been changed, from this one to another.\n\n"
            "If this was you, there is nothing you need to do. If it was not, sign in within three days with a code "
            "sent to this address, and take it back on the page called Your email address. Or tell the people who run "
            "the place; its page called About says who they are."
        ),
    ),
    "address-changed-by-key": Letter(
        _NOTE,
        _(
            "The address that Alongside writes to has been changed, from this one to another, with a passkey or an "
            "authenticator. This one lets nobody in any more.\n\n"
            "If this was you, there is nothing you need to do. If it was not, sign in with your passkey, or tell the "
            "people who run the place; its page called About says who they are."
        ),
    ),
    "keys-changed": Letter(
        _NOTE,
        _(
            "A way to sign in was added, made anew, or is being taken away.\n\n"
            "If this was you, there is nothing you need to do. If it was not, sign in with a code sent to this "
            "address, look at the page called Signed in, and end what is not yours. A passkey that is being taken away and that "
            "you still have stays if you use it once."
        ),
    ),
}
"""Every mail this place can send, by kind."""


def send(to: str, kind: str, **values: str) -> None:
    """Send ``to`` an address the letter of a ``kind``, its places filled. Raise MailNotSetUp or MailFailed."""
    if not settings.MAIL_READY:
        raise MailNotSetUp("EMAIL_URL is not set")
    letter = LETTERS[kind]
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    mail = EmailMessage(
        subject=str(letter.subject),
        body=str(letter.body).format(**values) + "\n",
        to=[to],
        # Not the name of this machine, which Django would put there.
        headers={"Message-ID": make_msgid(domain=host), "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # The error may carry the address: its kind is enough.
        _log.error("mail could not be sent: %s", type(error).__name__)
        raise MailFailed(type(error).__name__) from None

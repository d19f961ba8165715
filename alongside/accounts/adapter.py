"""What allauth asks this house: how somebody is signed in, which steps that takes, and where its secrets are sealed."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, ClassVar

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import unstash_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from alongside import ids
from alongside.accounts import fresh, joining, shared_device
from alongside.accounts.keys import lost, tries
from alongside.accounts.models import Account, Profile, SignIn
from alongside.accounts.remembered import give_back
from alongside.pacing.bucket import address
from alongside.vault import sealing
from alongside.vault.errors import Tampered
from alongside.vault.sealing import Place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse  # noqa: TID251 - for the types alone

_NOT_RIGHT = _("That isn’t the code. Look again, or wait for the next one.")
_SLOWLY = _("We’re going slowly with this. Wait five minutes, and try again.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in, without passwords, mails of allauth's own, or network addresses."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _SLOWLY,
        "rate_limited": _SLOWLY,
    }

    def get_login_stages(self) -> list[str]:
        """One step after the first: an authenticator code or a passkey, for who has set one up."""
        return ["alongside.accounts.second_step.SecondStep"]

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in, note the device, and remember whether a key was used (hosts' pages ask for one)."""
        keyed = any(record.get("method") == "mfa" for record in get_authentication_records(request, user))
        super().login(request, user)
        fresh.mark(request.session, keyed=keyed)
        tries.begin(request.session)
        joining.forget(request.session)
        shared_device.keep_short(request.session)
        if lost.take_away(user, timezone.now()):
            SignIn.objects.filter(account=user).end()
        SignIn.begin(user, request.session.session_key or "", request.headers.get("User-Agent", ""), timezone.now())

    def post_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse:
        """Give this device what they have chosen before on another."""
        response: HttpResponse = super().post_login(request, user, **more)
        give_back(response, Profile.objects.select_related("account").get(account=user).choices)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A host who has used no key is led to where one is set up."""
        if request.user.is_host and not fresh.is_keyed(request.session):  # type: ignore[union-attr]
            return reverse("accounts:keys")
        return str(super().get_login_redirect_url(request))

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this place are followed after signing in."""
        return fresh.is_path_of_ours(url or "")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return a word that stands for the household today: limits compare it, and no address is kept."""
        day = f"{timezone.now():%Y-%m-%d}"
        return salted_hmac(f"alongside.accounts.asker.{day}", address(request), algorithm="sha256").hexdigest()

    def is_reauthentication_required(self, **_more: Any) -> bool:
        """Never by allauth: our pages ask ``fresh`` themselves."""
        return False

    def get_reauthentication_methods(self, _user: Account) -> list[dict[str, Any]]:
        return [{"id": "again", "url": reverse("accounts:again"), "description": ""}]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail goes through alongside.mail alone."""

    def send_notification_mail(self, *_args: Any, **_more: Any) -> None:
        """The same: our views send their own."""

    def add_message(self, *_args: Any, **_more: Any) -> None:
        """There are no flashed messages; pages say what has happened."""


class KeysAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keys to sign in with: secrets are sealed in their owner's vault, and nothing names anybody on a device."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {"incorrect_code": _NOT_RIGHT}

    def encrypt(self, text: str) -> str:
        """Seal a secret of whoever asks, for them."""
        owner = self._owner()
        if owner is None:
            raise Tampered("a secret without an owner")
        sealed = sealing.seal(_place(owner), text.encode())
        return f"{ids.show(owner.pk)}.{base64.urlsafe_b64encode(sealed).decode('ascii')}"

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret; one that was put beside another account opens for nobody."""
        shown, _dot, sealed = encrypted_text.partition(".")
        owner = Account.objects.filter(pk=ids.read(shown)).first()
        asking = self._owner()
        if owner is None or (asking is not None and asking != owner):
            raise Tampered("a secret beside an account that is not its owner's")
        return sealing.open(_place(owner), base64.urlsafe_b64decode(sealed)).decode()

    @staticmethod
    def _owner() -> Account | None:
        request = context.request
        if request is None:
            return None
        if request.user.is_authenticated:
            found: Account = request.user
            return found
        login = unstash_login(request, peek=True)
        return login.user if login and isinstance(login.user, Account) else None

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """What a device keeps beside a passkey: an opaque id, and no name or address of anybody."""
        return {"id": user.pk.hex.encode("ascii"), "display_name": "Alongside", "name": "Alongside"}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Alongside"}

    def build_totp_svg(self, url: str) -> str:
        """Draw it on white: a camera needs that, on a dark page too."""
        drawn = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def get_totp_label(self, _user: Account) -> str:
        return "Alongside"

    def generate_authenticator_name(self, _user: Account, _type: Any) -> str:
        """Keys are told apart by when they were added; a name of a device would say whose it is."""
        return ""


def _place(owner: Account) -> Place:
    return Place(owner.vault, None, "mfa_authenticator", "data", owner.pk)

"""What an operator says by environment variables, read once and checked (docs/operators/settings.md).

Secure by default: whatever is not said is closed. A value that cannot be used raises ``BadSetting``,
which names the variable and what it takes, and never repeats a secret.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "it": "Italiano"}
"""Languages that stories can be told in, by code, each in its own name."""
SHORTEST_KEY = 32
"""Characters of a signing key."""
JOINING = ("open", "invitation", "host")
"""How people join: by themselves, with an invitation, or with a host's yes."""
YOUNGEST = 16
"""Nobody younger joins, whatever is said (H5)."""


_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class BadSetting(Exception):
    """A setting that cannot be used; the message names the variable and says what it takes."""


@dataclass(frozen=True)
class MailServer:
    """An SMTP server, and how it is spoken to."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    starts_tls: bool = False
    is_tls: bool = False


@dataclass(frozen=True)
class BucketAddress:
    """A bucket of an S3 store, the prefix in it, and the file in which its keys lie."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key_file: Path


@dataclass(frozen=True)
class Environment:
    """The operator's settings in one frozen value."""

    data: Path
    demo: bool
    debug: bool
    hosts: tuple[str, ...]
    port: int
    name: str
    about: str
    country: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    exit_url: str
    source_url: str
    media: Path
    bucket: BucketAddress | None
    keyring: tuple[Path, Path]
    master_key_file: Path
    secret_key_file: Path
    proxies: int
    mail: MailServer | None
    mail_from: str
    joining: str
    age: int


def _folder_of(url: str, name: str, scheme: str) -> list[Path]:
    parts = urlsplit(url)
    if parts.scheme != scheme or not parts.path:
        raise BadSetting(f"{name} takes {scheme}:FOLDER")
    return [Path(part) for part in url.removeprefix(f"{scheme}:").removeprefix("//").split(",")]


def _keyring(env: Mapping[str, str], data: Path) -> tuple[Path, Path]:
    url = env.get("ALONGSIDE_KEYRING_URL")
    if not url:
        return data / "keyring" / "a", data / "keyring" / "b"
    folders = _folder_of(url, "ALONGSIDE_KEYRING_URL", "dir")
    if len(folders) == 1:
        return folders[0] / "a", folders[0] / "b"
    if len(folders) != 2:
        raise BadSetting("ALONGSIDE_KEYRING_URL takes dir:FOLDER or dir:FOLDER,FOLDER")
    return folders[0], folders[1]


def _bucket(env: Mapping[str, str], data: Path) -> BucketAddress | None:
    url = env.get("ALONGSIDE_MEDIA_URL", "")
    if not url.startswith("s3:"):
        return None
    refused = BadSetting(
        "ALONGSIDE_MEDIA_URL takes file:FOLDER or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION"
    )
    try:
        parts = urlsplit(url)
        said = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
        where = urlsplit(said["endpoint"])
        _ = where.port
    except (ValueError, KeyError):
        raise refused from None
    prefix, region = parts.path.strip("/"), said.get("region", "us-east-1")
    is_right = (
        re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc)
        and re.fullmatch(r"([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?", prefix)
        and re.fullmatch(r"[a-z0-9-]+", region)
        and (said.keys() <= {"endpoint", "region"} and not parts.fragment)
        and (where.scheme in {"https", "http"} and where.hostname and "@" not in where.netloc)
        and not (where.path.strip("/") or where.query or where.fragment)
    )
    if not is_right:
        raise refused
    key_file = Path(env.get("ALONGSIDE_MEDIA_KEY_FILE") or data / "secrets" / "bucket.key")
    return BucketAddress(parts.netloc, prefix, f"{where.scheme}://{where.netloc}", region, key_file)


def number(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > most:
        raise BadSetting(f"{name} takes a whole number up to {most}")
    return int(text)


def _country(env: Mapping[str, str]) -> str:
    country = env.get("ALONGSIDE_COUNTRY", "GB").strip().upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise BadSetting("ALONGSIDE_COUNTRY takes a two-letter country code, such as GB")
    return country


def _zone(env: Mapping[str, str]) -> ZoneInfo:
    try:
        return ZoneInfo(env.get("ALONGSIDE_TIMEZONE", "").strip() or "Europe/London")
    except (LookupError, ValueError, OSError):
        raise BadSetting("ALONGSIDE_TIMEZONE takes a time zone's name, such as Europe/London") from None


def _languages(env: Mapping[str, str]) -> tuple[str, ...]:
    said = {part.strip().lower() for part in env.get("ALONGSIDE_LANGUAGES", "").split(",") if part.strip()}
    if not said <= LANGUAGES.keys():
        raise BadSetting(f"ALONGSIDE_LANGUAGES takes language codes with commas between: {', '.join(LANGUAGES)}")
    return tuple(code for code in LANGUAGES if code in said or not said)


def _source_url(env: Mapping[str, str]) -> str:
    url = env.get("ALONGSIDE_SOURCE_URL", "").strip()
    if url and (urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname):
        raise BadSetting("ALONGSIDE_SOURCE_URL takes the https address where this installation's source can be had")
    return url


def _mail(env: Mapping[str, str]) -> MailServer | None:
    url = env.get("EMAIL_URL", "").strip()
    if not url:
        return None
    refused = BadSetting("EMAIL_URL takes smtp://, smtp+tls:// or smtps://NAME:PASSWORD@HOST:PORT")
    try:
        parts = urlsplit(url)
        port = parts.port or _MAIL_PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise refused from None
    if not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise refused
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, user, password, parts.scheme == "smtp+tls", parts.scheme == "smtps")


def _mail_from(env: Mapping[str, str], hosts: tuple[str, ...]) -> str:
    address = env.get("ALONGSIDE_MAIL_FROM", "").strip() or f"alongside@{(hosts or ('localhost',))[0].lstrip('.*')}"
    if not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", address):
        raise BadSetting("ALONGSIDE_MAIL_FROM takes one mail address, such as alongside@charity.example")
    return address


def _joining(env: Mapping[str, str]) -> str:
    way = env.get("ALONGSIDE_JOINING", "").strip() or "open"
    if way not in JOINING:
        raise BadSetting(f"ALONGSIDE_JOINING takes one of {', '.join(JOINING)}")
    return way


def _age(env: Mapping[str, str]) -> int:
    age = number(env, "ALONGSIDE_AGE", 18, most=99)
    if age < YOUNGEST:
        raise BadSetting(f"ALONGSIDE_AGE takes a whole number from {YOUNGEST} to 99")
    return age


def _exit_url(env: Mapping[str, str]) -> str:
    url = env.get("ALONGSIDE_EXIT_URL", "https://www.wikipedia.org/").strip()
    if urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname:
        raise BadSetting("ALONGSIDE_EXIT_URL takes the https address of a page that says nothing of this place")
    return url


def is_invented(data: Path) -> bool:
    """Whether everything in this data folder is a demonstration's."""
    return (data / "invented").exists()


def mark_invented(data: Path) -> None:
    """Make ``data`` a demonstration's folder; raise BadSetting for one that holds a real installation."""
    if is_invented(data):
        return
    if (data / "database").exists() or (data / "keyring").exists():
        raise BadSetting("ALONGSIDE_DATA names a real installation; a demonstration takes an empty folder")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "invented").write_text("Everything in this folder is invented: bin/demo made it.\n", encoding="ascii")


def read(env: Mapping[str, str] | None = None) -> Environment:
    """Return the settings of ``env`` (default: this process's); raise BadSetting."""
    env = os.environ if env is None else env
    data = Path(env.get("ALONGSIDE_DATA") or ROOT / "var" / "data").absolute()
    demo = is_invented(data)
    media, bucket = env.get("ALONGSIDE_MEDIA_URL"), _bucket(env, data)
    hosts = tuple(host.strip() for host in env.get("ALONGSIDE_HOSTS", "").split(",") if host.strip())
    return Environment(
        data=data,
        demo=demo,
        debug=demo and env.get("ALONGSIDE_DEBUG") == "1",
        hosts=hosts,
        port=number(env, "PORT", 8000, 65535),
        name=env.get("ALONGSIDE_NAME", "Harbour Lane" if demo else "Alongside").strip(),
        about=env.get("ALONGSIDE_ABOUT", "a family support group" if demo else "").strip(),
        country=_country(env),
        zone=_zone(env),
        languages=_languages(env),
        exit_url=_exit_url(env),
        source_url=_source_url(env),
        media=_folder_of(media, "ALONGSIDE_MEDIA_URL", "file")[0] if media and not bucket else data / "media",
        bucket=bucket,
        keyring=_keyring(env, data),
        master_key_file=Path(env.get("ALONGSIDE_MASTER_KEY_FILE") or data / "secrets" / "master.key"),
        secret_key_file=Path(env.get("ALONGSIDE_SECRET_KEY_FILE") or data / "secrets" / "django.key"),
        proxies=number(env, "ALONGSIDE_PROXIES", 0, 9),
        mail=_mail(env),
        mail_from=_mail_from(env, hosts),
        joining=_joining(env),
        age=_age(env),
    )


def secret_key(path: Path) -> str:
    """Return the signing key in ``path``, made on the first run; raise BadSetting when others can read it."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, not a rename: of two first starts at once, both must read the same key.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    if path.stat().st_mode & 0o077:
        raise BadSetting(f"{path.name} can be read by others; run: chmod 600 on it (ALONGSIDE_SECRET_KEY_FILE)")
    key = path.read_text(encoding="ascii").strip()
    if len(key) < SHORTEST_KEY:
        raise BadSetting(f"{path.name} holds no usable key; move it away to have one made (ALONGSIDE_SECRET_KEY_FILE)")
    return key


def refuse_somebody_elses(data: Path) -> None:
    """Raise BadSetting where another user's installation is: files of two users would shut both of them out."""
    try:
        owner = read().secret_key_file.stat().st_uid
    except FileNotFoundError:
        return
    except PermissionError:
        owner = data.stat().st_uid
    if owner != os.geteuid():
        name = pwd.getpwuid(owner).pw_name if any(one.pw_uid == owner for one in pwd.getpwall()) else str(owner)
        raise BadSetting(f"what is in {data} belongs to the user {name}; run this as that user: su - {name}")

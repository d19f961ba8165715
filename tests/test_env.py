"""What an operator says: checked, secure by default, and a mistake names its variable."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from alongside import env
from alongside.env import BadSetting, BucketAddress


def test_what_is_not_said_is_closed() -> None:
    said = env.read({})
    assert not said.debug
    assert not said.demo
    assert said.hosts == ()
    assert said.proxies == 0
    assert said.exit_url.startswith("https://")


@pytest.mark.parametrize("value", ["0", "true", "yes", "True", " 1", "", "on"])
def test_debug_takes_exactly_one_word_and_only_where_all_is_invented(value: str, tmp_path: Path) -> None:
    where = {"ALONGSIDE_DATA": str(tmp_path)}
    assert not env.read(where | {"ALONGSIDE_DEBUG": "1"}).debug, "its pages show what people wrote"
    env.mark_invented(tmp_path)
    assert not env.read(where | {"ALONGSIDE_DEBUG": value}).debug
    assert env.read(where | {"ALONGSIDE_DEBUG": "1"}).debug


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PORT", value) for value in ("http", "-1", "8000.0", "٨٠٠٠", "80 00", "0x50", "70000", "9" * 5000)),
        *(("ALONGSIDE_PROXIES", value) for value in ("one", "-1", "1,2", "²", "9" * 5000)),
        *(("ALONGSIDE_COUNTRY", value) for value in ("GBR", "G", "4B", "United Kingdom", "ÄÖ", "")),
        *(
            ("ALONGSIDE_EXIT_URL", value)
            for value in ("weather.example", "javascript:alert(1)", "ftp://x", "https:", "")
        ),
        *(("ALONGSIDE_MEDIA_URL", value) for value in ("/srv/media", "s3://bucket", "file:", "http://x/y")),
        *(
            ("ALONGSIDE_MEDIA_URL", f"s3:{value}")
            for value in (
                "bucket?endpoint=https://s3.example",
                "//Bucket?endpoint=https://s3.example",
                "//name:secret@bucket?endpoint=https://s3.example",
                "//bucket/../other?endpoint=https://s3.example",
                "//bucket?endpoint=s3.example",
                "//bucket?endpoint=https://name:secret@s3.example",
                "//bucket?endpoint=https://s3.example/path",
                "//bucket?endpoint=https://s3.example:port",
                "//bucket?endpoint=https://s3.example&secret=word",
                "//bucket?endpoint=https://s3.example&region=",
                "//bucket?endpoint=https://[",
            )
        ),
        *(("ALONGSIDE_KEYRING_URL", value) for value in ("/srv/keys", "dir:", "file:/a", "dir:/a,/b,/c")),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name) as refused:
        env.read({name: value})
    if len(value) > 5:
        assert value not in str(refused.value), "and is not repeated: it may be a secret in the wrong place"


def test_an_empty_number_is_the_one_that_holds_when_nothing_is_said() -> None:
    assert env.read({"PORT": " "}).port == 8000
    assert env.read({"PORT": "8443"}).port == 8443


def test_places_are_taken_as_they_are_said(tmp_path: Path) -> None:
    said = env.read(
        {
            "ALONGSIDE_DATA": str(tmp_path),
            "ALONGSIDE_MEDIA_URL": "file:///srv/media",
            "ALONGSIDE_KEYRING_URL": "dir:/keys/one,/keys/two",
            "ALONGSIDE_HOSTS": " alongside.example , ,other.example",
        }
    )
    assert said.media == Path("/srv/media")
    assert said.keyring == (Path("/keys/one"), Path("/keys/two"))
    assert said.hosts == ("alongside.example", "other.example")
    assert said.secret_key_file.is_relative_to(tmp_path)
    assert env.read({"ALONGSIDE_KEYRING_URL": "dir:/keys"}).keyring == (Path("/keys/a"), Path("/keys/b"))


def test_a_bucket_is_taken_apart(tmp_path: Path) -> None:
    url = "s3://box.of-ours/some/prefix/?endpoint=http://127.0.0.1:8333/&region=garage"
    said = env.read({"ALONGSIDE_DATA": str(tmp_path), "ALONGSIDE_MEDIA_URL": url}).bucket
    keys = tmp_path / "secrets" / "bucket.key"
    assert said == BucketAddress("box.of-ours", "some/prefix", "http://127.0.0.1:8333", "garage", keys)
    plain = env.read({"ALONGSIDE_MEDIA_URL": "s3://box?endpoint=https://s3.example", "ALONGSIDE_MEDIA_KEY_FILE": "/k"})
    assert plain.bucket == BucketAddress("box", "", "https://s3.example", "us-east-1", Path("/k"))
    assert env.read({}).bucket is None


def test_a_demonstration_is_what_its_folder_says_not_a_variable(tmp_path: Path) -> None:
    assert not env.read({"ALONGSIDE_DATA": str(tmp_path), "ALONGSIDE_DEMO": "1"}).demo
    env.mark_invented(tmp_path)
    assert env.read({"ALONGSIDE_DATA": str(tmp_path)}).demo


@pytest.mark.parametrize("real", ["database", "keyring"])
def test_a_real_installation_never_becomes_a_demonstration(tmp_path: Path, real: str) -> None:
    (tmp_path / real).mkdir()
    with pytest.raises(BadSetting, match="ALONGSIDE_DATA"):
        env.mark_invented(tmp_path)
    assert not env.is_invented(tmp_path)


def test_s15_the_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "django.key"
    before = os.umask(0)
    try:
        key = env.secret_key(path)
    finally:
        os.umask(before)
    assert len(key) >= 64
    assert key == env.secret_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path], "nothing is left over"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644, 0o660])
def test_s15_a_signing_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "django.key"
    key = env.secret_key(path)
    path.chmod(mode)
    with pytest.raises(BadSetting, match="ALONGSIDE_SECRET_KEY_FILE") as refused:
        env.secret_key(path)
    assert key not in str(refused.value)


@pytest.mark.parametrize("found", ["", "\n", "short"])
def test_s15_an_empty_or_short_signing_key_is_refused_by_name(tmp_path: Path, found: str) -> None:
    path = tmp_path / "django.key"
    path.write_text(found)
    path.chmod(0o600)
    with pytest.raises(BadSetting, match="ALONGSIDE_SECRET_KEY_FILE"):
        env.secret_key(path)


def test_s15_two_first_starts_at_once_read_the_same_key(tmp_path: Path) -> None:
    path, start, keys = tmp_path / "secrets" / "django.key", threading.Barrier(8), []

    def read() -> None:
        start.wait(10)
        keys.append(env.secret_key(path))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(keys) == 8
    assert len(set(keys)) == 1
